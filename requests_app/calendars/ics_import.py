"""An .ics file of days off, read as a proposal. Whatever was sent, reading takes little time and ends in sentences.

Of the file only events are looked at, and of an event only the properties below; each event is parsed by itself, so
one that is broken says so in its own row and costs the others nothing. Nothing is ever repeated without end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import icalendar
from django.utils.translation import gettext as _
from icalendar.error import BrokenCalendarProperty

from requests_app.calendars.ics_repeats import dates_of
from requests_app.calendars.ics_times import Unusable, days_of, one, windows_of
from requests_app.calendars.states import MOST_SPECIAL_DAYS, YEARS, SpecialDay, check_windows
from requests_app.kernel.errors import WrongInput, require_text

MOST_BYTES = 800_000
MOST_EVENTS = 2000
MOST_LINES = 60  # of one event
LONGEST_LINE = 4000
READ = {
    "DTSTART", "DTEND", "DURATION", "SUMMARY", "STATUS", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
    "X-MICROSOFT-CDO-ALLDAYEVENT",
}  # fmt: skip
EVENT = ["VCALENDAR", "VEVENT"]
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"\r\n|\n|\r")  # not what str.splitlines takes for an end: some of that stands in names
_NAME = re.compile(r"[^;:]*")


@dataclass(frozen=True)
class Row:
    """One event of the file: the days it stands for, or why it is refused."""

    name: str
    days: tuple[SpecialDay, ...] = ()
    refused: str = ""


def read_ics(raw: bytes, *, zone: str, today: date) -> list[Row]:
    """Every event in the order of the file; WrongInput when the file as a whole is none that can be read.

    Times are understood in `zone`. What repeats every year is taken for ten years from `today` on.
    """
    rows: list[Row] = []
    dates: set[date] = set()
    taken = 0
    for lines in _events(_text(raw)):
        rows.append(_row(lines, zone, today))
        dates |= {day.date for day in rows[-1].days}
        taken += len(rows[-1].days)
        if len(rows) > MOST_EVENTS:
            raise _wrong_file(_("This file holds more than %(n)s events. Export fewer years.") % {"n": MOST_EVENTS})
        if len(dates) > MOST_SPECIAL_DAYS or taken > 10 * MOST_SPECIAL_DAYS:
            raise _wrong_file(_("This file holds more than %(n)s days. Export fewer years.") % {"n": MOST_SPECIAL_DAYS})
    if not rows:
        raise _wrong_file(_("There is no event in this file, so there is no day to add."))
    return _without_clashes(rows)


def _wrong_file(sentence: str) -> WrongInput:
    return WrongInput({"file": [sentence]})


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise _wrong_file(_("This file is too large: at most %(n)s kB.") % {"n": MOST_BYTES // 1000})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong_file(_("This file is not text in UTF-8. Export it again as .ics.")) from None
    if text.lstrip()[:15].upper() != "BEGIN:VCALENDAR":
        raise _wrong_file(_("This is not a calendar file. It should end in .ics and begin with BEGIN:VCALENDAR."))
    return _FOLD.sub("", text)


def _events(text: str) -> Iterator[list[str]]:
    """The lines of each event that are read. Time zones, alarms and whatever else is in the file are passed over."""
    inside: list[str] = []
    lines: list[str] = []
    for line in _LINE.split(text):
        name = _NAME.match(line)[0].strip().upper()  # type: ignore[index]  # it always matches
        if name == "BEGIN":
            inside.append(line[6:].strip().upper())
            lines = [] if inside == EVENT else lines
        elif name == "END" and inside:
            if inside == EVENT:
                yield lines
            inside.pop()
        elif name in READ and inside == EVENT and len(lines) <= MOST_LINES:
            lines.append(line)


def _row(lines: list[str], zone: str, today: date) -> Row:
    event, name = icalendar.Event(), ""
    try:
        event = _parsed(lines)
        name = _name(event)
        return Row(name, _days(event, name, zone, today))
    except Unusable as error:
        return Row(name, refused=str(error))
    except (BrokenCalendarProperty, ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return Row(name, refused=_("This cannot be read as an event."))


def _parsed(lines: list[str]) -> icalendar.Event:
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Unusable(_("This is too long for an event."))
    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    return cast(icalendar.Event, icalendar.Event.from_ical(text))


def _name(event: icalendar.Event) -> str:
    summary = " ".join(str(one(event, "SUMMARY") or "").split())[:120]
    try:
        return require_text("name", summary, longest=120)
    except WrongInput:
        raise Unusable(_("It has no name.")) from None


def _days(event: icalendar.Event, name: str, zone: str, today: date) -> tuple[SpecialDay, ...]:
    if str(one(event, "STATUS") or "").upper() == "CANCELLED":
        raise Unusable(_("It was called off."))
    first, length = days_of(event, zone)
    windows = windows_of(event, zone)
    found = [
        SpecialDay(start + timedelta(days=n), name, windows)
        for start in dates_of(event, first, zone, today)
        for n in range(length)
    ]
    if not found:
        raise Unusable(_("It repeats, but not in the next years."))
    if found[-1].date.year not in YEARS:
        raise Unusable(_("Choose a year from 1900 to 2199."))
    return tuple(found)


def _without_clashes(rows: list[Row]) -> list[Row]:
    """Hours of one day under one name belong together; any other second word on a date is refused."""
    known: dict[date, SpecialDay] = {}
    found = []
    for row in rows:
        try:
            joined = [_joined(known.get(day.date), day) for day in row.days]
        except Unusable as error:
            found.append(Row(row.name, refused=str(error)))
            continue
        known |= {day.date: day for day in joined}
        found.append(Row(row.name, tuple(joined), row.refused))
    return found


def _joined(known: SpecialDay | None, day: SpecialDay) -> SpecialDay:
    if known is None or known == day:
        return day
    if known.name != day.name or not known.windows or not day.windows:
        raise Unusable(_("%(date)s is in this file already: %(day)s.") % {"date": day.date, "day": known})
    try:
        return SpecialDay(day.date, day.name, check_windows([*known.windows, *day.windows]))
    except ValueError as error:
        raise Unusable(str(error)) from None


def days_in(rows: list[Row]) -> list[SpecialDay]:
    """What the rows come to, each date once, in order."""
    by_date = {day.date: day for row in rows for day in row.days}
    return [by_date[day] for day in sorted(by_date)]
