"""Who proposes needs, works on a board, rates: the rows cap.* of the matrix, as for other work on the own service."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.needs.models import Need
from feedback.needs.states import COLLECTED, MOVES, Move
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, best_code, standing

WORK, DECIDE = "cap.update_progress", "cap.create_edit"


def contexts(person: Person, need: Need) -> frozenset[str]:
    """The letters under which this person stands to the need; the department of the board is its supplier."""
    hats = standing(person)
    found = set(hats.global_contexts)
    customers = {row.pk for row in need.customers.all()}
    for letter, holds in (
        ("RQ", need.proposed_by_id == hats.person_id),
        ("CC", customers & hats.member_of),
        ("CH", customers & hats.head_of),
        ("SA", need.department_id in hats.supplies_for),
        ("SH", need.department_id in hats.head_of),
    ):
        if holds:
            found.add(letter)
    return frozenset(found or {"U"})


def allows(person: Person, need: Need, move: Move) -> bool:
    """May this person take the step, whatever state it is in?"""
    return best_code(move.permission, contexts(person, need)) in ALLOWED_CODES


def moves_for(person: Person, need: Need) -> list[Move]:
    return [move for move in MOVES.values() if need.state in move.sources and allows(person, need, move)]


def require_move(person: Person, need: Need, move: Move) -> None:
    if allows(person, need, move):
        return
    by_head = move.permission == DECIDE
    who = _("a head of %(name)s") if by_head else _("agents and heads of %(name)s")
    raise NotAllowed(
        _("This step is not yours to take."),
        needed=_("It could be taken by: %(who)s.") % {"who": who % {"name": need.department.name}},
    )


def can_work(person: Person, need: Need) -> bool:
    """cap.update_progress: agents and heads of the board's department."""
    return best_code(WORK, contexts(person, need)) in ALLOWED_CODES


def can_change(person: Person, need: Need) -> bool:
    """Its words and where it was heard of: whoever works on the board; who proposed it, until it is analysed."""
    proposer = need.state == COLLECTED and need.proposed_by_id == standing(person).person_id
    return proposer or can_work(person, need)


def require_change(person: Person, need: Need) -> None:
    if not can_change(person, need):
        raise NotAllowed(
            _("What a need says is changed by the department whose board it is on, and by who proposed it until then."),
            needed=_("Ask one of the agents or heads of %(name)s.") % {"name": need.department.name},
        )


def can_propose(person: Person) -> bool:
    return bool(standing(person).member_of)


def require_propose(person: Person, department: Department, customers: Iterable[Department]) -> None:
    """Members of departments; whoever is not of the board's own speaks for their own departments only."""
    hats = standing(person)
    if not hats.member_of:
        raise NotAllowed(_("Only members of departments propose needs."), needed=_("Ask an administrator."))
    if department.pk not in hats.member_of and not {row.pk for row in customers} <= hats.member_of:
        raise NotAllowed(
            _("You propose needs of your own departments."),
            needed=_("Ask somebody of the department that needs it, or of %(name)s.") % {"name": department.name},
        )


def rates_for(person: Person, need: Need) -> list[Department]:
    """The departments that need it and for which this person speaks."""
    mine = standing(person).member_of
    return [row for row in need.customers.all() if row.pk in mine]


def require_rate(person: Person, need: Need, department: Department | None) -> Department:
    """The department for which the person rates: the one named, else their first; NotAllowed when there is none."""
    own = rates_for(person, need)
    if department is not None:
        own = [row for row in own if row.pk == department.pk]
    if not own:
        raise NotAllowed(
            _("Needs are rated by the people of the departments that have them."),
            needed=_("Ask somebody of one of the departments named with it."),
        )
    return own[0]
