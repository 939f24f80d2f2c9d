"""Open requests follow a changed calendar: looked at first, then in chunks, with old and new due times in the log.

A clock keeps its start, its pauses, and a breach that was noted; only the hours by which it is measured are new. A
clock that is stopped stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.selectors import gauge_of
from requests_app.calendars.models import Calendar
from requests_app.calendars.policies import require_edit_calendar
from requests_app.calendars.selectors import current_version_id
from requests_app.desk.models import Clock, Recomputation, ServiceRequest
from requests_app.desk.services import clocks as clock_services
from requests_app.desk.states import OPEN, number_of
from requests_app.events.models import Event
from requests_app.events.services import claim_slot, record_all
from requests_app.kernel.errors import IllegalMove
from requests_app.org.models import Person

CHUNK = 200
CLAIM = 120  # seconds
SHOWN = 50


@dataclass(frozen=True)
class Change:
    """One clock, and what it would show; None is no due time, as while it is paused."""

    number: str
    measure: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Preview:
    """How many open clocks are still measured by an older version, and the first of them."""

    clocks: int
    requests: int
    changes: list[Change]


def outdated(calendar: Calendar) -> QuerySet[Clock]:
    """The running clocks of open requests that are measured by an older version of this calendar.

    A deadline that came with an import belongs to no agreement; it is a date, whatever the hours.
    """
    rows = Clock.objects.filter(stopped_at=None, calendar_version__calendar=calendar, agreement__isnull=False)
    return rows.exclude(calendar_version=calendar.current).filter(service_request__status__in=OPEN)


def preview(calendar: Calendar, person: Person) -> Preview:
    """What a recomputation would do, nothing is written. Listed are requests that the reader may see."""
    rows = outdated(calendar)
    listed = rows.filter(service_request__in=ServiceRequest.objects.visible_to(person))
    first = list(listed.order_by("service_request_id", "pk")[:SHOWN])
    return Preview(
        clocks=rows.count(),
        requests=rows.values("service_request_id").distinct().count(),
        changes=[_change(clock, current_version_id(calendar.pk)) for clock in first],
    )


def _change(clock: Clock, version_id: int) -> Change:
    after = gauge_of(version_id).due(clock.started_at, clock.waits, clock.time)
    return Change(number_of(clock.service_request_id), clock.measure, clock.due_at, after)


@transaction.atomic
def start_recomputation(*, by: Person, calendar: Calendar) -> Recomputation:
    """A worker takes it up within seconds. IllegalMove when there is nothing to do, or somebody has started already."""
    require_edit_calendar(by, calendar)
    Calendar.objects.select_for_update().get(pk=calendar.pk)
    if Recomputation.objects.filter(calendar=calendar, finished_at=None).exists():
        raise IllegalMove(_("Somebody has started this already. It goes on by itself."))
    total = outdated(calendar).values("service_request_id").distinct().count()
    if not total:
        raise IllegalMove(_("Every open request runs by the present hours already."))
    return Recomputation.objects.create(
        calendar=calendar, version_id=current_version_id(calendar.pk), started_by=by, total=total
    )


def work_off_recomputations() -> int:
    """What the worker does every few seconds; how many requests were recomputed. Begun anew where one broke off."""
    waiting = list(Recomputation.objects.filter(finished_at=None).select_related("calendar", "version").order_by("pk"))
    return sum(_work_off(run) for run in waiting if claim_slot(f"recomputation {run.pk}", seconds=CLAIM))


def _work_off(run: Recomputation) -> int:
    done = 0
    for chunk in _chunks(run.calendar):
        with transaction.atomic():
            for pk in chunk:
                _recompute(pk, run)
        done += len(chunk)
        Recomputation.objects.filter(pk=run.pk).update(done=min(run.done + done, run.total))
    Recomputation.objects.filter(pk=run.pk).update(finished_at=timezone.now(), done=run.total)
    return done


def _chunks(calendar: Calendar) -> Iterator[list[int]]:
    """Request ids in order; each chunk is asked for anew, so nothing is done twice and nothing is left."""
    last = 0
    while True:
        rows = outdated(calendar).filter(service_request_id__gt=last).order_by("service_request_id")
        chunk = list(rows.values_list("service_request_id", flat=True).distinct()[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1]


def _recompute(pk: int, run: Recomputation) -> None:
    """Lock, then look: what came due by the old hours is written before the new ones hold."""
    now = timezone.now()
    service_request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    clocks, events = clock_services.settled_clocks(service_request, now)
    changes = []
    for clock in clocks.values():
        mine = clock.calendar_version.calendar_id == run.calendar_id and clock.agreement_id is not None
        old = mine and clock.calendar_version.number < run.version.number
        if old and clock.stopped_at is None and service_request.status in OPEN:
            before, clock.calendar_version_id = clock.due_at, run.version_id
            clock_services.set_alarms(clock)
            changes.append({
                "measure": clock.measure,
                "holder": clock.holder_id,
                "before": before.isoformat() if before else None,
                "after": clock.due_at.isoformat() if clock.due_at else None,
            })  # fmt: skip
    clock_services.save_clocks(service_request, clocks.values())
    service_request.save(update_fields=["due_at"])
    record_all([*events, _event(service_request, run, changes, now)] if changes else events)


def _event(service_request: ServiceRequest, run: Recomputation, changes: list[dict], now: datetime) -> Event:
    return Event(
        kind="clock.recomputed",
        subject_kind="request",
        subject_id=service_request.pk,
        actor_id=run.started_by_id,
        at=now,
        data={"department": service_request.supplier_id, "calendar": run.version_id, "clocks": changes},
    )
