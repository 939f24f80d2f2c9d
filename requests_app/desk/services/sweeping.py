"""What falls due: warnings, breaches and steps of escalation, each written exactly once, also after an outage."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from requests_app.agreements.selectors import gauge_of
from requests_app.agreements.states import Escalation, Step
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.services.assignment import put_back, raise_priority
from requests_app.desk.services.clocks import (
    DERIVED,
    Clocks,
    locked_clocks,
    note_breach,
    note_warning,
    steps_due,
)
from requests_app.desk.states import ACTIVE
from requests_app.events.models import Event
from requests_app.events.services import record_all

BATCH = 200


def sweep_clocks(now: datetime | None = None) -> int:
    """Write everything that is due; how much was written. Two sweepers at once are harmless."""
    now = now or timezone.now()
    written, last = 0, 0
    while batch := _due_requests(now, last):
        for pk in batch:
            written += _sweep_request(pk, now)
        last = batch[-1]
    return written


def _due_requests(now: datetime, last: int) -> list[int]:
    """The next requests with something due. Those that wait for working hours stay due, so it goes by number."""
    due = Q(due_at__lt=now, breached_at=None) | Q(warn_at__lte=now, warned_at=None) | Q(step_at__lte=now)
    rows = Clock.objects.filter(due, service_request_id__gt=last).order_by("service_request_id")
    return list(rows.values_list("service_request_id", flat=True).distinct()[:BATCH])


@transaction.atomic
def _sweep_request(pk: int, now: datetime) -> int:
    """Lock, then look: a move may have stopped the clock since it was found."""
    service_request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    clocks = locked_clocks(service_request)
    if service_request.status not in ACTIVE:
        for clock in clocks.values():
            clock.due_at = clock.warn_at = clock.step_at = None
        Clock.objects.bulk_update(clocks.values(), DERIVED)
        return 0
    events = [event for clock in clocks.values() for event in _due_of(clock, now)]
    steps = list(_due_steps(clocks, now))
    Clock.objects.bulk_update(clocks.values(), DERIVED)
    record_all(events)
    record_all([event for _step, event in steps])
    for step, _event in steps:
        _take(step, service_request, now)
    return len(events) + len(steps)


def _due_of(clock: Clock, now: datetime) -> Iterator[Event]:
    """Nobody is warned out of hours: after an outage the warning waits for the next opening."""
    if gauge_of(clock.calendar_version_id).worktime.is_open(now) and (warning := note_warning(clock, now)):
        yield warning
    if breach := note_breach(clock, now):
        yield breach


def _due_steps(clocks: Clocks, now: datetime) -> Iterator[tuple[Escalation, Event]]:
    """Every step whose share is used, in order; like warnings, only in working hours."""
    for clock in clocks.values():
        if gauge_of(clock.calendar_version_id).worktime.is_open(now):
            yield from steps_due(clock, now)


def _take(step: Escalation, service_request: ServiceRequest, now: datetime) -> None:
    """What changes the request; whom to tell is the business of mail."""
    if step.step == Step.RAISE:
        raise_priority(service_request, now)
    elif step.step == Step.UNASSIGN:
        put_back(service_request, now)
