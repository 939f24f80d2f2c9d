"""Who may do what to a request: the person's contexts, the matrix, and the stated conditions."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.policies import sides_of
from requests_app.agreements.policies import can_edit_targets
from requests_app.agreements.states import REOPEN_DAYS, Measure
from requests_app.calendars.models import Calendar
from requests_app.calendars.policies import require_edit_calendar
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import Clock, Handoff, ServiceRequest, Watcher, WorkLog
from requests_app.desk.states import CLOSED, ENDED, MOVES, NEW, OPEN, HandoffState, move_of
from requests_app.kernel.errors import NotAllowed
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, Standing, best_code, standing

WHO_COULD = {
    "RQ": gettext_lazy("the requester"),
    "CH": gettext_lazy("the head of the asking department"),
    "SA": gettext_lazy("an agent of the supplying department"),
    "AS": gettext_lazy("the assigned agent"),
    "SH": gettext_lazy("the head of the supplying department"),
    "WT": gettext_lazy("a watcher"),
}


def contexts(person: Person, service_request: ServiceRequest) -> frozenset[str]:
    """The letters under which this person stands to this request (security matrix). One query for watchers."""
    hats = standing(person)
    if not hats.person_id:
        return frozenset({"AN"})
    found = set(hats.global_contexts)
    if hats.person_id in (service_request.requester_id, service_request.filed_by_id):
        found.add("RQ")
    if service_request.customer_id in hats.member_of:
        found.add("CC")
    if service_request.customer_id in hats.head_of:
        found.add("CH")
    found |= _supplier_contexts(hats, service_request)
    if _watches(person, service_request):
        found.add("WT")
    return _narrowed(found, service_request) or frozenset({"U"})


def _supplier_contexts(hats: Standing, service_request: ServiceRequest) -> set[str]:
    found = set()
    supplies = service_request.supplier_id in hats.supplies_for
    if supplies:
        found.add("SA")
        if service_request.assignee_id == hats.person_id:
            found.add("AS")
    if service_request.supplier_id in hats.head_of:
        found.add("SH")
    return found


def _watches(person: Person, service_request: ServiceRequest) -> bool:
    known = getattr(service_request, "watcher_ids", None)
    if known is not None:
        return person.pk in known
    return Watcher.objects.filter(service_request_id=service_request.pk, person_id=person.pk).exists()


def _narrowed(found: set[str], service_request: ServiceRequest) -> frozenset[str]:
    """Private requests are not their department's; confidential ones only their parties'."""
    if service_request.privacy == Privacy.PRIVATE:
        found -= {"CC"}
    elif service_request.privacy == Privacy.CONFIDENTIAL:
        found &= {"RQ", "WT", "AS", "SH"}
        if "AS" not in found and "SH" not in found:
            found.discard("SA")
    return frozenset(found)


def code(person: Person, service_request: ServiceRequest, action: str) -> str:
    """The matrix code of an action, conditions not yet looked at."""
    return best_code(action, contexts(person, service_request))


def can_see_internal(person: Person, service_request: ServiceRequest) -> bool:
    """comment.view_internal: the supplying side, admins, auditors; nobody of the asking side."""
    standing_here = contexts(person, service_request)
    if standing_here & {"RQ", "CC", "CH", "WT"} and not standing_here & {"SA", "AS", "SH"}:
        return False
    return best_code("comment.view_internal", standing_here) in ALLOWED_CODES


def allows(person: Person, service_request: ServiceRequest, action: str) -> bool:
    """May this person do `action` (a row of the matrix) to this request now?"""
    here = contexts(person, service_request)
    row_allows = best_code(action, here) in ALLOWED_CODES
    condition = CONDITIONS.get(action)
    return row_allows and (condition is None or condition(here, service_request))


def _new_for_customer(here: frozenset[str], service_request: ServiceRequest) -> bool:
    return bool(here & {"SA", "AS", "SH"}) or service_request.status == NEW


def _only_new(_here: frozenset[str], service_request: ServiceRequest) -> bool:
    return service_request.status == NEW


def _head_says_so(here: frozenset[str], service_request: ServiceRequest) -> bool:
    """Who else reads a confidential request is for the head of the supplying department to say."""
    return service_request.privacy != Privacy.CONFIDENTIAL or "SH" in here


def _unassigned(_here: frozenset[str], service_request: ServiceRequest) -> bool:
    return service_request.assignee_id is None and service_request.status in OPEN


def _not_archived(_here: frozenset[str], service_request: ServiceRequest) -> bool:
    return service_request.status not in ENDED or _recently(service_request)


def _recently(service_request: ServiceRequest) -> bool:
    ended = service_request.closed_at
    return ended is None or timezone.now() - ended <= timedelta(days=reopen_days(service_request))


def reopen_days(service_request: ServiceRequest) -> int:
    """Days after its end in which it can be opened again, as agreed; asked once and remembered on the row."""
    known = vars(service_request).get("_reopen_days")
    if known is None:
        clocks = Clock.objects.filter(service_request=service_request, measure=Measure.RESOLUTION, holder=None)
        agreed = clocks.order_by("-pk").values_list("agreement__reopen_days", flat=True).first()
        known = vars(service_request)["_reopen_days"] = REOPEN_DAYS if agreed is None else agreed
    return known


def _reopenable(_here: frozenset[str], service_request: ServiceRequest) -> bool:
    return service_request.status != CLOSED or _recently(service_request)


CONDITIONS = {
    "request.edit_text": _only_new,
    "request.set_priority": _new_for_customer,
    "request.take_unassigned": _unassigned,
    "request.reopen": _reopenable,
    "comment.add_public": _not_archived,
    "comment.add_internal": _not_archived,
    "attachment.upload": _not_archived,
    "watcher.add": _head_says_so,
}


def require(person: Person, service_request: ServiceRequest, action: str) -> None:
    """Nothing, or NotAllowed naming who could. The object is known to be visible."""
    if not allows(person, service_request, action):
        raise NotAllowed(_("This step is not yours to take."), needed=_could(action))


def _could(action: str) -> str:
    able = [str(words) for context, words in WHO_COULD.items() if best_code(action, {context}) in ALLOWED_CODES]
    return _("It could be taken by: %(who)s.") % {"who": ", ".join(able)} if able else _("Nobody can take it.")


def permission_for(person: Person, service_request: ServiceRequest, action: str) -> str:
    """The matrix row of a move. Accepting what nobody has yet taken is taking it."""
    move = move_of(action)
    if action == "accept" and service_request.assignee_id is None:
        return "request.take_unassigned"
    return move.permission


def require_move(person: Person, service_request: ServiceRequest, action: str) -> None:
    require(person, service_request, permission_for(person, service_request, action))


def actions_for(person: Person, service_request: ServiceRequest) -> list[str]:
    """The moves that this person could make right now, in the order of the table."""
    return [
        action
        for action, move in MOVES.items()
        if service_request.status in move.sources
        and allows(person, service_request, permission_for(person, service_request, action))
    ]


def can_answer_handoff(person: Person, handoff: Handoff) -> bool:
    """The receiving side: its agents and heads (confidential requests: its heads)."""
    hats = standing(person)
    if handoff.service_request.privacy == Privacy.CONFIDENTIAL:
        return handoff.receiver_id in hats.head_of
    return handoff.receiver_id in hats.supplies_for


def require_answer_handoff(person: Person, handoff: Handoff) -> None:
    if not can_answer_handoff(person, handoff):
        raise NotAllowed(
            _("Only the department it was offered to answers this."),
            needed=_("Ask an agent or the head of %(name)s.") % {"name": handoff.receiver.name},
        )


def may_log_work(person: Person, service_request: ServiceRequest) -> bool:
    """Whoever may leave internal notes for the department that holds it, as long as it is not archived."""
    return allows(person, service_request, "comment.add_internal")


def require_log_work(person: Person, service_request: ServiceRequest) -> None:
    require(person, service_request, "comment.add_internal")


def is_of(hats: Standing, worker_id: int, department_id: int) -> bool:
    """Whose logged work it is to correct: the worker's own, and the heads' of the department that did it."""
    return hats.person_id == worker_id or department_id in hats.head_of


def require_correct_work(person: Person, log: WorkLog) -> None:
    if not is_of(standing(person), log.person_id, log.department_id):
        raise NotAllowed(
            _("Logged work is corrected by who did it."), needed=_("The head of the department can do it too.")
        )


def pending_handoff(service_request: ServiceRequest) -> Handoff | None:
    return next(iter(_pending(request_id=service_request.pk)), None)


@written_once
def _pending(*, request_id: int) -> QuerySet[Handoff]:
    rows = Handoff.objects.filter(service_request_id=request_id, state=HandoffState.OFFERED)
    return rows.select_related("sender", "receiver", "offered_by")


def can_open_queue(person: Person, department_id: int) -> bool:
    """The people who supply for the department; those who read everything may look."""
    hats = standing(person)
    return department_id in hats.supplies_for or hats.is_admin or hats.is_auditor


def require_queue(person: Person, department: Department) -> None:
    if not can_open_queue(person, department.pk):
        raise NotAllowed(
            _("This queue is worked on by the agents of %(name)s.") % {"name": department.name},
            needed=_("You would have to be an agent or the head of %(name)s; ask its head.")
            % {"name": department.name},
        )


def can_move_to(person: Person, agreement: Agreement) -> bool:
    """Whose promise it is may have open requests follow it: both heads; of a default the supplier's; administrators."""
    return can_edit_targets(person, agreement.supplier_id) or bool(sides_of(person, agreement))


def require_recompute(person: Person, rule: Calendar | Agreement) -> None:
    """Who may have open requests measured by the present hours of a calendar, or by an agreement."""
    if isinstance(rule, Calendar):
        require_edit_calendar(person, rule)
    elif not can_move_to(person, rule):
        raise NotAllowed(
            _("Only the heads of the two departments or an administrator have open requests follow an agreement."),
            needed=_("Ask the head of one of the two departments."),
        )
