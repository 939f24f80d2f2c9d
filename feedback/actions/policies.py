"""Who starts, works on, reads and confirms a corrective action: the rows cap.* of the matrix and their conditions."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import MOVES, OF_REQUESTS, Move
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, best_code, standing

FULL = frozenset("YSNC")
WHO_COULD = {
    "CH": gettext_lazy("the head of the asking department, who is not its owner"),
    "AS": gettext_lazy("its owner"),
    "SH": gettext_lazy("the head of the supplying department"),
}


def contexts(person: Person, action: CorrectiveAction) -> frozenset[str]:
    """The letters under which this person stands to the action; the owner stands as whoever is assigned."""
    hats = standing(person)
    if not hats.person_id:
        return frozenset({"AN"})
    found = set(hats.global_contexts)
    if action.customer_id in hats.head_of:
        found.add("CH")
    if action.supplier_id in hats.supplies_for:
        found.add("SA")
        if action.owner_id == hats.person_id:
            found.add("AS")
    if action.supplier_id in hats.head_of:
        found.add("SH")
    if not found & {"CH", "SA", "SH", "AU"} and _asked(hats.person_id, action):
        found.add("RQ")
    return frozenset(found or {"U"})


def _asked(person_id: int, action: CorrectiveAction) -> bool:
    if action.source_kind not in OF_REQUESTS or action.source_id is None:
        return False
    row = ServiceRequest.objects.filter(pk=action.source_id).values_list("requester_id", "filed_by_id").first()
    return row is not None and person_id in row


def reads_in_full(here: frozenset[str]) -> bool:
    """cap.view P is a summary: no analysis, no names of who works on it, no history."""
    return best_code("cap.view", here) in FULL


def allows(person: Person, action: CorrectiveAction, move: Move, here: frozenset[str] | None = None) -> bool:
    """May this person take the step, whatever state it is in? Work is the owner's once there is one."""
    here = contexts(person, action) if here is None else here
    if best_code(move.permission, here) not in ALLOWED_CODES:
        return False
    if move.permission == "cap.update_progress":
        return action.owner_id is None or bool(here & {"AS", "SH"})
    if move.permission == "cap.verify_effectiveness":
        return "SH" not in here and person.pk != action.owner_id
    return True


def moves_for(person: Person, action: CorrectiveAction, here: frozenset[str] | None = None) -> list[Move]:
    """The steps that this person could take right now, in the order of the table."""
    here = contexts(person, action) if here is None else here
    return [move for move in MOVES.values() if action.state in move.sources and allows(person, action, move, here)]


def require_move(person: Person, action: CorrectiveAction, move: Move) -> None:
    if not allows(person, action, move):
        able = [str(words) for letter, words in WHO_COULD.items() if best_code(move.permission, {letter}) in FULL]
        raise NotAllowed(
            _("This step is not yours to take."),
            needed=_("It could be taken by: %(who)s.") % {"who": ", ".join(able)},
        )


def can_open(person: Person, supplier_id: int) -> bool:
    """cap.create_edit: the head of the department that is to put it right."""
    return supplier_id in standing(person).head_of


def require_open(person: Person, supplier: Department) -> None:
    if not can_open(person, supplier.pk):
        raise NotAllowed(
            _("Only the head of %(name)s starts a corrective action of theirs.") % {"name": supplier.name},
            needed=_("Ask the head of %(name)s.") % {"name": supplier.name},
        )


def can_edit_causes(person: Person) -> bool:
    """The tree is the company's: administrators."""
    return standing(person).is_admin


def require_edit_causes(person: Person) -> None:
    if not can_edit_causes(person):
        raise NotAllowed(
            _("Only administrators change the causes."),
            needed=_("Propose the cause that is missing; an administrator decides."),
        )


def can_propose_causes(person: Person) -> bool:
    """Whoever works on corrective actions of some department: its agents and heads; and administrators."""
    hats = standing(person)
    return hats.is_admin or bool(hats.supplies_for)


def require_propose_causes(person: Person) -> None:
    if not can_propose_causes(person):
        raise NotAllowed(
            _("Causes are proposed by those who work on corrective actions."),
            needed=_("Ask the head of your department or one of the administrators."),
        )
