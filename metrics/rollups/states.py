"""A figure as it is shown, the sums it is made of, and the days of a period. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from metrics.rollups.definitions import Definition, Unit
from metrics.rollups.sketch import Sketch
from metrics.rollups.statistics import mean_interval, wilson

ENOUGH_PEOPLE = 5
DAY = timedelta(days=1)


class Side:
    """From which end of a request a department looks at it."""

    SUPPLIER, CUSTOMER = "supplier", "customer"
    ALL = (SUPPLIER, CUSTOMER)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def parts_of(span: str, first: date) -> list[tuple[str, date]]:
    """(span, first day) of what makes up a cell: a week its days, a month its whole weeks and other days."""
    if span != "month":
        return [("day", first + timedelta(days=place)) for place in range(7 if span == "week" else 1)]
    tiles = _weeks_and_days(first, next_month(first))
    steps = {"day": 1, "week": 7}
    return [
        (part, start + timedelta(days=place))
        for part, start, after in tiles
        for place in range(0, (after - start).days, steps[part])
    ]


@dataclass(frozen=True)
class Period:
    """The days from `start` up to but not including `end`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        return self.end - DAY

    def before(self) -> "Period":
        """As many days, right before."""
        return Period(self.start - (self.end - self.start), self.start)

    def whole_months(self) -> tuple[date, date]:
        """[first day of the first whole month, first day after the last whole one); empty when equal."""
        first = self.start if self.start.day == 1 else next_month(self.start)
        last = self.end.replace(day=1)
        return (first, last) if first < last else (self.start, self.start)

    def tiles(self) -> list[tuple[str, date, date]]:
        """(span, first day, day after) that make it up: whole months, whole weeks of the ends, days."""
        first, last = self.whole_months()
        if first == last:
            return _weeks_and_days(self.start, self.end)
        return [*_weeks_and_days(self.start, first), ("month", first, last), *_weeks_and_days(last, self.end)]

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instants at which it begins and ends on the walls of a zone."""
        start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (self.start, self.end))
        return start, end

    def cut(self, days: int) -> list["Period"]:
        """Pieces of so many days, the last one ending with the period, oldest first."""
        pieces, end = [], self.end
        while end > self.start:
            pieces.append(Period(max(end - timedelta(days=days), self.start), end))
            end = pieces[-1].start
        return pieces[::-1]

    def weeks(self) -> list["Period"]:
        """Weeks from Monday on, the first and last as far as they belong to the period."""
        monday = self.start - timedelta(days=self.start.weekday())
        starts = [monday + timedelta(days=7 * place) for place in range((self.end - monday).days // 7 + 1)]
        found = [Period(max(start, self.start), min(start + timedelta(days=7), self.end)) for start in starts]
        return [week for week in found if week.start < week.end]

    def months(self) -> list["Period"]:
        """Calendar months, the first and last as far as they belong to the period."""
        pieces, start = [], self.start
        while start < self.end:
            pieces.append(Period(start, min(next_month(start), self.end)))
            start = pieces[-1].end
        return pieces


def _weeks_and_days(start: date, end: date) -> list[tuple[str, date, date]]:
    first, last = monday(start + timedelta(days=6)), monday(end)
    if first >= last:
        return [("day", start, end)] if start < end else []
    tiles = [("day", start, first), ("week", first, last), ("day", last, end)]
    return [tile for tile in tiles if tile[1] < tile[2]]


@dataclass
class Tally:
    """What cells add up to."""

    n: int = 0
    total: int = 0
    squares: int = 0
    total_cs: int = 0
    sketch: Sketch = field(default_factory=Sketch)
    sketch_cs: Sketch = field(default_factory=Sketch)
    people: set[int] = field(default_factory=set)
    # Of an exact count, in place of the sketches: [median, p90, low, high]
    exact: Sequence[float | None] = ()
    exact_cs: Sequence[float | None] = ()

    def add(self, n: int, total: int, squares: int, total_cs: int | None, people: Iterable[int] | None) -> None:
        self.n += n
        self.total += total
        self.squares += squares
        self.total_cs += total_cs or 0
        if people:
            self.people.update(people)

    def merge(self, other: "Tally") -> None:
        """Take in the sums of another part. Exact percentiles are those of one part alone and are not taken over."""
        self.add(other.n, other.total, other.squares, other.total_cs, other.people)
        self.sketch.merge(other.sketch)
        self.sketch_cs.merge(other.sketch_cs)

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.n else None

    def quantiles(self) -> Sequence[float | None]:
        return self.exact or _quantiles(self.sketch)

    def quantiles_cs(self) -> Sequence[float | None]:
        return self.exact_cs or _quantiles(self.sketch_cs)


def _quantiles(sketch: Sketch) -> Sequence[float | None]:
    low, high = sketch.median_interval() or (None, None)
    return sketch.percentile(0.5), sketch.percentile(0.9), low, high


@dataclass(frozen=True)
class Spread:
    """A duration in calendar time."""

    value: float | None
    median: float | None
    p90: float | None
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Figure:
    """One figure of one cell. `value` is the headline; None with a reason in `hidden` or, without rows, in nothing."""

    definition: Definition
    n: int
    value: float | None
    median: float | None = None
    p90: float | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    total: int | None = None
    target: float | None = None
    calendar: Spread | None = None
    hidden: str = ""  # "few": fewer people answered than may be shown; "narrowed": not told of so small a part

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def behind(self) -> int:
        """How much the list behind it tells of: requests, or handoffs of them. Of a load by agent its n is agents."""
        return (self.total or 0) if self.key == "load_per_agent" else self.n


def figure_of(definition: Definition, tally: Tally, target: float | None = None) -> Figure:
    """The figure that these sums make. Nothing is None, never 0; fewer than five respondents hide it."""
    if definition.personal and len(tally.people) < ENOUGH_PEOPLE:
        return Figure(definition, tally.n, None, target=target, hidden="few" if tally.n else "")
    if definition.unit == Unit.COUNT:
        return Figure(definition, tally.n, tally.n, target=target)
    if definition.is_duration:
        return _duration_figure(definition, tally, target)
    mean = tally.mean
    interval = (
        wilson(tally.total, tally.n)
        if definition.unit == Unit.SHARE
        else mean_interval(tally.n, tally.total, tally.squares)
    )
    low, high = interval or (None, None)
    if definition.unit == Unit.SCORE and interval:
        low, high = max(interval[0], 1.0), min(interval[1], 5.0)  # nobody can answer beyond the ends of the scale
    return Figure(
        definition, tally.n, mean, mean=mean, low=low, high=high, total=tally.total if tally.n else None, target=target
    )


def _duration_figure(definition: Definition, tally: Tally, target: float | None) -> Figure:
    median, p90, low, high = tally.quantiles()
    calendar = None
    if definition.calendar and tally.n:
        median_cs, p90_cs, low_cs, high_cs = tally.quantiles_cs()
        calendar = Spread(median_cs, median_cs, p90_cs, tally.total_cs / tally.n, low_cs, high_cs)
    return Figure(
        definition, tally.n, median, median=median, p90=p90, mean=tally.mean, low=low, high=high,
        total=tally.total if tally.n else None, target=target, calendar=calendar,
    )  # fmt: skip


MANY_OPEN = 0.05  # of what was filed: from here on figures of ended requests alone flatter


@dataclass(frozen=True)
class OpenAware:
    """How long what was filed in a period takes, with what is still open counted for as long as it has lasted.

    `median` and `p90` are seconds of working time by Kaplan and Meier; None where they are not reached yet. `n` counts
    the ended and the open ones.
    """

    key: str
    n: int
    open: int
    median: float | None
    p90: float | None

    @property
    def many_open(self) -> bool:
        return self.open > MANY_OPEN * self.n


@dataclass(frozen=True)
class Scope:
    """Whose figures, from which side, of which days. No departments means the whole company.

    `other_ids` narrow to these departments on the other side. `zone` says where days begin when an instant is asked
    for: rows carry the days of their own supplier. `need_type`, `customer_kind` and `channel` narrow to the requests
    that are of this kind today; empty means all.
    """

    side: str
    department_ids: tuple[int, ...] | None
    period: Period
    now: datetime
    zone: ZoneInfo
    other_ids: tuple[int, ...] | None = None
    service_id: int | None = None
    priority: int | None = None
    need_type: str = ""
    customer_kind: str = ""
    channel: str = ""

    @property
    def kinds(self) -> dict[str, str]:
        """Column of the facts → what it has to hold. No cell tells these apart."""
        named = {"need_type": self.need_type, "customer_kind": self.customer_kind, "channel": self.channel}
        return {column: value for column, value in named.items() if value}

    @property
    def tells_no_answers(self) -> bool:
        """Narrowed to part of what five people of a customer answered together (docs/adr/0014)."""
        return bool(self.kinds) or self.service_id is not None or self.priority is not None

    @property
    def supplier_ids(self) -> tuple[int, ...] | None:
        return self.department_ids if self.side == Side.SUPPLIER else self.other_ids

    @property
    def customer_ids(self) -> tuple[int, ...] | None:
        return self.other_ids if self.side == Side.SUPPLIER else self.department_ids

    @property
    def until(self) -> datetime:
        """The instant of which open work is told: the end of the period, or now while it lasts."""
        return min(self.period.bounds(self.zone)[1], self.now)
