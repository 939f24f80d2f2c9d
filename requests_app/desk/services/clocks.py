"""The clocks of a request: opened with the promise, paused, resumed, stopped, and swept when due.

All functions but the sweep run inside the transaction of a move, with the request row locked.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from requests_app.agreements import clockwork
from requests_app.agreements.selectors import Promised
from requests_app.agreements.states import WARN_AT, Measure
from requests_app.calendars.selectors import worktime_of
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.states import ACTIVE
from requests_app.events.models import Event
from requests_app.events.services import record_all

BATCH = 200


def pauses_of(clock: Clock) -> list[clockwork.Pause]:
    return [
        (datetime.fromisoformat(pause["from"]), datetime.fromisoformat(pause["to"]) if pause["to"] else None)
        for pause in clock.pauses
    ]


def due_instant(clock: Clock, share: float = 1.0) -> datetime | None:
    """When the clock reaches this share of its target, were it to run on; None while paused before that."""
    worktime = worktime_of(clock.calendar_version_id)
    return clockwork.reached_at(worktime, clock.started_at, pauses_of(clock), clock.seconds * share)


def set_alarms(clock: Clock) -> None:
    """Derive `due_at` and `warn_at` from start, pauses and target."""
    running = clock.stopped_at is None
    clock.due_at = due_instant(clock) if running else None
    clock.warn_at = due_instant(clock, WARN_AT) if running and clock.warned_at is None else None


def open_clocks(
    service_request: ServiceRequest, promise: dict[str, Promised], calendar_version_id: int, at: datetime
) -> list[Clock]:
    """One clock a promised measure, not yet saved."""
    clocks = []
    for measure, promised in promise.items():
        clock = Clock(
            service_request=service_request,
            measure=measure,
            seconds=promised.seconds,
            agreement_id=promised.agreement_id,
            calendar_version_id=calendar_version_id,
            started_at=at,
        )
        set_alarms(clock)
        clocks.append(clock)
    return clocks


def locked_clocks(service_request: ServiceRequest) -> dict[str, Clock]:
    rows = Clock.objects.select_for_update().filter(service_request=service_request).order_by("pk")
    return {clock.measure: clock for clock in rows}


def save_clocks(service_request: ServiceRequest, clocks: Iterable[Clock]) -> None:
    """Write the clocks and the request's own due time, by which queues sort."""
    clocks = list(clocks)
    Clock.objects.bulk_update(
        clocks,
        ["seconds", "agreement", "stopped_at", "pauses", "due_at", "warn_at", "warned_at", "breached_at"],
    )
    service_request.due_at = next_due(clocks)


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The earliest instant by which the supplier has something to do; a breached clock stays due."""
    return min((clock.due_at for clock in clocks if clock.due_at), default=None)


def note_breach(clock: Clock, now: datetime) -> Event | None:
    """The breach event when the target lies behind `now`; at most once a clock."""
    if clock.breached_at is not None or clock.stopped_at is not None:
        return None
    due = due_instant(clock)
    if due is None or due >= now:
        return None
    clock.breached_at = due
    return _alarm("clock.breached", clock, due, due)


def note_warning(clock: Clock, now: datetime) -> Event | None:
    if clock.warned_at is not None or clock.warn_at is None or clock.warn_at > now:
        return None
    clock.warned_at, clock.warn_at = clock.warn_at, None
    return _alarm("clock.warned", clock, clock.warned_at, clock.due_at, share=WARN_AT)


def _alarm(kind: str, clock: Clock, at: datetime, due: datetime | None, **more: float) -> Event:
    data = {
        "measure": clock.measure,
        "target": clock.seconds,
        "due": due.isoformat() if due else None,
        "department": clock.service_request.supplier_id,
    }
    return Event(kind=kind, subject_kind="request", subject_id=clock.service_request_id, at=at, data=data | more)


def pause(clock: Clock, at: datetime, why: str) -> None:
    clock.pauses = [*clock.pauses, {"from": at.isoformat(), "to": None, "why": why}]
    set_alarms(clock)


def resume(clock: Clock, at: datetime) -> None:
    clock.pauses = [pause | {"to": pause["to"] or at.isoformat()} for pause in clock.pauses]
    set_alarms(clock)


def stop(clock: Clock, at: datetime) -> None:
    resume(clock, at)
    clock.stopped_at = at
    set_alarms(clock)


def run_on(clock: Clock, at: datetime) -> None:
    """After a rejection or reopening: the time since it was delivered is neither work nor waiting."""
    if clock.stopped_at is None:
        return
    gap = {"from": clock.stopped_at.isoformat(), "to": at.isoformat(), "why": "delivered"}
    clock.pauses, clock.stopped_at = [*clock.pauses, gap], None
    set_alarms(clock)


def stop_response(clocks: dict[str, Clock], at: datetime) -> list[Event]:
    """The first answer of the supplier stops the response clock; later ones change nothing."""
    clock = clocks.get(Measure.RESPONSE)
    if clock is None or clock.stopped_at is not None:
        return []
    breach = note_breach(clock, at)
    stop(clock, at)
    return [breach] if breach else []


def retarget(clocks: dict[str, Clock], promise: dict[str, Promised], at: datetime) -> list[Event]:
    """After a change of priority: new targets, measured from the original start with the past pauses."""
    events = [event for clock in clocks.values() if (event := note_breach(clock, at))]
    for measure, clock in clocks.items():
        if measure in promise and clock.stopped_at is None:
            clock.seconds = promise[measure].seconds
            clock.agreement_id = promise[measure].agreement_id
            set_alarms(clock)
    return events


def sweep_clocks(now: datetime | None = None) -> int:
    """Write every warning and breach that is due, each once, also after an outage; how many were written."""
    now = now or timezone.now()
    written = 0
    while batch := _due_requests(now):
        for pk in batch:
            written += _sweep_request(pk, now)
        if len(batch) < BATCH:
            break
    return written


def _due_requests(now: datetime) -> list[int]:
    due = Q(due_at__lt=now, breached_at=None) | Q(warn_at__lte=now, warned_at=None)
    rows = Clock.objects.filter(due).order_by("service_request_id").values_list("service_request_id", flat=True)
    return list(rows.distinct()[:BATCH])


@transaction.atomic
def _sweep_request(pk: int, now: datetime) -> int:
    """Lock, then look: a move may have stopped the clock since it was found."""
    service_request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    clocks = locked_clocks(service_request)
    events = []
    for clock in clocks.values():
        clock.service_request = service_request
        if service_request.status not in ACTIVE:
            clock.due_at = clock.warn_at = None
            continue
        events += [event for event in (note_warning(clock, now), note_breach(clock, now)) if event]
    Clock.objects.bulk_update(clocks.values(), ["due_at", "warn_at", "warned_at", "breached_at"])
    record_all(events)
    return len(events)
