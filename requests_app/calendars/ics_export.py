"""The special days of a calendar as an .ics file, for calendars on desks and phones."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.utils.translation import gettext as _

from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.selectors import hours_of
from requests_app.calendars.states import SpecialDay

CONTENT_TYPE = "text/calendar; charset=utf-8"
ONE_DAY = timedelta(days=1)


def write_ics(calendar: Calendar) -> bytes:
    """Closed days last all day, other hours from opening to closing in the calendar's zone."""
    version = calendar.current
    if version is None:
        raise CalendarVersion.DoesNotExist
    hours = hours_of(version)
    file = icalendar.Calendar()
    for name, value in {
        "prodid": "-//Service desk//Working calendars//EN", "version": "2.0", "calscale": "GREGORIAN",
        "x-wr-calname": calendar.name, "x-wr-timezone": hours.zone,
    }.items():  # fmt: skip
        file.add(name, value)
    zone = ZoneInfo(hours.zone)
    for day in hours.special_days:
        for place, (start, stop) in enumerate(_spans(day, zone), start=1):
            file.add_component(_event(day, start, stop, f"{day.date}-{place}.{calendar.slug}@servicedesk", version))
    file.add_missing_timezones()
    return file.to_ical()


def _spans(day: SpecialDay, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    """From when to when, the end left out: dates for a closed day, instants for other hours."""
    if not day.windows:
        yield day.date, day.date + ONE_DAY
    for opens, closes in day.windows:
        last = day.date if opens < closes < "24:00" else day.date + ONE_DAY
        yield _at(day.date, opens, zone), _at(last, closes, zone)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time() if clock == "24:00" else time.fromisoformat(clock), zone)


def _event(day: SpecialDay, start: date, stop: date, uid: str, version: CalendarVersion) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", version.created_at)
    event.add("dtstart", start)
    event.add("dtend", stop)
    event.add("summary", day.name)
    event.add("description", _("Open in these hours only.") if day.windows else _("Closed all day."))
    event.add("transp", "TRANSPARENT")
    return event
