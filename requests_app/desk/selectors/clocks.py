"""The clocks of a request as a reader sees them: how much is used, what is left, and intervals that add up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.agreements.clockwork import Gauge, days_of
from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import gauge_of, rule_of
from requests_app.agreements.states import IMPACT, PRIORITY, URGENCY, WARN_AT, Days, HoldReason, Measure, Time
from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import worktime_of
from requests_app.calendars.worktime import Worktime
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.states import CANCELLED, DECLINED, DELIVERED
from requests_app.kernel.written import written_once

WITH = ("holder", "agreement__customer", "agreement__supplier", "agreement__service", "calendar_version__calendar")
# Told late: lists count by dozens of clocks and tell none of their intervals.
RAN = gettext_lazy("The clock ran")
STOOD = gettext_lazy("Delivered, waiting for the customer's verdict")


@dataclass(frozen=True)
class Interval:
    """A stretch of a clock's life: it ran (`counted`) or it stood, and how much working time lay in it."""

    begins: datetime
    ends: datetime | None  # None: it lasts
    words: str | Promise
    worked: float
    counted: bool
    in_days: bool = False

    @property
    def amount(self) -> Time | float:
        """What lay in it, in the unit of the clock's target."""
        return Days(int(self.worked)) if self.in_days else self.worked


@dataclass(frozen=True)
class ClockFace:
    """What one clock shows. Seconds are working time; `parts` are (kind, seconds) for the bar."""

    measure: str
    label: str | Promise
    state: str
    elapsed: float
    target: float
    paused: float
    due: datetime | None
    stopped: datetime | None
    why: str
    intervals: tuple[Interval, ...]
    side: str = "us"
    in_days: bool = False
    until_due: float | None = None  # working time from now to the due time, for a target in days
    inside: bool = False  # what a department promised the one it took the request from, not the customer

    @property
    def left(self) -> float | None:
        """Working time left; of a target in days None while it is paused, because only whole days are known then."""
        return self.until_due if self.in_days else self.target - self.elapsed

    @property
    def used_of(self) -> tuple[Time | float, Time | float]:
        """How much is used of how much, each in the target's own unit."""
        return self.in_unit(self.elapsed), self.in_unit(self.target)

    @property
    def paused_for(self) -> Time | float:
        return self.in_unit(self.paused)

    def in_unit(self, amount: float) -> Time | float:
        return Days(int(amount)) if self.in_days else amount

    @property
    def parts(self) -> list[tuple[str, float]]:
        return [(self.side if part.counted else "pause", part.worked) for part in self.intervals]

    @property
    def stood(self) -> float:
        """Calendar seconds of the pauses that are over, working hours or not."""
        pauses = [part for part in self.intervals if not part.counted]
        return sum((part.ends - part.begins).total_seconds() for part in pauses if part.ends)


def clocks_of(request_ids: Iterable[int], *, explained: bool = False) -> dict[int, dict[str, Clock]]:
    """request → key → clock, in one query; `explained` with what the reasons need.

    The key is the measure, with the holder where a department took the request over; of the replies that were waited
    for one after the other the last.
    """
    found: dict[int, dict[str, Clock]] = {}
    for clock in _clocks(explained, request_ids=request_ids):
        found.setdefault(clock.service_request_id, {})[clock.key] = clock
    return found


@written_once
def _clocks(explained: bool, *, request_ids: Iterable[int]) -> QuerySet[Clock]:
    rows = Clock.objects.filter(service_request_id__among=request_ids).order_by("pk")
    return rows.select_related(*WITH) if explained else rows


@written_once
def _promised(*, request_id: int) -> QuerySet[Clock]:
    rows = Clock.objects.filter(service_request_id=request_id, holder=None)
    return rows.select_related("agreement").order_by("pk")


def promised_clocks(row: ServiceRequest) -> dict[str, Clock]:
    """measure → clock with its agreement: enough to say what was promised, and by which rule."""
    return {clock.measure: clock for clock in _promised(request_id=row.pk)}


def face_of(clock: Clock, service_request: ServiceRequest, now: datetime, *, explained: bool = False) -> ClockFace:
    gauge = gauge_of(clock.calendar_version_id)
    until = min(clock.stopped_at, now) if clock.stopped_at else now
    intervals = tuple(_intervals(clock, gauge, until))
    elapsed = sum(part.worked for part in intervals if part.counted)
    paused = bool(intervals) and not intervals[-1].counted and clock.stopped_at is None
    return ClockFace(
        measure=clock.measure,
        label=_label(clock) if explained else Measure(clock.measure).label,
        state=_state(clock, service_request, elapsed, until, paused=paused),
        elapsed=elapsed,
        target=clock.days or clock.seconds or 0,
        in_days=bool(clock.days),
        until_due=gauge.worktime.between(now, clock.due_at) if clock.days and clock.due_at else None,
        inside=clock.holder_id is not None,
        paused=sum(part.worked for part in intervals if not part.counted),
        due=clock.due_at,
        stopped=clock.stopped_at,
        why=_why(clock, service_request) if explained else "",
        intervals=intervals,
    )


def _label(clock: Clock) -> str:
    """The measure; with the department whose own clock it is, where that is not the customer's promise."""
    measure = str(Measure(clock.measure).label)
    return (
        _("%(measure)s, %(holder)s inside") % {"measure": measure, "holder": clock.holder} if clock.holder else measure
    )


