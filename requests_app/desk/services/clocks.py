"""The clocks of a request: opened with the promise, paused, resumed, stopped.

All functions run inside the transaction of a move, with the request row locked. `Clocks` are those that a move
can still turn: the customer's by measure, and that of a department that took the request over, by measure and holder.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from requests_app.agreements.selectors import (
    Promised,
    escalations_of,
    gauge_of,
    own_calendar_of,
    pausing_of,
    promise_for,
)
from requests_app.agreements.states import WARN_AT, Escalation, Measure, Reopening, Step
from requests_app.calendars.selectors import current_version_id
from requests_app.desk.models import Clock, Handoff, Message, ServiceRequest
from requests_app.desk.states import NEW, HandoffState
from requests_app.events.models import Event
from requests_app.org.models import Department

Clocks = dict[str, Clock]
CHANGING = (Step.RAISE, Step.UNASSIGN)
AT_FILING = (Measure.RESPONSE, Measure.ACCEPTANCE, Measure.RESOLUTION)
DERIVED = ["due_at", "warn_at", "warned_at", "breached_at", "step_at", "steps_done"]


def due_instant(clock: Clock, share: float = 1.0) -> datetime | None:
    """When the clock reaches this share of its target, were it to run on; None while paused before that."""
    return gauge_of(clock.calendar_version_id).due(clock.started_at, clock.waits, clock.time, share)


def set_alarms(clock: Clock) -> None:
    """Derive what the sweeper looks for from start, pauses and target."""
    running = clock.stopped_at is None
    clock.due_at = due_instant(clock) if running else None
    clock.warn_at = due_instant(clock, WARN_AT) if running and clock.warned_at is None else None
    step = next_step(clock) if running else None
    clock.step_at = due_instant(clock, step.percent / 100) if step else None


def next_step(clock: Clock) -> Escalation | None:
    """The step of escalation that comes next; they are taken in the order of their shares, each once."""
    steps = [step for step in escalations_of(clock.agreement_id) if step.measure == clock.measure]
    return steps[clock.steps_done] if clock.steps_done < len(steps) else None


def open_clocks(
    service_request: ServiceRequest, promise: dict[str, Promised], calendar_version_id: int, at: datetime
) -> list[Clock]:
    """One clock for each measure that begins with the filing, not yet saved."""
    return [
        open_clock(service_request, promised, calendar_version_id, at)
        for measure, promised in promise.items()
        if measure in AT_FILING
    ]


def open_clock(
    service_request: ServiceRequest, promised: Promised, calendar_version_id: int, at: datetime, **more: int
) -> Clock:
    """Not yet saved. The calendar is the agreement's own, if it names one, else the one given."""
    clock = Clock(
        service_request=service_request,
        measure=promised.measure,
        agreement_id=promised.agreement_id,
        calendar_version_id=calendar_of(promised, calendar_version_id),
        started_at=at,
        **more,
    )
    clock.time = promised.time
    set_alarms(clock)
    return clock


def calendar_of(promised: Promised, otherwise: int) -> int:
    """The calendar version by which the promise is measured."""
    return current_version_id(promised.calendar_id) if promised.calendar_id else otherwise


def locked_clocks(service_request: ServiceRequest) -> Clocks:
    """Each clock that can still be turned; of the replies waited for one after the other, the last."""
    rows = Clock.objects.select_for_update().filter(service_request=service_request).order_by("pk")
    clocks = {}
    for clock in rows:
        clock.service_request = service_request
        clocks[clock.key] = clock
    return clocks


def settled_clocks(service_request: ServiceRequest, now: datetime) -> tuple[Clocks, list[Event]]:
    """The clocks locked for a step at `now`, with the warnings and breaches that came due before it.

    So the log is the same whether the sweeper was quick, late or away.
    """
    clocks = locked_clocks(service_request)
    alarms = [alarm for clock in clocks.values() for alarm in (note_warning(clock, now), note_breach(clock, now))]
    return clocks, [alarm for alarm in alarms if alarm]


