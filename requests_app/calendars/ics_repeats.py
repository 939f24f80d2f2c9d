"""Events of an .ics file that come again: every year on the same date, or on the same weekday of a month."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import icalendar
from django.utils.translation import gettext as _

from requests_app.calendars.ics_times import Unusable, on_wall, one
from requests_app.calendars.public_holidays import MOST_YEARS
from requests_app.calendars.states import YEARS

KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def dates_of(event: icalendar.Event, first: date, zone: str, today: date) -> list[date]:
    """The first date alone, or those of the repetition from this year on, at most ten years of them."""
    if one(event, "RECURRENCE-ID") is not None or event.get("RDATE") is not None:
        raise Unusable(_("It repeats by a list of its own. Only days that come every year are taken."))
    rule, left_out = one(event, "RRULE"), set(_left_out(event, zone))
    if rule is None:
        return [] if first in left_out else [first]
    return [day for day in _yearly(first, rule, zone, today) if day not in left_out]


def _left_out(event: icalendar.Event, zone: str) -> Iterator[date]:
    given = event.get("EXDATE")
    for each in given if isinstance(given, list) else [given] if given is not None else []:
        for value in each.dts:
            at = on_wall(value, zone)
            yield at.date() if isinstance(at, datetime) else at


def _yearly(first: date, rule: Any, zone: str, today: date) -> Iterator[date]:
    """A rule of any other kind is refused; looking ends with the tenth year, whatever the rule says."""
    nth = _nth_weekday(first, rule)
    step, count, until = _number(rule, "INTERVAL", 1), _number(rule, "COUNT", len(YEARS)), _until(rule, zone)
    begin = max(first.year, today.year)
    for year in range(first.year, min(begin + MOST_YEARS, YEARS.stop), step):
        day = _in_year(first, nth, year)
        if day is None or day < first:
            continue
        count -= 1
        if count < 0 or (until and day > until):
            return
        if year >= begin:
            yield day


def _number(rule: Any, name: str, usual: int) -> int:
    found = [*rule.get(name, ()), usual][0]
    if not isinstance(found, int) or found < 1:
        raise Unusable(_("It repeats in a way that cannot be read."))
    return found


def _until(rule: Any, zone: str) -> date | None:
    found = [*rule.get("UNTIL", ()), None][0]
    if found is None:
        return None
    at = on_wall(found, zone)
    return at.date() if isinstance(at, datetime) else at


def _nth_weekday(first: date, rule: Any) -> tuple[int, int] | None:
    """(4, 3) for the fourth Thursday; None for the same date each year. Refuses everything else."""
    parts = {name.upper(): [str(value).upper() for value in values] for name, values in rule.items()}
    by_day = parts.get("BYDAY")
    match = re.fullmatch(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)", by_day[0]) if by_day and len(by_day) == 1 else None
    same_month = parts.get("BYMONTH", [str(first.month)]) == [str(first.month)]
    same_day = parts.get("BYMONTHDAY", [str(first.day)]) == [str(first.day)]
    is_date = by_day is None and same_day
    is_weekday = match is not None and "BYMONTH" in parts and "BYMONTHDAY" not in parts
    if parts.get("FREQ") != ["YEARLY"] or not parts.keys() <= KNOWN or not same_month or not (is_date or is_weekday):
        raise Unusable(_("It does not repeat every year on one date. Enter its days one by one."))
    return (int(match[1]), WEEKDAYS.index(match[2])) if match else None


def _in_year(first: date, nth: tuple[int, int] | None, year: int) -> date | None:
    """None in a year that has no such day."""
    weekday_of_first, last = monthrange(year, first.month)
    if nth is None:
        day = first.day
    else:
        number, weekday = nth
        earliest = 1 + (weekday - weekday_of_first) % 7
        latest = earliest + (last - earliest) // 7 * 7
        day = earliest + 7 * (number - 1) if number > 0 else latest + 7 * (number + 1)
    return date(year, first.month, day) if 1 <= day <= last else None
