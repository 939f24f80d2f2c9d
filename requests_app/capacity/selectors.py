"""Hours and absences for pages, and the time departments have in a period."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import Http404

from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.selectors import hours_of, worktime_of
from requests_app.capacity.models import Absence, ContractHours
from requests_app.capacity.policies import visible_absences
from requests_app.capacity.states import Away, Terms, Workday, available_seconds, usual_minutes
from requests_app.org.models import Department, Membership, Person
from requests_app.org.states import SUPPLYING_ROLES

DAY = timedelta(days=1)


def absences_of(person: Person, *, since: date) -> QuerySet[Absence]:
    """Those that are not over yet, in order."""
    return Absence.objects.filter(person=person, last__gte=since).order_by("first")


def get_absence(*, person: Person, pk: int) -> Absence:
    found = visible_absences(person).select_related("person").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Capacity:
    """What the people who supply for some departments have of time: how many they are now, and their seconds."""

    people: int
    seconds: float


def capacity_of(department_ids: Collection[int], start: date, end: date) -> Capacity:
    """Of the days [start, end), by today's agents and heads. Five queries, however many there are.

    Each day is judged by the hours of the department's calendar and the contract of that day.
    """
    hats = _hats(department_ids)
    mine = sorted(pair for pair in hats if pair[1] in set(department_ids))
    people = {person for person, _department in mine}
    if not mine:
        return Capacity(0, 0.0)
    shares: dict[int, int] = defaultdict(int)
    for person, _department in hats:
        shares[person] += 1
    terms, away = _terms(people), _away(people, start, end)
    days = _workdays({department for _person, department in mine}, start, end)
    seconds = sum(
        available_seconds(
            days[department], terms.get((person, department), ()), away.get(person, ()), departments=shares[person]
        )
        for person, department in mine
    )
    return Capacity(len(people), seconds)


def _hats(department_ids: Collection[int]) -> set[tuple[int, int]]:
    """(person, department) of everybody who supplies for these, their other departments included."""
    rows = Membership.objects.filter(role__in=SUPPLYING_ROLES, person__is_active=True)
    people = rows.filter(department_id__in=department_ids).values("person_id")
    return set(rows.filter(person_id__in=people).values_list("person_id", "department_id"))


def _terms(people: Iterable[int]) -> dict[tuple[int, int], list[Terms]]:
    found: dict[tuple[int, int], list[Terms]] = defaultdict(list)
    for row in ContractHours.objects.filter(person_id__in=people):
        found[row.person_id, row.department_id].append(Terms(row.since, row.minutes))
    return found


def _away(people: Iterable[int], start: date, end: date) -> dict[int, list[Away]]:
    found: dict[int, list[Away]] = defaultdict(list)
    for row in Absence.objects.filter(person_id__in=people, first__lt=end, last__gte=start):
        found[row.person_id].append(Away(row.first, row.last))
    return found


def _workdays(department_ids: Iterable[int], start: date, end: date) -> dict[int, list[Workday]]:
    calendars = dict(Department.objects.filter(pk__in=department_ids).values_list("pk", "calendar_id"))
    versions = _versions(calendars.values())
    laid_out = {pk: _days(tuple(versions.get(pk, ())), start, end) for pk in set(calendars.values())}
    return {department: laid_out[calendar] for department, calendar in calendars.items()}


def _versions(calendar_ids: Iterable[int | None]) -> dict[int | None, list[CalendarVersion]]:
    """By calendar, oldest first; None stands for the company's default."""
    chosen = Q(calendar_id__in=[pk for pk in calendar_ids if pk]) | Q(calendar__is_default=True)
    found: dict[int | None, list[CalendarVersion]] = defaultdict(list)
    rows = CalendarVersion.objects.filter(chosen).select_related("calendar").order_by("effective_from")
    for version in rows:
        found[version.calendar_id].append(version)
        if version.calendar.is_default:
            found[None].append(version)
    return found


@lru_cache(maxsize=256)
def _days(versions: tuple[CalendarVersion, ...], start: date, end: date) -> list[Workday]:
    """Each day by the version in force then, which never changes; what lies before the first version, by the first."""
    if not versions:
        return []
    zones = [ZoneInfo(version.zone) for version in versions]
    since = [version.effective_from.astimezone(zone).date() for version, zone in zip(versions, zones, strict=True)]
    weeks = [_week(version) for version in versions]
    found, day = [], start
    while day < end:
        place = max(bisect_right(since, day) - 1, 0)
        opens, closes = (datetime.combine(one, time(), zones[place]) for one in (day, day + DAY))
        found.append(Workday(day, worktime_of(versions[place].pk).between(opens, closes), weeks[place]))
        day += DAY
    return found


def _week(version: CalendarVersion) -> float:
    """Seconds of an ordinary week: the windows of its seven days."""
    total = 0
    for windows in hours_of(version).week:
        for opens, closes in windows:
            begin, stop = (int(text[:2]) * 60 + int(text[3:]) for text in (opens, closes))
            total += (stop - begin if stop > begin else stop - begin + 1440) * 60
    return float(min(total, 7 * 86_400))


# ── The page of a department ─────────────────────────────────────────────────


@dataclass
class Agent:
    """Somebody who supplies for the department: hours a week, whether someone said so, and when they are away."""

    person: Person
    minutes: float
    stated: bool
    absences: list[Absence] = field(default_factory=list)

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 2)


def agents_with_hours(department: Department, *, today: date) -> list[Agent]:
    """By name, with today's hours and the absences that are not over. A fixed number of queries."""
    hats = _hats([department.pk])
    shares: dict[int, int] = defaultdict(int)
    for pk, _department in hats:
        shares[pk] += 1
    terms = _terms(shares)
    days = _workdays([department.pk], today, today + DAY)[department.pk]
    week = days[0].week if days else 0.0
    absences: dict[int, list[Absence]] = defaultdict(list)
    for row in Absence.objects.filter(person_id__in=shares, last__gte=today).order_by("first"):
        absences[row.person_id].append(row)
    found = []
    mine = {pk for pk, where in hats if where == department.pk}
    for person in Person.objects.filter(pk__in=mine).order_by("name", "pk"):
        known = [one for one in terms.get((person.pk, department.pk), ()) if one.since <= today]
        stated = max(known, key=lambda one: one.since).minutes if known else None
        usual = usual_minutes(week, departments=shares[person.pk])
        minutes = usual if stated is None else stated
        found.append(Agent(person, minutes, stated is not None, absences[person.pk]))
    return found
