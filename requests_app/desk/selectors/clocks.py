"""The clocks of a request as a reader sees them: how much is used, what is left, and intervals that add up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import rule_of
from requests_app.agreements.states import IMPACT, PRIORITY, URGENCY, WARN_AT, HoldReason, Measure
from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import worktime_of
from requests_app.calendars.worktime import Worktime
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.states import CANCELLED, DECLINED, DELIVERED
from requests_app.kernel.written import written_once

WITH = ("agreement__customer", "agreement__supplier", "agreement__service", "calendar_version__calendar")
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

    @property
    def left(self) -> float:
        return self.target - self.elapsed

    @property
    def parts(self) -> list[tuple[str, float]]:
        return [(self.side if part.counted else "pause", part.worked) for part in self.intervals]

    @property
    def stood(self) -> float:
        """Calendar seconds of the pauses that are over, working hours or not."""
        pauses = [part for part in self.intervals if not part.counted]
        return sum((part.ends - part.begins).total_seconds() for part in pauses if part.ends)


def clocks_of(request_ids: Iterable[int], *, explained: bool = False) -> dict[int, dict[str, Clock]]:
    """request → measure → clock, in one query; `explained` with what the reasons need."""
    found: dict[int, dict[str, Clock]] = {}
    for clock in _clocks(explained, request_ids=request_ids):
        found.setdefault(clock.service_request_id, {})[clock.measure] = clock
    return found


@written_once
def _clocks(explained: bool, *, request_ids: Iterable[int]) -> QuerySet[Clock]:
    rows = Clock.objects.filter(service_request_id__among=request_ids)
    return rows.select_related(*WITH) if explained else rows


@written_once
def _promised(*, request_id: int) -> QuerySet[Clock]:
    return Clock.objects.filter(service_request_id=request_id).select_related("agreement")


def promised_clocks(row: ServiceRequest) -> dict[str, Clock]:
    """measure → clock with its agreement: enough to say what was promised, and by which rule."""
    return {clock.measure: clock for clock in _promised(request_id=row.pk)}


def face_of(clock: Clock, service_request: ServiceRequest, now: datetime, *, explained: bool = False) -> ClockFace:
    worktime = worktime_of(clock.calendar_version_id)
    until = min(clock.stopped_at, now) if clock.stopped_at else now
    intervals = tuple(_intervals(clock, worktime, until))
    elapsed = sum(part.worked for part in intervals if part.counted)
    paused = bool(intervals) and not intervals[-1].counted and clock.stopped_at is None
    return ClockFace(
        measure=clock.measure,
        label=Measure(clock.measure).label,
        state=_state(clock, service_request, elapsed, paused=paused),
        elapsed=elapsed,
        target=clock.seconds,
        paused=sum(part.worked for part in intervals if not part.counted),
        due=clock.due_at,
        stopped=clock.stopped_at,
        why=_why(clock, service_request) if explained else "",
        intervals=intervals,
    )


def _intervals(clock: Clock, worktime: Worktime, until: datetime) -> Iterator[Interval]:
    """From the start to `until`, without gap or overlap, so that their sums are the clock."""
    cursor = clock.started_at
    for pause in sorted(clock.pauses, key=lambda pause: pause["from"]):
        begins = max(datetime.fromisoformat(pause["from"]), cursor)
        ends = datetime.fromisoformat(pause["to"]) if pause["to"] else None
        if begins >= until or (ends and ends <= cursor):
            continue
        if begins > cursor:
            yield _ran(worktime, cursor, begins)
        cursor = min(ends or until, until)
        shown = ends if ends or clock.stopped_at else None
        yield Interval(begins, shown, _pause_words(pause["why"]), worktime.between(begins, cursor), counted=False)
    if cursor < until:
        lasts = clock.stopped_at is None
        ran = _ran(worktime, cursor, until)
        yield Interval(ran.begins, None, ran.words, ran.worked, counted=True) if lasts else ran


def _ran(worktime: Worktime, begins: datetime, ends: datetime) -> Interval:
    return Interval(begins, ends, RAN, worktime.between(begins, ends), counted=True)


def _pause_words(why: str) -> str | Promise:
    if why == DELIVERED:
        return STOOD
    return HoldReason(why).label if why in HoldReason.values else why


def _state(clock: Clock, service_request: ServiceRequest, elapsed: float, *, paused: bool) -> str:
    over = clock.breached_at is not None or elapsed > clock.seconds
    if clock.stopped_at is not None:
        ended = service_request.status in (CANCELLED, DECLINED) and clock.stopped_at == service_request.closed_at
        return "missed" if over else "cancelled" if ended else "kept"
    if paused:
        return "paused"
    if over:
        return "overdue"
    return "warned" if elapsed >= clock.seconds * WARN_AT else "running"


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
        measure="acceptance",
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
