"""Taking a step in a request's life."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import pausing_of, reopening_of
from requests_app.agreements.states import ACCEPTANCE_DAYS, HoldReason, Measure, Reopening
from requests_app.calendars.selectors import current_version, day_rule_of
from requests_app.calendars.workdays import add_days
from requests_app.desk import policies
from requests_app.desk.models import Clock, Handoff, Hold, ServiceRequest
from requests_app.desk.services import clocks as clock_services
from requests_app.desk.services.attachments import attach_files, files_data
from requests_app.desk.services.clocks import Clocks
from requests_app.desk.states import (
    CLOSED,
    DELIVERED,
    ENDED,
    ON_HOLD,
    HandoffState,
    Move,
    move_of,
)
from requests_app.events.models import Event
from requests_app.events.services import record_all
from requests_app.kernel.errors import IllegalMove, StaleVersion, WrongInput, check_text
from requests_app.org.models import Person

SAYS = {
    "reason": gettext_lazy("Say why, in a few words."),
    "agreed": gettext_lazy("Say what was agreed."),
    "received": gettext_lazy("Say what was received instead."),
    "remedy": gettext_lazy("Say what would put it right."),
    "hold_reason": gettext_lazy("Choose what is waited for."),
}


@dataclass(frozen=True)
class Words:
    """What the person says with a move. All optional but what the move needs."""

    reason: str = ""
    agreed: str = ""
    received: str = ""
    remedy: str = ""
    hold_reason: str = ""


@transaction.atomic
def move_request(
    *,
    by: Person,
    service_request: ServiceRequest,
    action: str,
    words: Words = Words(),
    expected_version: int | None = None,
    files: Iterable[UploadedFile] = (),
    at: datetime | None = None,
) -> ServiceRequest:
    """Take one step, or raise a DomainError and change nothing. `files` come with it, such as a test record.

    The row is locked first, so two people pressing two buttons get one move and one refusal.
    """
    move = move_of(action)
    service_request = lock_request(service_request.pk, expected_version=expected_version)
    policies.require_move(by, service_request, action)
    require_source(service_request, move)
    words = checked(words, move)
    now = at or timezone.now()
    events = list(_clock_events(service_request, move, words, now))
    _change(service_request, move, words, by, now)
    _hold_rows(service_request, move, words, now)
    if service_request.status in ENDED | {DELIVERED}:
        events += withdraw_pending(service_request, by, now)
    event = _event(service_request, move, words, by, now)
    event.data |= files_data(attach_files(by=by, service_request=service_request, files=files))
    events.append(event)
    save_request(service_request, now)
    record_all(events)
    return service_request


def lock_request(pk: int, *, expected_version: int | None = None) -> ServiceRequest:
    """The row, locked until the transaction ends; StaleVersion when somebody saved after the reader looked."""
    # No join here: a row that changes its supplier while we wait for the lock would drop out of the join.
    row = ServiceRequest.objects.select_for_update().get(pk=pk)
    if expected_version is not None and row.version != expected_version:
        raise StaleVersion(_("Somebody changed this request since you opened it. Look at it again, then decide."))
    return row


def save_request(service_request: ServiceRequest, now: datetime) -> None:
    service_request.changed_at = now
    service_request.version += 1
    service_request.save()


def require_source(service_request: ServiceRequest, move: Move) -> None:
    if service_request.status not in move.sources:
        raise IllegalMove(
            _("This request is “%(status)s” now, so it can no longer be moved that way.")
            % {"status": service_request.get_status_display()}
        )


def checked(words: Words, move: Move) -> Words:
    """The words stripped, or WrongInput naming each missing field."""
    clean = Words(**{name: check_text(name, (value or "").strip()) for name, value in vars(words).items()})
    errors = {name: [str(SAYS[name])] for name in move.needs if not getattr(clean, name)}
    if move.action == "hold" and clean.hold_reason and clean.hold_reason not in HoldReason.values:
        errors["hold_reason"] = [_("Choose one of: %(r)s.") % {"r": ", ".join(HoldReason.values)}]
    if errors:
        raise WrongInput(errors)
    return clean


def _clock_events(service_request: ServiceRequest, move: Move, words: Words, now: datetime) -> Iterator[Event]:
    """What came due before this step is written before it; then the clocks follow the step."""
    clocks, alarms = clock_services.settled_clocks(service_request, now)
    if not clocks:
        return
    yield from alarms
    yield from _turn_clocks(clocks, move, words, now)
    clock_services.save_clocks(service_request, clocks.values())


def _turn_clocks(clocks: Clocks, move: Move, words: Words, now: datetime) -> Iterator[Event]:
    if move.action == "accept":
        yield from clock_services.stop_measures(clocks, now, Measure.RESPONSE, Measure.ACCEPTANCE)
    for clock in clocks.values():
        if clock.stopped_at is not None:
            if move.action in ("reject", "reopen") and clock_services.stopped_by_delivery(clock):
                rule = reopening_of(clock.agreement_id) if move.action == "reopen" else Reopening.CONTINUE
                clock_services.reopened(clock, rule, now)
        elif move.action == "hold" and clock_services.pauses_for(clock, words.hold_reason):
            clock_services.pause(clock, now, words.hold_reason)
        elif move.action == "resume":
            clock_services.resume(clock, now)
        elif move.target in ENDED | {DELIVERED}:
            yield from clock_services.told_steps(clock, now)
            clock_services.stop(clock, now)


def _change(service_request: ServiceRequest, move: Move, words: Words, by: Person | None, now: datetime) -> None:
    service_request.status = move.target
    service_request.hold_reason = words.hold_reason if move.target == ON_HOLD else ""
    if move.action == "accept" and service_request.assignee_id is None:
        service_request.assignee = by
    if move.target == DELIVERED:
        service_request.delivered_at = now
        service_request.acceptance_due_at = acceptance_due(service_request, now)
    else:
        service_request.acceptance_due_at = None
    service_request.closed_at = now if move.target in ENDED else None


def acceptance_due(service_request: ServiceRequest, delivered_at: datetime) -> datetime:
    """The end of the customer's working days for an answer; then the delivery counts as accepted."""
    clock = _resolution_clock(service_request)
    days = ACCEPTANCE_DAYS
    if clock and clock.agreement_id:
        days = Agreement.objects.values_list("acceptance_days", flat=True).get(pk=clock.agreement_id)
    version = current_version(service_request.customer.calendar_id)
    try:
        return add_days(delivered_at, days, day_rule_of(version.pk))
    except ValueError:  # a calendar without working days
        return delivered_at + timedelta(days=days)


