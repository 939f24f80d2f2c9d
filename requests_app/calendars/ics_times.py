"""When an event of an .ics file takes place: all-day events are days off, timed ones are the hours of a day."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from django.utils.translation import gettext as _

from requests_app.calendars.states import YEARS, Windows, check_windows

ONE_DAY = timedelta(days=1)
LONGEST_EVENT = 31  # days


class Unusable(ValueError):
    """Why an event cannot become a day of a calendar."""


def one(event: icalendar.Event, name: str) -> Any:
    """The property, or None. Given twice it says two things, so it says nothing."""
    found = event.get(name)
    if isinstance(found, list):
        raise Unusable(_("%(name)s is there twice.") % {"name": name})
    return found


def days_of(event: icalendar.Event, zone: str) -> tuple[date, int]:
    """The first day and how many there are; a timed event is one, that of its beginning."""
    start = _start(event, zone)
    if isinstance(start, datetime) and not _is_marked_all_day(event):
        return start.date(), 1
    first, last = _day(start), _day(_end(event, start, zone))
    length = (last - first).days or 1  # some programs end a day on itself
    if length < 0:
        raise Unusable(_("It ends before it begins."))
    if length > LONGEST_EVENT:
        raise Unusable(_("It lasts longer than %(n)s days.") % {"n": LONGEST_EVENT})
    return first, length


def windows_of(event: icalendar.Event, zone: str) -> Windows:
    """None for an all-day event, which closes the day; else the hours, on the wall of `zone`."""
    start = _start(event, zone)
    if not isinstance(start, datetime) or _is_marked_all_day(event):
        return ()
    end = _end(event, start, zone)
    if not isinstance(end, datetime) or not timedelta() < end - start <= ONE_DAY:
        raise Unusable(_("Its hours are not those of one day. Give a beginning and an end within 24 hours."))
    if (start.second, start.microsecond, end.second, end.microsecond) != (0, 0, 0, 0):
        raise Unusable(_("Its hours are not whole minutes."))
    closes = f"{end:%H:%M}"
    return check_windows([(f"{start:%H:%M}", "24:00" if closes == "00:00" else closes)])


def on_wall(value: Any, zone: str) -> date:
    """A date as it is; a time as the clock in `zone` shows it, without its zone. A time without one is meant so."""
    found = getattr(value, "dt", value)
    if not isinstance(found, date):
        raise Unusable(_("It has no date that can be read."))
    if not isinstance(found, datetime):
        return found
    if found.tzinfo is None:
        name = getattr(value, "params", {}).get("TZID")
        if name:
            raise Unusable(_("Its time zone “%(zone)s” is not known.") % {"zone": str(name)[:40]})
        return found
    return found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _start(event: icalendar.Event, zone: str) -> date:
    start = one(event, "DTSTART")
    if start is None:
        raise Unusable(_("It has no beginning (DTSTART)."))
    found = on_wall(start, zone)
    if found.year not in YEARS:
        raise Unusable(_("Choose a year from 1900 to 2199."))
    return found


def _end(event: icalendar.Event, start: date, zone: str) -> date:
    end, duration = one(event, "DTEND"), one(event, "DURATION")
    if end is not None:
        return on_wall(end, zone)
    if duration is None:
        return start if isinstance(start, datetime) else start + ONE_DAY
    length = getattr(duration, "dt", None)
    if not isinstance(length, timedelta):
        raise Unusable(_("It has no date that can be read."))
    return start + length


def _is_marked_all_day(event: icalendar.Event) -> bool:
    """Outlook writes days off from midnight to midnight, with this mark."""
    return str(one(event, "X-MICROSOFT-CDO-ALLDAYEVENT") or "").upper() == "TRUE"


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at
