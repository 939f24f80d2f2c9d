"""Who says what of whom, who answers, who is satisfied: the rows complaint.* of the matrix and their conditions."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.voice.appeals import accused_of
from feedback.voice.models import Post, Voice
from feedback.voice.states import MOVES, Kind, Move
from requests_app.desk.models import ServiceRequest
from requests_app.desk.policies import contexts as request_contexts
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, best_code, standing


def contexts(person: Person, voice: Voice) -> frozenset[str]:
    """The letters under which this person stands to what was said; RQ is who said it.

    Who stands in for the heads of the department is as one of them (SH); whom an appeal was brought to decides it as
    an executive would (EX).
    """
    hats = standing(person)
    found = set(hats.global_contexts)
    if voice.author_id == hats.person_id:
        found.add("RQ")
    if voice.customer_id in hats.head_of:
        found.add("CH")
    if voice.department_id in hats.supplies_for and accused_of(voice) == hats.person_id:
        found.add("AS")
    if voice.department_id in hats.head_of or (voice.stands_in and voice.owner_id == hats.person_id):
        found.add("SH")
    if voice.arbiter_id == hats.person_id:
        found.add("EX")
    return frozenset(found or {"U"})


def reads_author(person: Person, voice: Voice) -> bool:
    """Whom a complaint is about reads it without the name (complaint.view P); so do most, if it is confidential."""
    if voice.confidential:
        return best_code("complaint.view_identity_when_confidential", contexts(person, voice)) in ALLOWED_CODES
    return voice.kind != Kind.COMPLAINT or best_code("complaint.view", contexts(person, voice)) in "YS"


def allows(person: Person, voice: Voice, move: Move) -> bool:
    """May this person take the step, whatever state it is in? Nobody answers a complaint about their own work."""
    here = contexts(person, voice)
    if move.permission == "author":
        return "RQ" in here
    if move.permission == "department":
        return "SH" in here
    if best_code(move.permission, here) not in ALLOWED_CODES:
        return False
    if move.name == "decide" and (here & {"RQ", "SH", "CH"} or person.pk == voice.owner_id):
        return False  # nobody decides between themselves and somebody else
    return person.pk != accused_of(voice)


def moves_for(person: Person, voice: Voice) -> list[Move]:
    late = voice.is_late(timezone.now())
    return [
        move
        for move in MOVES.values()
        if move.kind == voice.kind
        and voice.state in move.sources
        and (late or not move.once_late)
        and allows(person, voice, move)
    ]


def require_move(person: Person, voice: Voice, move: Move) -> None:
    if not allows(person, voice, move):
        arbiter = voice.arbiter.name if voice.arbiter else _("an executive")
        by_department = move.permission in ("department", "complaint.propose_closure")
        who = (
            voice.owner.name
            if by_department and voice.stands_in and voice.owner
            else _("a head of %(name)s whom it is not about") % {"name": voice.department.name}
            if by_department
            else _("%(name)s, or an executive whom it does not concern") % {"name": arbiter}
            if move.name == "decide"
            else _("who said it, or the head of their department")
        )
        raise NotAllowed(
            _("This step is not yours to take."), needed=_("It could be taken by: %(who)s.") % {"who": who}
        )


def require_say_on(person: Person, service_request: ServiceRequest) -> None:
    """complaint.file: who asked and the head of the asking department; 404 for whom it is hidden."""
    code = best_code("complaint.file", request_contexts(person, service_request))
    if code == "H":
        raise Http404
    if code not in ALLOWED_CODES:
        raise NotAllowed(
            _("Only the asking side says something about this request."),
            needed=_("Ask the requester or the head of their department."),
        )


def can_say_on(person: Person, service_request: ServiceRequest) -> bool:
    return best_code("complaint.file", request_contexts(person, service_request)) in ALLOWED_CODES


def require_say_to(person: Person, kind: str, department: Department) -> None:
    """Complaints and praise are for others; a suggestion may be for one's own department too."""
    hats = standing(person)
    if not hats.member_of:
        raise NotAllowed(_("Only members of departments say something here."), needed=_("Ask an administrator."))
    if kind != Kind.SUGGESTION and department.pk in hats.member_of:
        raise NotAllowed(
            _("Nobody complains about or praises their own department here."),
            needed=_("Choose another department, or make a suggestion."),
        )


def require_discuss(person: Person) -> None:
    if not standing(person).member_of:
        raise NotAllowed(_("Only members of departments say something here."), needed=_("Ask an administrator."))


def require_own_post(person: Person, post: Post) -> None:
    if post.author_id != person.pk:
        raise NotAllowed(
            _("Only who said it takes it back."),
            needed=_("It could be taken by: %(who)s.") % {"who": post.author.name},
        )
