"""Targets in working days: "within 10 working days" keeps the clock time and counts days, it is never hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from requests_app.calendars.worktime import EPOCH, MICROSECOND, NoWorkingTime, on_clock

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayRule:
    """Which days count, and from when on a request counts as received on the next of them."""

    zone: str
    workdays: frozenset[int] = frozenset(range(5))  # 0 = Monday
    holidays: frozenset[date] = frozenset()
    cutoff: time = time(17)
    restart: time = time(8, 30)

    def counts(self, day: date) -> bool:
        return day.weekday() in self.workdays and day not in self.holidays


def add_days(start: datetime, days: int, rule: DayRule) -> datetime:
    """The instant `days` working days after `start`.

    A start on a day off moves to the next working day at the same clock time; a start at or after the cutoff
    moves to the next working day at the restart time. From there each working day keeps the clock time.
    """
    if days < 0:
        raise ValueError("A target cannot be a negative number of days.")
    try:
        day, clock = _counted_from(start, rule)
        for _ in range(days):
            day = _next_working_day(day, rule)
        return _instant(day, clock, rule)
    except OverflowError:
        raise NoWorkingTime("The calendar has no working day left in that direction.") from None


def days_between(start: datetime, stop: datetime, rule: DayRule) -> int:
    """The most working days that `add_days` can add to `start` without passing `stop`; 0 when not even one."""
    if stop <= start:
        return 0
    try:
        day, clock = _counted_from(start, rule)
        count, last = 0, stop.astimezone(ZoneInfo(rule.zone)).date()
        while (following := _next_working_day(day, rule)) <= last and _instant(following, clock, rule) <= stop:
            day, count = following, count + 1
        return count
    except OverflowError:
        raise NoWorkingTime("The calendar has no working day left in that direction.") from None


def _counted_from(start: datetime, rule: DayRule) -> tuple[date, time]:
    """The working day, and the clock time on it, at which a request that came at `start` counts as received."""
    if not rule.workdays:
        raise NoWorkingTime("The calendar has no working day.")
    local = start.astimezone(ZoneInfo(rule.zone))
    day, clock = local.date(), local.time()
    if not rule.counts(day):
        return _next_working_day(day, rule), clock
    if clock >= rule.cutoff:
        return _next_working_day(day, rule), rule.restart
    return day, clock


def _instant(day: date, clock: time, rule: DayRule) -> datetime:
    return EPOCH + on_clock(datetime.combine(day, clock), ZoneInfo(rule.zone), fold=0) * MICROSECOND


def _next_working_day(day: date, rule: DayRule) -> date:
    day += ONE_DAY
    while not rule.counts(day):
        day += ONE_DAY
    return day
