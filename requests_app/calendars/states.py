"""Opening hours as people write them, as they are stored, and as the arithmetic takes them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.calendars.worktime import Schedule
from requests_app.kernel.errors import WrongInput, require_text
from requests_app.kernel.zones import zones

Window = tuple[str, str]
Windows = tuple[Window, ...]
Week = tuple[Windows, ...]  # seven days, Monday first

# The first version of a calendar also holds for what happened before the calendar was made.
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)
MOST_WINDOWS = 12
MOST_SPECIAL_DAYS = 1000
YEARS = range(1900, 2200)
WEEKDAYS = {
    "monday": gettext_lazy("Monday"),
    "tuesday": gettext_lazy("Tuesday"),
    "wednesday": gettext_lazy("Wednesday"),
    "thursday": gettext_lazy("Thursday"),
    "friday": gettext_lazy("Friday"),
    "saturday": gettext_lazy("Saturday"),
    "sunday": gettext_lazy("Sunday"),
}
OFFICE_HOURS: Week = ((("09:00", "17:00"),),) * 5 + ((),) * 2
ROUND_THE_CLOCK: Week = ((("00:00", "24:00"),),) * 7
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")


@dataclass(frozen=True)
class SpecialDay:
    """A date whose hours differ from its weekday's: a holiday (no windows) or other hours."""

    date: date
    name: str
    windows: Windows = ()

    def as_json(self) -> dict[str, Any]:
        return {"date": self.date.isoformat(), "name": self.name, "windows": [list(window) for window in self.windows]}

    def __str__(self) -> str:
        return f"{self.name}, {write_windows(self.windows) or _('closed')}"


