"""Opening hours as people write them, as they are stored, and as the arithmetic takes them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from requests_app.calendars.workdays import DayRule
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
DAY_TERMS = {
    "cutoff": gettext_lazy("Counts for the next working day from"),
    "restart": gettext_lazy("Then taken as received at"),
    "workdays": gettext_lazy("Working days"),
    "holidays_off": gettext_lazy("Days that are closed do not count"),
}
NEVER = "24:00"
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
class DayTerms:
    """How a version counts targets in working days; the fields are those of DAY_TERMS.

    No `workdays` means the weekdays with hours; a cutoff at 24:00 means none.
    """

    cutoff: str = "17:00"
    restart: str = "08:30"
    workdays: tuple[int, ...] | None = None  # 0 = Monday
    holidays_off: bool = True

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "DayTerms":
        """From the column of a version, which the database has checked."""
        days = stored["workdays"]
        return cls(stored["cutoff"], stored["restart"], days and tuple(days), stored["holidays_off"])

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"workdays": self.workdays and list(self.workdays)}

    def lines(self) -> dict[str, Any]:
        """Every term by name, for before and after."""
        names = list(WEEKDAYS.values())
        return {
            "cutoff": pgettext("cutoff", "never") if self.cutoff == NEVER else self.cutoff,
            "restart": self.restart,
            "workdays": ", ".join(str(names[day]) for day in self.workdays or ()) or _("the weekdays with hours"),
            "holidays_off": self.holidays_off,
        }


@dataclass(frozen=True)
class Hours:
    """The content of one version: what is compared, hashed and shown as before and after."""

    zone: str
    week: Week
    special_days: tuple[SpecialDay, ...] = ()
    terms: DayTerms = DayTerms()

    @classmethod
    def of(cls, zone: str, weekly: list, special_days: list[dict], day_rule: Mapping[str, Any]) -> "Hours":
        """From the columns of a version, which the database has checked."""
        days = (
            SpecialDay(date.fromisoformat(day["date"]), day["name"], _windows(day["windows"])) for day in special_days
        )
        return cls(zone, tuple(_windows(day) for day in weekly), tuple(days), DayTerms.of(day_rule))

    def columns(self) -> dict[str, Any]:
        content = {
            "zone": self.zone,
            "weekly": [[list(window) for window in day] for day in self.week],
            "special_days": [day.as_json() for day in self.special_days],
        }
        rule = {"day_rule": self.terms.as_json()}
        # The usual rule is not hashed: versions from before there was a choice keep the hash they were given.
        hashed = content if self.terms == DayTerms() else content | rule
        canonical = json.dumps(hashed, sort_keys=True, separators=(",", ":")).encode()
        return content | rule | {"content_hash": hashlib.sha256(canonical).hexdigest()}

    def schedule(self) -> Schedule:
        weekly = tuple((weekday, *window) for weekday, day in enumerate(self.week) for window in day)
        return Schedule(self.zone, weekly, {day.date: day.windows for day in self.special_days})

    def day_rule(self) -> DayRule:
        """The rule for targets in working days. Other hours on a date leave it the working day it is."""
        with_hours = (weekday for weekday, windows in enumerate(self.week) if windows)
        closed = (day.date for day in self.special_days if not day.windows)
        cutoff = self.terms.cutoff
        return DayRule(
            zone=self.zone,
            workdays=frozenset(with_hours if self.terms.workdays is None else self.terms.workdays),
            holidays=frozenset(closed if self.terms.holidays_off else ()),
            cutoff=None if cutoff == NEVER else time.fromisoformat(cutoff),
            restart=time.fromisoformat(self.terms.restart),
        )

    def lines(self) -> dict[str, Any]:
        """Every fact by name, for before and after."""
        week = {name: write_windows(day) or _("closed") for name, day in zip(WEEKDAYS, self.week, strict=True)}
        special = {day.date.isoformat(): str(day) for day in self.special_days}
        return {"zone": self.zone} | week | self.terms.lines() | special


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


def check_day_terms(given: Any, usual: DayTerms) -> DayTerms:
    """What is given of the fields of DAY_TERMS, the rest as usual. WrongInput names each field that is not right."""
    if not isinstance(given, Mapping) or not given.keys() <= DAY_TERMS.keys():
        raise WrongInput({"day_rule": [_("Give cutoff, restart, workdays and holidays_off, or some of them.")]})
    values = asdict(usual) | dict(given)
    cutoff, restart = _clock(values["cutoff"]), _clock(values["restart"])
    wrong = {
        "cutoff": not cutoff and _("Write a time like 17:00, or 24:00 for never."),
        "restart": restart in ("", NEVER) and _("Write a time like 08:30."),
        "workdays": not _are_weekdays(values["workdays"]) and _("Choose weekdays: 0 is Monday, 6 is Sunday."),
        "holidays_off": not isinstance(values["holidays_off"], bool) and _("Say true or false."),
    }
    if not any(wrong.values()) and restart >= cutoff:
        wrong["restart"] = _("This must be earlier than %(cutoff)s, or a whole working day is lost.") % {
            "cutoff": cutoff
        }
    if any(wrong.values()):
        raise WrongInput({field: [str(sentence)] for field, sentence in wrong.items() if sentence})
    workdays = values["workdays"]
    return DayTerms(cutoff, restart, tuple(sorted(set(workdays))) if workdays else None, values["holidays_off"])


def _are_weekdays(days: Any) -> bool:
    """None, and a list of none, mean the weekdays with hours."""
    return days is None or (
        isinstance(days, list | tuple) and all(type(day) is int and 0 <= day < len(WEEKDAYS) for day in days)
    )
