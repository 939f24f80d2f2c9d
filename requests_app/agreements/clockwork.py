"""How a clock runs: pure functions of the start, the pauses and a calendar (domain method: replay of intervals)."""

from collections.abc import Iterable
from datetime import datetime

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