def save_clocks(service_request: ServiceRequest, clocks: Iterable[Clock]) -> None:
    """Write the clocks and the request's own due time, by which queues sort."""
    clocks = list(clocks)
    Clock.objects.bulk_create([clock for clock in clocks if clock.pk is None])
    Clock.objects.bulk_update(
        [clock for clock in clocks if clock.pk],
        ["seconds", "days", "agreement", "calendar_version", "started_at", "stopped_at", "pauses", *DERIVED],
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
    return alarm("clock.breached", clock, due, due)


def note_warning(clock: Clock, now: datetime) -> Event | None:
    if clock.warned_at is not None or clock.warn_at is None or clock.warn_at > now:
        return None
    clock.warned_at, clock.warn_at = clock.warn_at, None
    return alarm("clock.warned", clock, clock.warned_at, clock.due_at, share=WARN_AT)


def steps_due(clock: Clock, now: datetime) -> Iterator[tuple[Escalation, Event]]:
    """Every step whose share is used by `now`, in order; each counts as taken."""
    while clock.step_at is not None and clock.step_at <= now and (step := next_step(clock)):
        at, clock.steps_done = clock.step_at, clock.steps_done + 1
        set_alarms(clock)
        yield step, alarm("clock.escalated", clock, at, clock.due_at, step=step.step, percent=step.percent)


def told_steps(clock: Clock, now: datetime) -> list[Event]:
    """Of a clock that is about to stop, the steps due that tell somebody; what would change the request is past."""
    return [event for step, event in steps_due(clock, now) if step.step not in CHANGING]


def alarm(kind: str, clock: Clock, at: datetime, due: datetime | None, **more: float | str) -> Event:
    data = {
        "measure": clock.measure,
        "target": clock.seconds,
        "due": due.isoformat() if due else None,
        "department": clock.service_request.supplier_id,
    }
    data |= {"days": clock.days} if clock.days else {}
    data |= {"holder": clock.holder_id} if clock.holder_id else {}
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


def restart(clock: Clock, at: datetime) -> None:
    """After a reopening, where the agreement says so: the whole target again. What was missed stays missed."""
    clock.started_at, clock.stopped_at, clock.pauses = at, None, []
    clock.warned_at, clock.steps_done = None, 0
    set_alarms(clock)


def stop_measures(clocks: Clocks, at: datetime, *measures: str) -> list[Event]:
    """Stop those that run, and note what came due before; stopped ones stay as they are."""
    events: list[Event | None] = []
    for measure in measures:
        clock = clocks.get(measure)
        if clock is None or clock.stopped_at is not None:
            continue
        events += told_steps(clock, at)
        events.append(note_breach(clock, at))
        stop(clock, at)
    return sorted((event for event in events if event), key=lambda event: event.at)


def stop_response(clocks: Clocks, at: datetime) -> list[Event]:
    """The first answer of the supplier stops the response clock, and each answer the wait for the next reply."""
    return stop_measures(clocks, at, Measure.RESPONSE, Measure.NEXT_REPLY)


def await_reply(clocks: Clocks, service_request: ServiceRequest, at: datetime) -> None:
    """The customer has written, after the first answer: from now the next reply is awaited, if one was promised."""
    last = clocks.get(Measure.NEXT_REPLY)
    if (last and last.stopped_at is None) or not _is_answered(clocks, service_request):
        return
    promised = promise_of(service_request).get(Measure.NEXT_REPLY)
    if promised is None:
        return
    version_id = current_version_id(promiser_of(service_request).calendar_id)
    following = last.round + 1 if last else 1
    clocks[Measure.NEXT_REPLY] = open_clock(service_request, promised, version_id, at, round=following)


def _is_answered(clocks: Clocks, service_request: ServiceRequest) -> bool:
    """Whether the supplier has given its first answer; where none was promised, the request itself tells."""
    first = clocks.get(Measure.RESPONSE)
    if first:
        return first.stopped_at is not None
    said = Message.objects.filter(service_request=service_request, internal=False)
    return service_request.status != NEW or said.exclude(department_id=service_request.customer_id).exists()


def promiser_of(service_request: ServiceRequest) -> Department:
    """Who gave the customer the promise: the first supplier, whoever took the request over since."""
    taken = Handoff.objects.filter(service_request=service_request, state=HandoffState.ACCEPTED)
    first = taken.select_related("sender").order_by("answered_at", "pk").first()
    return first.sender if first else service_request.supplier


def promise_of(service_request: ServiceRequest, at: datetime | None = None) -> dict[str, Promised]:
    """What holds for this request by the agreements in force when it was filed, with whom it was filed.

    Where it followed a newer agreement later, by those in force then; with `at`, by those in force at that instant.
    """
    return promise_for(
        customer_id=service_request.customer_id,
        supplier_id=promiser_of(service_request).pk,
        service_id=service_request.service_id,
        priority=service_request.priority,
        at=at or service_request.promised_at or service_request.created_at,
    )


def pass_on(clocks: Clocks, handoff: Handoff, at: datetime) -> list[Event]:
    """A department has taken over: its own clock begins, by what it promises the sender; the sender's ends.

    The customer's clocks run on. Call after the request has its new supplier.
    """
    service_request = handoff.service_request
    events = stop_measures(clocks, at, *(key for key, clock in clocks.items() if clock.holder_id))
    promised = promise_for(
        customer_id=handoff.sender_id,
        supplier_id=handoff.receiver_id,
        service_id=service_request.service_id,
        priority=service_request.priority,
        at=at,
    ).get(Measure.RESOLUTION)
    if promised:
        version_id = current_version_id(handoff.receiver.calendar_id)
        rounds = [clock.round for clock in clocks.values() if clock.holder_id == handoff.receiver_id]
        more = {"holder_id": handoff.receiver_id, "round": max(rounds, default=0) + 1}
        clock = open_clock(service_request, promised, version_id, at, **more)
        clocks[clock.key] = clock
    return events


def inner_promise(clocks: Clocks, service_request: ServiceRequest) -> dict[str, Promised]:
    """key → what the department that holds the request promises the one it took it from, at the priority of now."""
    found: dict[str, Promised] = {}
    for key, clock in clocks.items():
        if clock.holder_id is None or clock.stopped_at is not None:
            continue
        taken = Handoff.objects.filter(service_request=service_request, receiver=clock.holder_id, state="accepted")
        for sender_id in taken.order_by("-answered_at").values_list("sender_id", flat=True)[:1]:
            promised = promise_for(
                customer_id=sender_id,
                supplier_id=clock.holder_id,
                service_id=service_request.service_id,
                priority=service_request.priority,
                at=clock.started_at,
            )
            found |= {key: promised[clock.measure]} if clock.measure in promised else {}
    return found


def retarget(clocks: Clocks, promise: dict[str, Promised]) -> None:
    """After a change of priority or agreement: new targets, measured from the original start with the past pauses.

    Steps of another agreement that would lie behind by now are not taken after the event.
    """
    for measure, clock in clocks.items():
        if measure not in promise or clock.stopped_at is not None:
            continue
        before = clock.agreement_id
        clock.calendar_version_id = _same_hours(clock, promise[measure])
        clock.time, clock.agreement_id = promise[measure].time, promise[measure].agreement_id
        if clock.agreement_id != before:
            clock.steps_done = _steps_behind(clock)
        set_alarms(clock)


def _steps_behind(clock: Clock) -> int:
    now = timezone.now()
    shares = [step.percent / 100 for step in escalations_of(clock.agreement_id) if step.measure == clock.measure]
    return sum((due := due_instant(clock, share)) is not None and due <= now for share in shares)


def _same_hours(clock: Clock, promised: Promised) -> int:
    """The version that the clock has, unless the promise now is measured by another calendar."""
    if promised.agreement_id == clock.agreement_id:
        return clock.calendar_version_id
    wanted = promised.calendar_id
    if wanted is None and own_calendar_of(clock.agreement_id) is not None:
        holder = clock.holder or promiser_of(clock.service_request)
        return current_version_id(holder.calendar_id)
    if wanted is None or wanted == clock.calendar_version.calendar_id:
        return clock.calendar_version_id
    return current_version_id(wanted)


def stopped_by_delivery(clock: Clock) -> bool:
    """What a rejection or reopening sets going again: not the clock of a department that passed the request on."""
    delivered = clock.holder_id is None or clock.stopped_at == clock.service_request.delivered_at
    return clock.measure == Measure.RESOLUTION and delivered


def pauses_for(clock: Clock, reason: str) -> bool:
    """Whether waiting for this stops the clock. Only the time to deliver is ever paused."""
    return clock.measure == Measure.RESOLUTION and reason in pausing_of(clock.agreement_id)


def reopened(clock: Clock, rule: str, at: datetime) -> None:
    if rule == Reopening.RESTART:
        restart(clock, at)
    else:
        run_on(clock, at)
