"""Open requests follow a changed calendar or agreement: looked at first, then in chunks, old and new due times logged.

A clock keeps its start, its pauses, and a breach that was noted; only what it is measured by is new. A clock that is
stopped stays as it is.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import Promised, stage_of
from requests_app.agreements.states import Stage
from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import current_version_id
from requests_app.desk import policies
from requests_app.desk.models import Clock, Recomputation, ServiceRequest
from requests_app.desk.selectors.outdated import Rule, outdated
from requests_app.desk.services import clocks as clock_services
from requests_app.desk.services.filing import targets_as_measured
from requests_app.desk.states import OPEN, number_of
from requests_app.events.models import Event
from requests_app.events.services import claim_slot, record_all
from requests_app.kernel.errors import IllegalMove
from requests_app.org.models import Person

CHUNK = 200
CLAIM = 120  # seconds
SHOWN, LOOKED_AT = 50, 100


@dataclass(frozen=True)
class Change:
    """One clock, and what it would show; None is no due time, as while it is paused."""

    number: str
    measure: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Preview:
    """How many open clocks run by something older, and the first whose due time would be another."""

    clocks: int
    requests: int
    changes: list[Change]


def preview(rule: Rule, person: Person) -> Preview:
    """What a recomputation would do, nothing is written. Listed are requests that the reader may see."""
    rows = outdated(rule)
    listed = rows.filter(service_request__in=ServiceRequest.objects.visible_to(person))
    listed = listed.select_related("service_request__supplier", "calendar_version").order_by("service_request_id", "pk")
    changes = [_change(rule, clock) for clock in listed[:LOOKED_AT]]
    return Preview(
        clocks=rows.count(),
        requests=rows.values("service_request_id").distinct().count(),
        changes=[change for change in changes if change.before != change.after][:SHOWN],
    )


def _change(rule: Rule, clock: Clock) -> Change:
    tried = copy(clock)
    if isinstance(rule, Calendar):
        _follow_hours(tried, current_version_id(rule.pk))
    else:
        _follow_terms(tried, clock_services.promise_of(clock.service_request, timezone.now()))
    return Change(number_of(clock.service_request_id), clock.measure, clock.due_at, tried.due_at)


def _follow_hours(clock: Clock, version_id: int) -> None:
    clock.calendar_version_id = version_id
    clock_services.set_alarms(clock)


def _follow_terms(clock: Clock, promise: dict[str, Promised]) -> None:
    clock_services.retarget({clock.measure: clock}, promise)


@transaction.atomic
def start_recomputation(*, by: Person, rule: Rule) -> Recomputation:
    """A worker takes it up within seconds. IllegalMove when there is nothing to do, or somebody has started already."""
    policies.require_recompute(by, rule)
    type(rule).objects.select_for_update(of=("self",)).get(pk=rule.pk)
    about = _about(rule)
    if Recomputation.objects.filter(finished_at=None, **about).exists():
        raise IllegalMove(_("Somebody has started this already. It goes on by itself."))
    if isinstance(rule, Agreement) and stage_of(rule) != Stage.IN_FORCE:
        raise IllegalMove(_("It is not in force now, so no request can follow it."))
    total = outdated(rule).values("service_request_id").distinct().count()
    if not total:
        raise IllegalMove(_("Every open request runs by it already."))
    version_id = current_version_id(rule.pk) if isinstance(rule, Calendar) else None
    return Recomputation.objects.create(**about, version_id=version_id, started_by=by, total=total)


def last_recomputation(rule: Rule) -> Recomputation | None:
    """The one that goes on, or went on last."""
    return Recomputation.objects.filter(**_about(rule)).order_by("-pk").first()


def _about(rule: Rule) -> dict[str, Rule]:
    return {"calendar" if isinstance(rule, Calendar) else "agreement": rule}


def work_off_recomputations() -> int:
    """What the worker does every few seconds; how many requests were recomputed. Begun anew where one broke off."""
    waiting = Recomputation.objects.filter(finished_at=None).select_related("calendar", "version", "agreement")
    return sum(_work_off(run) for run in waiting.order_by("pk") if claim_slot(f"recomputation {run.pk}", seconds=CLAIM))


def _work_off(run: Recomputation) -> int:
    done = 0
    for chunk in _chunks(run.rule):
        with transaction.atomic():
            for pk in chunk:
                _recompute(pk, run)
        done += len(chunk)
        Recomputation.objects.filter(pk=run.pk).update(done=min(run.done + done, run.total))
    Recomputation.objects.filter(pk=run.pk).update(finished_at=timezone.now(), done=run.total)
    return done


def _chunks(rule: Rule) -> Iterator[list[int]]:
    """Request ids in order; each chunk is asked for anew, so nothing is done twice and nothing is left."""
    last = 0
    while True:
        rows = outdated(rule).filter(service_request_id__gt=last).order_by("service_request_id")
        chunk = list(rows.values_list("service_request_id", flat=True).distinct()[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1]


def _recompute(pk: int, run: Recomputation) -> None:
    """Lock, then look: what came due by the old rule is written before the new one holds."""
    now = timezone.now()
    service_request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    clocks, events = clock_services.settled_clocks(service_request, now)
    before = {key: clock.due_at for key, clock in clocks.items()}
    if service_request.status not in OPEN:
        followed: list[str] = []
    elif run.agreement_id:
        followed = _take_terms(service_request, clocks, run.agreement_id, now)
    else:
        followed = _take_hours(clocks, run)
    clock_services.save_clocks(service_request, clocks.values())
    service_request.save(update_fields=["due_at", "promised_at"])
    if followed:
        events.append(_event(service_request, run, [(clocks[key], before[key]) for key in followed], clocks, now))
    record_all(events)


def _take_hours(clocks: clock_services.Clocks, run: Recomputation) -> list[str]:
    """The keys of the clocks that are measured by the newer version from now on; never back to an older one."""
    followed = []
    for key, clock in clocks.items():
        mine = clock.calendar_version.calendar_id == run.calendar_id and clock.agreement_id is not None
        if mine and run.version and clock.calendar_version.number < run.version.number and clock.stopped_at is None:
            _follow_hours(clock, run.version.pk)
            followed.append(key)
    return followed


def _take_terms(
    service_request: ServiceRequest, clocks: clock_services.Clocks, agreement_id: int, now: datetime
) -> list[str]:
    """The keys of the clocks that run by what is promised now; none where this agreement does not hold for it."""
    promise = clock_services.promise_of(service_request, now)
    if agreement_id not in {promised.agreement_id for promised in promise.values()}:
        return []
    followed = [
        key
        for key, clock in clocks.items()
        if key in promise and clock.stopped_at is None and clock.agreement_id not in (None, promise[key].agreement_id)
    ]
    clock_services.retarget({key: clocks[key] for key in followed}, promise)
    service_request.promised_at = now
    return followed


def _event(
    service_request: ServiceRequest,
    run: Recomputation,
    followed: list[tuple[Clock, datetime | None]],
    clocks: clock_services.Clocks,
    now: datetime,
) -> Event:
    changes = [
        {
            "measure": clock.measure,
            "holder": clock.holder_id,
            "before": before.isoformat() if before else None,
            "after": clock.due_at.isoformat() if clock.due_at else None,
        }
        for clock, before in followed
    ]
    data: dict[str, Any] = {"department": service_request.supplier_id, "calendar": run.version_id, "clocks": changes}
    if run.agreement_id:
        promise = clock_services.promise_of(service_request)
        data |= {"agreement": run.agreement_id, "targets": targets_as_measured(promise, clocks)}
    return Event(
        kind="clock.recomputed",
        subject_kind="request",
        subject_id=service_request.pk,
        actor_id=run.started_by_id,
        at=now,
        data=data,
    )
