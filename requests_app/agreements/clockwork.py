"""How a clock runs: pure functions of the start, the pauses and a calendar (domain method: replay of intervals)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from requests_app.agreements.states import Days, Time
from requests_app.calendars.workdays import DayRule, add_days, days_between
from requests_app.calendars.worktime import NoWorkingTime, Worktime

Pause = tuple[datetime, datetime | None]


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Overlapping pauses count once; an open one (no end) swallows what follows."""
    result: list[Pause] = []
    for begins, ends in sorted(pauses, key=lambda pause: pause[0]):
        if result and (result[-1][1] is None or begins <= result[-1][1]):
            last_begin, last_end = result[-1]
            result[-1] = (last_begin, None if last_end is None or ends is None else max(last_end, ends))
        else:
            result.append((begins, ends))
    return result


def elapsed(worktime: Worktime, started: datetime, until: datetime, pauses: Iterable[Pause]) -> float:
    """Seconds of working time from `started` to `until` outside the pauses. A pause out of hours costs nothing."""
    total, cursor = 0.0, started
    for begins, ends in merged(pauses):
        if begins >= until:
            break
        total += worktime.between(cursor, max(cursor, begins))
        cursor = max(cursor, ends if ends is not None else until)
    return total + worktime.between(cursor, max(cursor, until))


def reached_at(worktime: Worktime, started: datetime, pauses: Iterable[Pause], target: float) -> datetime | None:
    """When the clock shows `target` seconds; None while a pause lasts before that, or when no hours ever come."""
    remaining, cursor = target, started
    try:
        for begins, ends in merged(pauses):
            span = worktime.between(cursor, max(cursor, begins))
            if span >= remaining:
                return worktime.add(cursor, remaining)
            if ends is None:
                return None
            remaining, cursor = remaining - span, max(cursor, ends)
        return worktime.add(cursor, remaining)
    except NoWorkingTime:
        return None


@dataclass(frozen=True)
class Gauge:
    """A calendar as a clock uses it: its working time, and its rule for targets in working days."""

    worktime: Worktime
    rule: DayRule | None = None

    def due(self, started: datetime, pauses: Iterable[Pause], target: Time, share: float = 1.0) -> datetime | None:
        """When this share of the target is used; None while a pause lasts before that, or when it never comes."""
        if not isinstance(target, Days):
            return reached_at(self.worktime, started, pauses, target * share)
        return days_reached_at(self._days(), started, pauses, days_of(target, share))

    def passed(self, started: datetime, begins: datetime, ends: datetime, target: Time) -> float:
        """What lies in [begins, ends) in the target's own unit: seconds, or working days completed since `started`."""
        if not isinstance(target, Days):
            return self.worktime.between(begins, ends)
        return days_passed(self._days(), started, begins, ends)

    def _days(self) -> DayRule:
        if self.rule is None:
            raise ValueError("This calendar was given without its rule for working days.")
        return self.rule


def days_of(target: Days, share: float) -> int:
    """How many whole days make up this share of the target: at least one."""
    return max(int(round(target.count * share, 6)), 1)  # 100 days by 0.29 are 28.999…


def days_reached_at(rule: DayRule, started: datetime, pauses: Iterable[Pause], days: int) -> datetime | None:
    """The due time in working days. Each pause moves it by the working days that passed while it lasted."""
    try:
        for begins, ends in merged(pauses):
            due = add_days(started, days, rule)
            if due <= begins:
                return due
            if ends is None:
                return None
            days += days_passed(rule, started, begins, ends)
        return add_days(started, days, rule)
    except NoWorkingTime:
        return None


def days_elapsed(rule: DayRule, started: datetime, until: datetime, pauses: Iterable[Pause]) -> int:
    """Whole working days from `started` to `until`, less those that passed in pauses."""
    stood = sum(
        days_passed(rule, started, begins, min(ends or until, until))
        for begins, ends in merged(pauses)
        if begins < until
    )
    return days_between(started, until, rule) - stood


def days_passed(rule: DayRule, started: datetime, begins: datetime, ends: datetime) -> int:
    """The working days, counted from `started`, that were completed in [begins, ends): parts of a span add up."""
    return days_between(started, ends, rule) - days_between(started, begins, rule)
