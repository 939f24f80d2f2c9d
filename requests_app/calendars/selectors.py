"""Reading calendars, and the arithmetic of a version, which is kept: versions never change."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.policies import visible_calendars
from requests_app.calendars.public_holidays import public_holidays
from requests_app.calendars.states import MOST_SPECIAL_DAYS, WEEKDAYS, Hours, SpecialDay
from requests_app.calendars.workdays import DayRule
from requests_app.calendars.worktime import Worktime
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def hours_of(version: CalendarVersion) -> Hours:
    return Hours.of(version.zone, version.weekly, version.special_days, version.day_rule)


@lru_cache(maxsize=256)
def worktime_of(version_id: int) -> Worktime:
    """The arithmetic of this version; after the first call no query."""
    return Worktime(hours_of(CalendarVersion.objects.get(pk=version_id)).schedule())


@lru_cache(maxsize=256)
def day_rule_of(version_id: int) -> DayRule:
    """The rule of this version for targets in working days; after the first call no query."""
    return hours_of(CalendarVersion.objects.get(pk=version_id)).day_rule()


def current_version(calendar_id: int | None) -> CalendarVersion:
    """The version in force now; without a calendar that of the company's default."""
    wanted = {"is_default": True} if calendar_id is None else {"pk": calendar_id}
    return CalendarVersion.objects.get(**{f"current_of__{key}": value for key, value in wanted.items()})


def current_version_id(calendar_id: int | None) -> int:
    """Which version is in force now, without its hours: those of an id are kept by `worktime_of`."""
    wanted = (
        Calendar.objects.filter(is_default=True) if calendar_id is None else Calendar.objects.filter(pk=calendar_id)
    )
    return wanted.values_list("current_id", flat=True).get()


def version_in_force(calendar_id: int, at: datetime) -> CalendarVersion:
    """The version by which an instant of the past is judged."""
    return CalendarVersion.objects.filter(calendar_id=calendar_id, effective_from__lte=at).latest("effective_from")


def open_days(version_id: int, first: date, after: date) -> list[date]:
    """The days of [first, after) with working time, in the calendar's own zone."""
    worktime = worktime_of(version_id)
    zone = worktime.zone
    start, stop = (datetime.combine(day, time(), zone) for day in (first, after))
    found: set[date] = set()
    for opens, closes in worktime.intervals(start, stop):
        day, last = opens.astimezone(zone).date(), (closes - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            found.add(day)
            day += timedelta(days=1)
    return sorted(found)


def calendars_for(person: Person) -> QuerySet[Calendar]:
    """All calendars by name, each with its hours, for the settings page and the API."""
    return visible_calendars(person).select_related("current").order_by("name", "pk")


def calendars_to_edit(person: Person) -> QuerySet[Calendar]:
    """calendar.edit: administrators all, heads those that a department of theirs has chosen."""
    rows = calendars_for(person)
    hats = standing(person)
    chosen = Department.objects.filter(pk__in=hats.head_of).exclude(calendar_id=None)
    return rows if hats.is_admin else rows.filter(pk__in=chosen.values("calendar_id"))


def get_calendar(*, person: Person, slug: str) -> Calendar:
    found = calendars_for(person).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def versions_of(calendar: Calendar) -> QuerySet[CalendarVersion]:
    """The history, newest first."""
    return calendar.versions.select_related("created_by").order_by("-number")


def departments_using(calendar: Calendar) -> QuerySet[Department]:
    """Whose clocks run by this calendar; the default also serves those that chose none."""
    chosen = Department.objects.filter(is_active=True, calendar_id=calendar.pk)
    if calendar.is_default:
        chosen |= Department.objects.filter(is_active=True, calendar_id=None)
    return chosen.order_by("name", "pk")


def upcoming_days(version: CalendarVersion, *, since: date) -> list:
    """Special days from `since` on, in order of date."""
    return [day for day in hours_of(version).special_days if day.date >= since]


@dataclass(frozen=True)
class Month:
    """What a calendar makes of one month: how many days and seconds are worked, and which dates differ."""

    first: date
    workdays: int
    seconds: float
    special_days: tuple[SpecialDay, ...]


def months_of(version: CalendarVersion, year: int) -> list[Month]:
    """The year as this version has it, month by month."""
    hours, worktime = hours_of(version), worktime_of(version.pk)
    special = {day.date: day for day in hours.special_days if day.date.year == year}
    return [_month(date(year, month, 1), hours, worktime, special) for month in range(1, 13)]


def _month(first: date, hours: Hours, worktime: Worktime, special: Mapping[date, SpecialDay]) -> Month:
    days = [first + timedelta(days=n) for n in range(monthrange(first.year, first.month)[1])]
    start, stop = (_midnight(day, hours.zone) for day in (first, days[-1] + timedelta(days=1)))
    open_days = [day for day in days if (special[day].windows if day in special else hours.week[day.weekday()])]
    return Month(
        first=first,
        workdays=len(open_days),
        seconds=worktime.between(start, stop),
        special_days=tuple(special[day] for day in days if day in special),
    )


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


@dataclass(frozen=True)
class Proposal:
    """A public holiday that could become a day off; `known` is what the calendar says of that date already."""

    day: SpecialDay
    known: SpecialDay | None


def holiday_proposals(
    version: CalendarVersion, *, country: str, region: str, years: Iterable[int], language: str
) -> list[Proposal]:
    """What seeding these holidays would add, and what it would leave as it is."""
    known = {day.date: day for day in hours_of(version).special_days}
    found = public_holidays(country=country, region=region, years=years, language=language)
    return [Proposal(day, known.get(day.date)) for day in found]


@dataclass(frozen=True)
class DayChange:
    """A day that may be added; `known` is what the calendar says of that date already, `refused` why it may not."""

    day: SpecialDay
    known: SpecialDay | None = None
    refused: str = ""

    @property
    def kind(self) -> str:
        if self.refused:
            return "refused"
        return "added" if self.known is None else "same" if self.known == self.day else "changed"


@dataclass(frozen=True)
class DayChanges:
    """What a version would become, before anybody has agreed to it."""

    lines: tuple[DayChange, ...]
    too_many: bool

    @property
    def days(self) -> list[SpecialDay]:
        """What would be saved."""
        return [line.day for line in self.lines if line.kind in ("added", "changed")]

    def count(self, kind: str) -> int:
        return sum(line.kind == kind for line in self.lines)


def changes_by(version: CalendarVersion, days: Iterable[SpecialDay], *, shorter: bool = False) -> DayChanges:
    """What adding these days would do to this version. `shorter`: hours on a weekday off are refused."""
    hours = hours_of(version)
    known = {day.date: day for day in hours.special_days}
    lines = tuple(
        DayChange(day, known.get(day.date), _weekday_off(day, hours) if shorter else "")
        for day in sorted(days, key=lambda day: day.date)
    )
    dates = known.keys() | {line.day.date for line in lines if not line.refused}
    return DayChanges(lines, too_many=len(dates) > MOST_SPECIAL_DAYS)


def _weekday_off(day: SpecialDay, hours: Hours) -> str:
    weekday = day.date.weekday()
    name = list(WEEKDAYS.values())[weekday]
    return "" if hours.week[weekday] else _("%(weekday)s is a day off anyway.") % {"weekday": name}


def uses_by_calendar() -> dict[int | None, int]:
    """How many active departments have chosen which calendar; None: the company's default."""
    rows = Department.objects.filter(is_active=True).values("calendar_id").annotate(n=Count("pk"))
    return dict(rows.values_list("calendar_id", "n"))
