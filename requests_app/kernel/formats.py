"""Numbers, durations and instants in the reader's language and zone. Pure: text in, text out, no HTML.

Units stand after a no-break space ("91.4 %", "3 h 20 min"), minus is a true minus, ranges take an en dash.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache, wraps
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NBSP, MINUS = "\u00a0", "\u2212"
MINUTE, HOUR, DAY = 60, 3600, 86400
LONG_WORK = 100 * HOUR
LONG_WAIT = 14 * DAY
NEAR_DAYS = 6

_LOCALES = {"en": "en_GB", "ru": "ru", "zh-hans": "zh_Hans_CN"}
_PATTERNS = {
    "en": {
        "weekday": "EEE",
        "day": "EEE d MMM",
        "date": "d MMM y",
        "short": "d MMM",
        "month": "MMM y",
        "full": "EEEE d MMMM y, HH:mm",
    },
    "ru": {
        "weekday": "EEE",
        "day": "EEE d MMM",
        "date": "d MMM y",
        "short": "d MMM",
        "month": "LLL y",
        "full": "EEEE, d MMMM y, HH:mm",
    },
    "zh-hans": {
        "weekday": "EEE",
        "day": "M月d日EEE",
        "date": "y年M月d日",
        "short": "M月d日",
        "month": "y年M月",
        "full": "y年M月d日EEEE HH:mm",
    },
}


def _language() -> str:
    language = get_language() or "en"
    return language if language in _LOCALES else "en"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES[language])


def remembered(say: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a pure function said in each language: a list says the same words over and over."""

    @lru_cache(maxsize=8192)
    def said(language: str, *args: Any, **more: Any) -> Any:
        return say(*args, **more)

    @wraps(say)
    def say_again(*args: Any, **more: Any) -> Any:
        return said(_language(), *args, **more)

    return say_again


# ── Numbers ──────────────────────────────────────────────────────────────────