def _resolution_clock(service_request: ServiceRequest) -> Clock | None:
    """The customer's, whoever holds the request."""
    return Clock.objects.filter(service_request=service_request, measure=Measure.RESOLUTION, holder=None).first()


def _hold_rows(service_request: ServiceRequest, move: Move, words: Words, now: datetime) -> None:
    Hold.objects.filter(service_request=service_request, ended_at=None).update(ended_at=now)
    if move.action == "hold":
        clock = _resolution_clock(service_request)
        pausing = pausing_of(clock.agreement_id if clock else None)
        Hold.objects.create(
            service_request=service_request,
            reason=words.hold_reason,
            pauses_clock=words.hold_reason in pausing,
            note=words.reason,
            began_at=now,
        )


def withdraw_pending(service_request: ServiceRequest, by: Person | None, now: datetime) -> list[Event]:
    """An offer that is overtaken by the end of the work is taken back."""
    events = []
    rows = Handoff.objects.select_for_update().filter(service_request=service_request, state=HandoffState.OFFERED)
    for handoff in rows:
        handoff.state, handoff.answered_by, handoff.answered_at = HandoffState.WITHDRAWN, by, now
        handoff.save()
        events.append(handoff_event("handoff.withdrawn", handoff, by, now, department=handoff.sender_id))
    return events


def handoff_event(kind: str, handoff: Handoff, by: Person | None, at: datetime, **more: Any) -> Event:
    data = {"handoff": handoff.pk, "from": handoff.sender_id, "to": handoff.receiver_id}
    return Event(
        kind=kind,
        subject_kind="request",
        subject_id=handoff.service_request_id,
        actor_id=by.pk if by else None,
        at=at,
        data=data | more,
    )


def _event(service_request: ServiceRequest, move: Move, words: Words, by: Person | None, now: datetime) -> Event:
    data: dict = {"department": service_request.supplier_id}
    if move.action == "accept":
        data["assignee"] = service_request.assignee_id
    elif move.action == "hold":
        hold = Hold.objects.get(service_request=service_request, ended_at=None)
        data |= {"reason": words.hold_reason, "pauses": hold.pauses_clock, "note": words.reason}
    elif move.action == "resume":
        data |= {"by_reply": False, "note": words.reason}
    elif move.action == "deliver":
        data["note"] = words.reason
    elif move.action == "reject":
        data |= {"agreed": words.agreed, "received": words.received, "remedy": words.remedy}
    else:
        data["reason"] = words.reason
    if move.action == "reopen" and _restarts(service_request):
        data["clock"] = Reopening.RESTART.value
    return Event(
        kind=move.event,
        subject_kind="request",
        subject_id=service_request.pk,
        actor_id=by.pk if by else None,
        at=now,
        data=data,
    )


def _restarts(service_request: ServiceRequest) -> bool:
    clock = _resolution_clock(service_request)
    return clock is not None and reopening_of(clock.agreement_id) == Reopening.RESTART


@transaction.atomic
def close_unanswered(*, pk: int, now: datetime) -> bool:
    """A delivery nobody answered in time counts as accepted; False when somebody has just answered."""
    service_request = lock_request(pk)
    due = service_request.acceptance_due_at
    if service_request.status != DELIVERED or due is None or due > now:
        return False
    clocks, alarms = clock_services.settled_clocks(service_request, now)
    for clock in clocks.values():  # a reply that was still awaited
        if clock.stopped_at is None:
            clock_services.stop(clock, now)
    clock_services.save_clocks(service_request, clocks.values())
    service_request.status, service_request.closed_at = CLOSED, now
    service_request.acceptance_due_at = None
    save_request(service_request, now)
    record_all([
        *alarms,
        Event(
            kind="request.closed", subject_kind="request", subject_id=pk, at=now,
            data={"automatic": True, "department": service_request.supplier_id},
        ),
    ])  # fmt: skip
    return True


def close_all_unanswered(now: datetime | None = None) -> int:
    """What the timer does: every delivery whose time for an answer is over."""
    now = now or timezone.now()
    due = ServiceRequest.objects.filter(status=DELIVERED, acceptance_due_at__lte=now).order_by("pk")
    return sum(close_unanswered(pk=pk, now=now) for pk in list(due.values_list("pk", flat=True)))