def _intervals(clock: Clock, gauge: Gauge, until: datetime) -> Iterator[Interval]:
    """From the start to `until`, without gap or overlap, so that their sums are the clock."""

    def stretch(
        begins: datetime, ends: datetime, shown: datetime | None, words: str | Promise, *, counted: bool
    ) -> Interval:
        passed = gauge.passed(clock.started_at, begins, ends, clock.time)
        return Interval(begins, shown, words, passed, counted=counted, in_days=bool(clock.days))

    cursor = clock.started_at
    for pause in sorted(clock.pauses, key=lambda pause: pause["from"]):
        begins = max(datetime.fromisoformat(pause["from"]), cursor)
        ends = datetime.fromisoformat(pause["to"]) if pause["to"] else None
        if begins >= until or (ends and ends <= cursor):
            continue
        if begins > cursor:
            yield stretch(cursor, begins, begins, RAN, counted=True)
        cursor = min(ends or until, until)
        shown = ends if ends or clock.stopped_at else None
        yield stretch(begins, cursor, shown, _pause_words(pause["why"]), counted=False)
    if cursor < until:
        shown = None if clock.stopped_at is None else until
        yield stretch(cursor, until, shown, RAN, counted=True)


def _pause_words(why: str) -> str | Promise:
    if why == DELIVERED:
        return STOOD
    return HoldReason(why).label if why in HoldReason.values else why


def _state(clock: Clock, service_request: ServiceRequest, elapsed: float, until: datetime, *, paused: bool) -> str:
    warned = days_of(Days(clock.days), WARN_AT) if clock.days else max((clock.seconds or 0) * WARN_AT, 1)
    over = clock.breached_at is not None or _is_over(clock, elapsed, until)
    if clock.stopped_at is not None:
        ended = service_request.status in (CANCELLED, DECLINED) and clock.stopped_at == service_request.closed_at
        return "missed" if over else "cancelled" if ended else "kept"
    if paused:
        return "paused"
    if over:
        return "overdue"
    return "warned" if elapsed >= warned else "running"


def _is_over(clock: Clock, elapsed: float, until: datetime) -> bool:
    """A time is over when more is used. Days are over when the last one is complete, which the due time says."""
    if not clock.days:
        return elapsed > (clock.seconds or 0)
    due = clock.due_at or gauge_of(clock.calendar_version_id).due(clock.started_at, clock.waits, clock.time)
    return due is not None and until > due


def _why(clock: Clock, service_request: ServiceRequest) -> str:
    """Which agreement, which version, which rule, which calendar: everything that led to the target."""
    version = clock.calendar_version
    calendar = _("Calendar “%(name)s”, %(zone)s.") % {"name": version.calendar.name, "zone": version.zone}
    level = _("Priority %(priority)s: urgency “%(urgency)s”, touched “%(impact)s”.") % {
        "priority": PRIORITY[service_request.priority],
        "urgency": URGENCY[service_request.urgency],
        "impact": IMPACT[service_request.impact],
    }
    return f"{agreement_words(clock.agreement)} {level} {calendar}"


def agreement_words(agreement: Agreement | None) -> str:
    """Which promise, in a sentence; None is a target that came with an import."""
    if agreement is None:
        return _("The target came with the request.")
    rule = rule_of(
        customer_id=agreement.customer_id, supplier_id=agreement.supplier_id, service_id=agreement.service_id
    )
    return _("%(rule)s, version %(version)s.") % {"rule": rule[:1].upper() + rule[1:], "version": agreement.version}


def customer_worktimes(rows: Iterable[ServiceRequest]) -> dict[int, Worktime]:
    """request → the working time of its customer, for those that wait for a verdict; at most one query."""
    waiting = [row for row in rows if row.status == DELIVERED and row.acceptance_due_at]
    if not waiting:
        return {}
    chosen = {row.customer.calendar_id for row in waiting}
    found = Calendar.objects.filter(Q(pk__in=chosen - {None}) | Q(is_default=True))
    versions: dict[int | None, int] = {}
    for pk, current_id, is_default in found.values_list("pk", "current_id", "is_default"):
        versions[pk] = current_id
        if is_default:
            versions[None] = current_id
    return {row.pk: worktime_of(versions[row.customer.calendar_id]) for row in waiting}


def acceptance_face(
    service_request: ServiceRequest, now: datetime, *, mine: bool, worktime: Worktime | None = None
) -> ClockFace | None:
    """The customer's own clock while a delivery waits for its verdict; `worktime` is theirs, where it is known."""
    due, delivered = service_request.acceptance_due_at, service_request.delivered_at
    worktime = worktime or customer_worktimes([service_request]).get(service_request.pk)
    if worktime is None or due is None or delivered is None:
        return None
    target = worktime.between(delivered, due)
    until = max(now, delivered)
    label = _("Your acceptance") if mine else _("Acceptance by %(name)s") % {"name": service_request.customer.name}
    ran = Interval(delivered, None, _("Waits for the verdict"), worktime.between(delivered, until), counted=True)
    return ClockFace(
        measure="verdict",
        label=label,
        state="overdue" if now > due else "running",
        elapsed=ran.worked,
        target=target,
        paused=0,
        due=due,
        stopped=None,
        why=_("After that the delivery counts as accepted."),
        intervals=(ran,),
        side="cust",
    )