@remembered
def number(value: float | Decimal, digits: int = 0, *, signed: bool = False) -> str:
    """1148 → "1,148"; signed: "+31", "−12", "0"."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    exact = round(exact, digits)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    shown = format_decimal(abs(exact), format=pattern, locale=_locale(_language()))
    if exact < 0:
        return MINUS + shown
    return f"+{shown}" if signed and exact > 0 else shown


def percent(share: float | Decimal, digits: int = 1) -> str:
    """0.914 → "91.4 %". Chinese sets no space."""
    shown = number(Decimal(str(share)) * 100, digits)
    return f"{shown}%" if _language() == "zh-hans" else f"{shown}{NBSP}%"


def points(difference: float | Decimal, digits: int = 1) -> str:
    """A difference of two shares: 0.021 → "+2.1 points"."""
    shown = number(Decimal(str(difference)) * 100, digits, signed=True)
    return _("%(number)s points") % {"number": shown}


def amount(value: float, unit: str) -> str:
    """As the unit of a figure is read; "seconds" are working time, "calendar" those on the wall."""
    if unit in ("seconds", "calendar"):
        return worktime(value) if unit == "seconds" else caltime(value)
    return percent(value) if unit == "share" else number(value, {"count": 0, "mean": 1}.get(unit, 2))


def money(sum_of_money: Decimal, currency: str) -> str:
    """4380 → "4,380.00 EUR"."""
    return f"{number(sum_of_money, 2)}{NBSP}{currency}"


def size(byte_count: int) -> str:
    """How big a file is: "184 kB", "2.4 MB"."""
    if byte_count < 1000:
        return f"{number(byte_count)}{NBSP}B"
    if byte_count < 1_000_000:
        return f"{number(byte_count / 1000)}{NBSP}kB"
    return f"{number(byte_count / 1_000_000, 1)}{NBSP}MB"


# ── Durations ────────────────────────────────────────────────────────────────


def worktime(seconds: float, *, short: bool = False) -> str:
    """Working time in hours and minutes, never in days: how long a day is depends on the calendar.

    12000 → "3 h 20 min", short "3 h 20". From 100 h the minutes are dropped.
    """
    sign, rest = (MINUS, -seconds) if seconds < 0 else ("", seconds)
    if 0 < round(rest) < MINUTE:
        return sign + _joined(_("%(n)s s") % {"n": round(rest)})
    if rest >= LONG_WORK:
        return sign + _joined(_("%(n)s h") % {"n": number(round(rest / HOUR))})
    return sign + _hours_and_minutes(round(rest / MINUTE), short=short)


def workdays(count: int, *, short: bool = False) -> str:
    """3 → "3 working days", short "3 wd"."""
    if short:
        return _joined(_("%(n)s wd") % {"n": number(count)})
    return ngettext("%(n)s working day", "%(n)s working days", count) % {"n": number(count)}


def caltime(seconds: float, *, short: bool = False) -> str:
    """Calendar time: up to two days as worktime, then "3 d 2 h", from two weeks "16 d"."""
    sign, rest = (MINUS, -seconds) if seconds < 0 else ("", seconds)
    if rest < 2 * DAY:
        return sign + worktime(rest, short=short)
    days, hours = divmod(round(rest / HOUR), 24)
    if rest >= LONG_WAIT or not hours:
        return sign + _joined(_("%(n)s d") % {"n": number(round(rest / DAY) if rest >= LONG_WAIT else days)})
    return sign + _joined(_("%(days)s d %(hours)s h") % {"days": days, "hours": hours})


def age(seconds: float) -> str:
    """One unit for a table column: "25 min", "4 h", "12 d"."""
    if seconds < HOUR:
        return _of("min", int(max(seconds, 0) // MINUTE))
    return _of("h", int(seconds // HOUR)) if seconds < 2 * DAY else _of("d", int(seconds // DAY))


@remembered
def _of(unit: str, count: int) -> str:
    words = {"min": _("%(n)s min"), "h": _("%(n)s h"), "d": _("%(n)s d")}[unit]
    return _joined(words % {"n": number(count)})


def days(count: int) -> str:
    """12 → "12 days", in the plural of the language."""
    return _joined(ngettext("%(n)s day", "%(n)s days", count) % {"n": number(count)})


@remembered
def _hours_and_minutes(minutes_in_all: int, *, short: bool) -> str:
    hours, minutes = divmod(minutes_in_all, 60)
    if not hours:
        return _joined(_("%(n)s min") % {"n": minutes})
    if not minutes:
        return _joined(_("%(n)s h") % {"n": hours})
    if short:
        return _joined(_("%(hours)s h %(minutes)02d") % {"hours": hours, "minutes": minutes})
    return _joined(_("%(hours)s h %(minutes)02d min") % {"hours": hours, "minutes": minutes})


def _joined(text: str) -> str:
    return text.replace(" ", NBSP)


# ── Instants ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Moment:
    """What is read at a glance, and the exact instant with its zone for the hover text."""

    text: str
    exact: str


def moment(at: datetime, *, style: str = "near", now: datetime | None = None) -> Moment:
    """An instant as the reader sees it. Styles:

    near "today 14:00", "Thu 15:30", "Thu 19 Nov 09:10", "19 Nov 2025" · day the same without the time ·
    exact "Thu 19 Nov 09:10" always with the date · date "19 Nov 2026" · time "09:10" · ago "25 min ago".
    """
    local = timezone.localtime(at)
    today = timezone.localtime(now or timezone.now())
    return Moment(text=_STYLES[style](local, today), exact=f"{_shown(local, 'full')} {local.tzname()}")


def _near(local: datetime, today: datetime) -> str:
    if local.year != today.year and abs((local.date() - today.date()).days) > NEAR_DAYS:
        return _shown(local, "date")
    return f"{_day(local, today)} {local:%H:%M}"


def _day(local: datetime, today: datetime) -> str:
    distance = (local.date() - today.date()).days
    if distance in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[distance]
    if abs(distance) <= NEAR_DAYS:
        return _shown(local, "weekday")
    return _shown(local, "day" if local.year == today.year else "date")


def _exact(local: datetime, today: datetime) -> str:
    return f"{_shown(local, 'day' if local.year == today.year else 'date')} {local:%H:%M}"


def _ago(local: datetime, today: datetime) -> str:
    seconds = (today - local).total_seconds()
    if abs(seconds) < MINUTE:
        return _("just now")
    if abs(seconds) >= DAY:
        return _day(local, today)
    return _("%(time)s ago") % {"time": age(seconds)} if seconds > 0 else _("in %(time)s") % {"time": age(-seconds)}


@remembered
def day(at: date) -> str:
    """19 Nov 2026 → "19 Nov 2026", "19 нояб. 2026", "2026年11月19日"."""
    language = _language()
    return format_date(at, _PATTERNS[language]["date"], locale=_locale(language))


@remembered
def short_day(at: date) -> str:
    """19 Nov 2026 → "19 Nov", "19 нояб.", "11月19日"."""
    language = _language()
    return format_date(at, _PATTERNS[language]["short"], locale=_locale(language))


@remembered
def month(at: date) -> str:
    """19 Nov 2026 → "Nov 2026", "нояб. 2026", "2026年11月"."""
    language = _language()
    return format_date(at, _PATTERNS[language]["month"], locale=_locale(language))


def _date(local: datetime, today: datetime) -> str:
    return _shown(local, "date")


def _time(local: datetime, today: datetime) -> str:
    return f"{local:%H:%M}"


def _shown(local: datetime, pattern: str) -> str:
    return _written(local.replace(tzinfo=None), pattern)


@remembered
def _written(local: datetime, pattern: str) -> str:
    """What the wall says, whatever the zone: none of the patterns tells it."""
    language = _language()
    return format_datetime(local, _PATTERNS[language][pattern], locale=_locale(language))


_STYLES = {"near": _near, "day": _day, "exact": _exact, "date": _date, "time": _time, "ago": _ago}
