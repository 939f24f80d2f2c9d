"""Weekly counts of requests filed: departments from cells, finer ones straight from facts."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from metrics.forecast.states import AHEAD, MOST_WEEKS, WEEK, Week, monday_of
from metrics.rollups import selectors
from metrics.rollups.states import Period, Scope, Side
from requests_app.calendars.selectors import current_version_id, open_days
from requests_app.org.models import Department

Counts = Counter[date]  # by Monday
BACK = 56  # weeks of what customers ask: a year, and the four weeks told


@dataclass(frozen=True)
class Span:
    """The weeks of a department: those behind, this one and those ahead, with how many days each is open."""

    department: Department
    ids: tuple[int, ...]  # with everything below it
    now: datetime
    open: Mapping[date, int]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.department.time_zone)

    @property
    def monday(self) -> date:
        """Of the week that is running: the first to be told."""
        return monday_of(self.now.astimezone(self.zone).date())

    def weeks(self, counts: Counts) -> list[Week]:
        """The whole weeks from the first with a request on, oldest first."""
        mondays = [self.monday - WEEK * back for back in range(MOST_WEEKS, 0, -1)]
        found = [Week(monday, counts[monday], self.open.get(monday, 0)) for monday in mondays]
        first = next((place for place, week in enumerate(found) if week.n), len(found))
        return found[first:]

    def ahead(self) -> list[tuple[date, float]]:
        mondays = [self.monday + WEEK * place for place in range(AHEAD)]
        return [(monday, self.open.get(monday, 0)) for monday in mondays]


def spans(now: datetime) -> list[Span]:
    """Every department at work, with the open days of its calendar as it is now."""
    departments = list(Department.objects.order_by("pk"))
    days: dict[int | None, Mapping[date, int]] = {}
    for calendar in {department.calendar_id for department in departments}:
        days[calendar] = _open_days(calendar, now)
    paths = {department.pk: department.path or f"/{department.pk}/" for department in departments}
    return [
        Span(
            department,
            tuple(pk for pk, path in paths.items() if path.startswith(paths[department.pk])),
            now,
            days[department.calendar_id],
        )
        for department in departments
        if department.is_active
    ]


def _open_days(calendar_id: int | None, now: datetime) -> Mapping[date, int]:
    middle = monday_of(timezone.localdate(now))
    days = open_days(current_version_id(calendar_id), middle - WEEK * (MOST_WEEKS + 1), middle + WEEK * (AHEAD + 2))
    return Counter(monday_of(day) for day in days)


def of_department(span: Span) -> Counts:
    mondays = [span.monday - WEEK * back for back in range(MOST_WEEKS, 0, -1)]
    pieces = [Period(monday, monday + WEEK) for monday in mondays]
    scope = Scope(Side.SUPPLIER, span.ids, Period(mondays[0], span.monday), span.now, span.zone)
    found = selectors.series(scope, ["created"], pieces)["created"]
    return Counter({monday: figure.n for monday, figure in zip(mondays, found, strict=True)})


def supplied(now: datetime) -> dict[int, dict[tuple[int, str], Counts]]:
    """Supplier → (service, "") and (0, need type) → counts. One query."""
    found: dict[int, dict[tuple[int, str], Counts]] = defaultdict(lambda: defaultdict(Counter))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT supplier_id, coalesce(service_id, 0), need_type, date_trunc('week', created_day)::date, count(*)
            FROM metrics_requestfact WHERE created_day >= %s GROUP BY 1, 2, 3, 4
            """,
            [monday_of(timezone.localdate(now)) - WEEK * (MOST_WEEKS + 1)],
        )
        for supplier, service, need_type, monday, n in cursor:
            if service:
                found[supplier][service, ""][monday] += n
            found[supplier][0, need_type][monday] += n
    return found


def asked(now: datetime) -> dict[int, dict[tuple[int, int], Counts]]:
    """Customer → (supplier, service) → counts of the last year. One query."""
    found: dict[int, dict[tuple[int, int], Counts]] = defaultdict(lambda: defaultdict(Counter))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT customer_id, supplier_id, service_id, date_trunc('week', created_day)::date, count(*)
            FROM metrics_requestfact WHERE created_day >= %s AND service_id IS NOT NULL GROUP BY 1, 2, 3, 4
            """,
            [monday_of(timezone.localdate(now)) - WEEK * (BACK + 1)],
        )
        for customer, supplier, service, monday, n in cursor:
            found[customer][supplier, service][monday] += n
    return found


def first_weeks() -> dict[int, date]:
    """Customer → the first day it ever asked. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, min(created_day) FROM metrics_requestfact GROUP BY 1")
        return dict(cursor.fetchall())


def mondays_between(first: date, after: date) -> list[date]:
    return [first + timedelta(days=at) for at in range(0, (after - first).days, 7)]