@dataclass(frozen=True)
class Hours:
    """The content of one version: what is compared, hashed and shown as before and after."""

    zone: str
    week: Week
    special_days: tuple[SpecialDay, ...] = ()

    @classmethod
    def of(cls, zone: str, weekly: list, special_days: list[dict]) -> "Hours":
        """From the columns of a version, which the database has checked."""
        days = (
            SpecialDay(date.fromisoformat(day["date"]), day["name"], _windows(day["windows"])) for day in special_days
        )
        return cls(zone, tuple(_windows(day) for day in weekly), tuple(days))

    def columns(self) -> dict[str, Any]:
        content = {
            "zone": self.zone,
            "weekly": [[list(window) for window in day] for day in self.week],
            "special_days": [day.as_json() for day in self.special_days],
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        return content | {"content_hash": hashlib.sha256(canonical).hexdigest()}

    def schedule(self) -> Schedule:
        weekly = tuple((weekday, *window) for weekday, day in enumerate(self.week) for window in day)
        return Schedule(self.zone, weekly, {day.date: day.windows for day in self.special_days})

    def lines(self) -> dict[str, str]:
        """Every fact by name, for before and after."""
        week = {name: write_windows(day) or _("closed") for name, day in zip(WEEKDAYS, self.week, strict=True)}
        return {"zone": self.zone} | week | {day.date.isoformat(): str(day) for day in self.special_days}


def _windows(pairs: Iterable[Iterable[str]]) -> Windows:
    return tuple((opens, closes) for opens, closes in pairs)


def write_windows(windows: Windows) -> str:
    """The text that `parse_windows` reads back; empty when closed."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in windows)


def parse_windows(text: str) -> Windows:
    """Text such as 9-12:30, 13:00-17:00 as windows in order; empty or "closed" is none.

    ValueError with a sentence that says what to write instead. Any dash will do.
    """
    if text.strip().casefold() in {"", "-", "closed", _("closed").casefold()}:
        return ()
    intervals = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    return check_windows([re.split(r"\s*[-\u2010-\u2015]\s*", interval) for interval in intervals])


def check_windows(windows: Any) -> Windows:
    """Windows in order with clock times in full; ValueError with a sentence and the remedy."""
    if not isinstance(windows, list | tuple) or len(windows) > MOST_WINDOWS:
        raise ValueError(
            _("Give a list of at most %(n)s intervals, each with its opening and closing time.") % {"n": MOST_WINDOWS}
        )
    found = sorted(_window(window) for window in windows)
    for earlier, later in pairwise(found):
        if later[0] < earlier[1] or earlier[1] <= earlier[0]:
            raise ValueError(
                _("%(one)s and %(other)s overlap. Join them to one interval, or move one of them.")
                % {"one": "-".join(earlier), "other": "-".join(later)}
            )
    return tuple(found)


def _window(window: Any) -> Window:
    pair = window if isinstance(window, list | tuple) and len(window) == 2 else ("", "")
    opens, closes = (_clock(text) for text in pair)
    if not opens or not closes or opens == "24:00":
        shown = "-".join(map(str, window)) if isinstance(window, list | tuple) else str(window)
        raise ValueError(
            _("“%(text)s” is not an interval. Write it like 09:00-17:00, several like 09:00-12:30, 13:00-17:00.")
            % {"text": shown[:40]}
        )
    return opens, closes


def _clock(text: Any) -> str:
    match = CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    return f"{hour:02}:{minute:02}" if (hour < 24 and minute < 60) or (hour, minute) == (24, 0) else ""


def parse_week(texts: Mapping[str, str]) -> Week:
    """Seven texts by weekday name, as typed into a form. WrongInput names each day that cannot be read."""
    return _each_day([texts.get(name, "") for name in WEEKDAYS], parse_windows)


def check_week(weekly: Any) -> Week:
    """Seven lists of windows, Monday first. WrongInput names each day that is not one."""
    if not isinstance(weekly, list | tuple) or len(weekly) != len(WEEKDAYS):
        raise WrongInput({"weekly": [_("Give seven lists of intervals, Monday first; an empty list is a day off.")]})
    return _each_day(weekly, check_windows)


def _each_day(values: Iterable[Any], read: Any) -> Week:
    week, errors = [], {}
    for name, value in zip(WEEKDAYS, values, strict=True):
        try:
            week.append(read(value))
        except ValueError as error:
            errors[name] = [f"{WEEKDAYS[name]}: {error}"]
    if errors:
        raise WrongInput(errors)
    return tuple(week)


def check_special_days(days: Any) -> tuple[SpecialDay, ...]:
    """In order of date, each date once; takes SpecialDay or {"date", "name", "windows"}. WrongInput names the day."""
    if not isinstance(days, list | tuple) or len(days) > MOST_SPECIAL_DAYS:
        raise WrongInput({"special_days": [_("Give a list of at most %(n)s days.") % {"n": MOST_SPECIAL_DAYS}]})
    found = sorted((_special_day(day) for day in days), key=lambda day: day.date)
    for earlier, later in pairwise(found):
        if earlier.date == later.date:
            raise _wrong_day(later.date, _("This date is there twice. Remove one of the two."))
    return tuple(found)


def _special_day(given: Any) -> SpecialDay:
    values = given.__dict__ if isinstance(given, SpecialDay) else given
    if not isinstance(values, Mapping):
        raise _wrong_day("?", _("Give date, name and windows."))
    day = values.get("date")
    try:
        day = day if type(day) is date else date.fromisoformat(str(day))
    except ValueError:
        raise _wrong_day(day, _("This is not a date. Write it like 2026-12-24.")) from None
    if day.year not in YEARS:
        raise _wrong_day(day, _("Choose a year from 1900 to 2199."))
    try:
        name = require_text("name", values.get("name", ""), longest=120)
        return SpecialDay(day, name, check_windows(values.get("windows", ())))
    except WrongInput as error:
        raise _wrong_day(day, " ".join(error.errors["name"])) from None
    except ValueError as error:
        raise _wrong_day(day, str(error)) from None


def _wrong_day(day: Any, sentence: str) -> WrongInput:
    return WrongInput({"special_days": [f"{str(day)[:40]}: {sentence}"]})


def check_zone(zone: Any) -> str:
    if zone not in zones():
        raise WrongInput({"zone": [_("There is no such time zone. Choose one of the list, such as Europe/Berlin.")]})
    return zone
