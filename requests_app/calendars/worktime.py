"""Working time: how much of it lies between two instants, and when a given amount of it is used up.

A schedule is weekly windows of local wall time plus dated exceptions. It is turned once into UTC intervals with
running totals, so every question is one or two binary searches. Inside, instants are whole microseconds since
1970: nothing is rounded. Daylight saving: a window opens the first time the wall clock shows its opening time and
closes the last time it shows its closing time; a time the clock skips is the moment of the jump.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
YEAR = 366 * DAY
FIRST, LAST = ((datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND for year in (1900, 2200))
MINUTES_A_WEEK = 7 * 1440


class NoWorkingTime(ValueError):
    """The schedule holds no (further) working time, so the question has no answer."""


@dataclass(frozen=True)
class Schedule:
    """Opening hours. A close at or before its open is the next day's; an exception replaces what starts on its day."""

    zone: str
    weekly: tuple[tuple[int, str, str], ...] = ()  # (weekday with 0 = Monday, open, close), "00:00" to "24:00"
    exceptions: Mapping[date, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # () = closed that day


@dataclass(frozen=True)
class Table:
    """Disjoint working intervals in order, with the work done before each; true from `low` to `high`."""

    low: int
    high: int
    starts: list[int]
    ends: list[int]
    before: list[int]

    def total(self, at: int) -> int:
        i = bisect_right(self.starts, at) - 1
        return self.before[i] + min(at, self.ends[i]) - self.starts[i] if i >= 0 else 0

    def reached(self, total: int) -> int | None:
        """The first instant at which `total` is worked: a span that fills the day ends at closing time."""
        return self._worked_up_to(total, bisect_left(self.before, total) - 1)

    def left(self, total: int) -> int | None:
        """The last instant at which no more than `total` is worked: the mirror image, for going back in time."""
        return self._worked_up_to(total, bisect_right(self.before, total) - 1)

    def opening(self, at: int) -> int | None:
        i = bisect_right(self.ends, at)
        return max(self.starts[i], at) if i < len(self.ends) and self.starts[i] <= self.high else None

    def _worked_up_to(self, total: int, i: int) -> int | None:
        if i < 0:
            return None
        at = self.starts[i] + total - self.before[i]
        return at if self.low <= at <= min(self.ends[i], self.high) else None


class Worktime:
    """Answers questions about one schedule; keep it, it remembers the years it has laid out. Safe across threads."""

    def __init__(self, schedule: Schedule) -> None:
        self._zone = ZoneInfo(schedule.zone)
        self._weekly = [tuple(_minutes(*w[1:]) for w in schedule.weekly if w[0] == day) for day in range(7)]
        self._exceptions = {day: tuple(_minutes(*w) for w in windows) for day, windows in schedule.exceptions.items()}
        self._first, self._last = self._extent()
        # One reference, replaced as a whole: a thread sees either the old table or the new one.
        self._table = (
            Table(FIRST, LAST, [FIRST], [LAST], [0]) if self._never_closes() else Table(LAST, FIRST, [], [], [])
        )

    @property
    def zone(self) -> ZoneInfo:
        return self._zone

    def between(self, start: datetime, stop: datetime) -> float:
        """Seconds of working time in [start, stop); negative when they are swapped."""
        return self.micros_between(start, stop) / SECOND

    def micros_between(self, start: datetime, stop: datetime) -> int:
        """The same in whole microseconds, for sums that have to be exact."""
        a, b = _micros(start), _micros(stop)
        table = self._covering(a, b)
        return table.total(b) - table.total(a)

    def elapsed(self, start: datetime, stop: datetime, pauses: Iterable[tuple[datetime, datetime]] = ()) -> float:
        """Seconds of working time in [start, stop) outside the pauses; overlapping pauses count once."""
        spent, covered = self.micros_between(start, stop), start
        for pause_start, pause_stop in sorted(pauses):
            begins, ends = max(pause_start, covered), min(pause_stop, stop)
            if begins < ends:
                spent -= self.micros_between(begins, ends)
                covered = ends
        return spent / SECOND

    def add(self, start: datetime, seconds: float) -> datetime:
        """The first instant by which `seconds` are worked after `start`; for a negative span the last one before."""
        at, amount = _micros(start), round(seconds * SECOND)
        if amount == 0:
            return _instant(at)
        if amount > 0:
            return self._seek(at, 1, lambda table: table.reached(table.total(at) + amount))
        return self._seek(at, -1, lambda table: table.left(table.total(at) + amount))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself in working time, else the next opening."""
        known = _micros(at)
        return self._seek(known, 1, lambda table: table.opening(known))

    def is_open(self, at: datetime) -> bool:
        return self.micros_between(at, at + MICROSECOND) > 0

    def intervals(self, start: datetime, stop: datetime) -> list[tuple[datetime, datetime]]:
        """The working intervals inside [start, stop), half-open, in order, none touching the next."""
        a, b = _micros(start), _micros(stop)
        if a >= b:
            return []
        table = self._covering(a, b)
        inside = slice(bisect_right(table.ends, a), bisect_left(table.starts, b))
        pairs = zip(table.starts[inside], table.ends[inside], strict=True)
        return [(_instant(max(opens, a)), _instant(min(closes, b))) for opens, closes in pairs]

    def _seek(self, at: int, direction: int, find: Callable[[Table], int | None]) -> datetime:
        """Look further and further from `at`, up to the end of all working time; a fixed number of steps."""
        end, reach = (self._last, YEAR) if direction > 0 else (self._first, YEAR)
        while True:
            edge = min(at + reach, LAST) if direction > 0 else max(at - reach, FIRST)
            found = find(self._covering(at, edge))
            if found is not None:
                return _instant(found)
            if (edge - end) * direction >= 0:
                raise NoWorkingTime("The calendar has no working time left in that direction.")
            reach *= 4

    def _covering(self, a: int, b: int) -> Table:
        table = self._table
        low, high = (a, b) if a <= b else (b, a)
        if low < table.low or high > table.high:
            low, high = min(low, table.low), max(high, table.high)
            table = self._table = self._lay_out(max(low - YEAR, FIRST), min(high + YEAR, LAST))
        return table

    def _lay_out(self, low: int, high: int) -> Table:
        table = Table(low, high, [], [], [])
        worked = 0
        for opens, closes in sorted(self._windows(low, high)):
            if table.ends and opens <= table.ends[-1]:
                worked += max(closes - table.ends[-1], 0)
                table.ends[-1] = max(closes, table.ends[-1])
            elif opens < closes:
                table.starts.append(opens)
                table.ends.append(closes)
                table.before.append(worked)
                worked += closes - opens
        return table

    def _windows(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        # Three days more on either side: zones reach 14 h from UTC, a night shift a day, a skipped day another.
        first, last = (_instant(at).toordinal() + margin for at, margin in ((low, -3), (high, 3)))
        for ordinal in range(first, last + 1):
            day = date.fromordinal(ordinal)
            midnight = datetime.combine(day, time())
            for opens, closes in self._exceptions.get(day, self._weekly[day.weekday()]):
                yield (
                    on_clock(midnight + timedelta(minutes=opens), self._zone, fold=0),
                    on_clock(midnight + timedelta(minutes=closes), self._zone, fold=1),
                )

    def _extent(self) -> tuple[int, int]:
        """Where working time can begin and end at all: without weekly windows, only around the exceptions."""
        if any(self._weekly):
            return FIRST, LAST
        days = [(day.toordinal() - EPOCH.toordinal()) * DAY for day, windows in self._exceptions.items() if windows]
        return (min(days) - 3 * DAY, max(days) + 3 * DAY) if days else (LAST, FIRST)

    def _never_closes(self) -> bool:
        """True when the weekly windows leave no gap: then the whole timeline is one interval."""
        windows = sorted(
            (day * 1440 + opens, day * 1440 + closes) for day in range(7) for opens, closes in self._weekly[day]
        )
        reach = max((closes for _, closes in windows), default=0) - MINUTES_A_WEEK  # Sunday night into Monday
        for opens, closes in windows:
            if opens > max(reach, 0):
                return False
            reach = max(reach, closes)
        return reach >= MINUTES_A_WEEK and not self._exceptions


def _minutes(opens: str, closes: str) -> tuple[int, int]:
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (opens, closes))
    return start, end if end > start else end + 1440


def _micros(at: datetime) -> int:
    micros = (at - EPOCH) // MICROSECOND
    if not FIRST <= micros <= LAST:
        raise NoWorkingTime("Working time is only known for the years 1900 to 2199.")
    return micros


def _instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def on_clock(wall: datetime, zone: ZoneInfo, *, fold: int) -> int:
    """When the clock on the wall shows `wall`: the first (fold 0) or last (fold 1) time, or the jump that skips it."""
    first, last = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() >= last.utcoffset():  # type: ignore[operator]  # a ZoneInfo always knows its offset
        return ((last if fold else first) - EPOCH) // MICROSECOND
    # Skipped: the jump lies between the two readings, at the first instant whose wall clock is past `wall`.
    low, high = (last - EPOCH) // MICROSECOND, (first - EPOCH) // MICROSECOND
    instants = range(low, high + 1)
    return instants[bisect_right(instants, wall, key=lambda at: _instant(at).astimezone(zone).replace(tzinfo=None))]
