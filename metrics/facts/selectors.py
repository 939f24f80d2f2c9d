"""Reading the log for the fold, and the facts it left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Subquery

from metrics.facts.models import HoldingInterval, OfferFact, RequestFact, WorkFact
from metrics.facts.states import Happening
from metrics.facts.timeline import Ruler
from requests_app.calendars.selectors import worktime_of
from requests_app.events.models import Event
from requests_app.kernel.written import written_once
from requests_app.org.models import Department

SUBJECT = "request"
WORK_COLUMNS = tuple(field.name for field in WorkFact._meta.concrete_fields)
OFFER_COLUMNS = tuple(field.name for field in OfferFact._meta.concrete_fields)


def histories(request_ids: Iterable[int]) -> Iterator[tuple[int, list[Happening]]]:
    """(request, its events in order) for each request that has any; one query."""
    rows = (
        Event.objects.filter(subject_kind=SUBJECT, subject_id__in=list(request_ids))
        .order_by("subject_id", "at", "id")
        .values_list("subject_id", "kind", "at", "actor_id", "data")
    )
    for request_id, group in groupby(rows.iterator(chunk_size=5000), key=lambda row: row[0]):
        yield request_id, [Happening(*row[1:]) for row in group]


def request_ids_after(request_id: int, most: int) -> list[int]:
    """The next requests of the log by id."""
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id__gt=request_id).order_by("subject_id")
    return list(rows.values_list("subject_id", flat=True).distinct()[:most])


def fact_ids_without_history() -> list[int]:
    """Facts of requests of which the log knows nothing (any more)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request_id FROM metrics_requestfact AS fact WHERE NOT EXISTS (SELECT FROM events_event AS event "
            "WHERE event.subject_kind = %s AND event.subject_id = fact.request_id) ORDER BY request_id",
            [SUBJECT],
        )
        return [row[0] for row in cursor.fetchall()]


class Zones:
    """The time zone of each department, read once."""

    def __init__(self) -> None:
        rows = Department.objects.values_list("pk", "time_zone")
        self._zones = {pk: ZoneInfo(name) for pk, name in rows}
        self._company = ZoneInfo(settings.COMPANY_TIME_ZONE)

    def day(self, at: datetime | None, department_id: int | None) -> date | None:
        """The date on the department's wall calendar."""
        return at and at.astimezone(self._zones.get(department_id or 0, self._company)).date()


def facts_of(request_ids: Iterable[int], columns: Iterable[str]) -> dict[int, dict]:
    rows = RequestFact.objects.filter(request_id__in=list(request_ids)).values(*columns)
    return {row["request_id"]: row for row in rows}


def offers_of(request_ids: Iterable[int]) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = {}
    rows = OfferFact.objects.filter(request_id__in=list(request_ids)).order_by("request_id", "place")
    for row in rows.values(*OFFER_COLUMNS):
        found.setdefault(row["request_id"], []).append(row)
    return found


def work_of(request_ids: Iterable[int]) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = {}
    rows = WorkFact.objects.filter(request_id__in=list(request_ids)).order_by("request_id", "department_id", "day")
    for row in rows.values(*WORK_COLUMNS):
        found.setdefault(row["request_id"], []).append(row)
    return found


@dataclass(frozen=True)
class Holder:
    """A party and the whole seconds of working time it held one request; a department by its id."""

    party: str
    department_id: int | None
    seconds: int


@dataclass(frozen=True)
class Holding:
    """Who held a request so far, in the order in which they came in. `lasts` while the supplier's work goes on."""

    holders: list[Holder]
    lasts: bool


def who_held(request_id: int, now: datetime) -> Holding | None:
    """Every working second since filing, charged to one holder; None before the first fold. One query."""
    intervals = _intervals(request_id=request_id)
    if not intervals:
        return None
    calendar = intervals[0].calendar  # type: ignore[attr-defined]
    ruler = Ruler(intervals[0].started_at, worktime_of(calendar) if calendar else None)
    spent: dict[tuple[str, int | None], int] = {}
    for one in intervals:
        seconds = one.ws if one.ended_at else ruler.between(one.started_at, max(now, one.started_at))[0]
        holder = (one.party, one.department_id)
        spent[holder] = spent.get(holder, 0) + (seconds or 0)
    return Holding([Holder(*holder, seconds) for holder, seconds in spent.items()], intervals[-1].ended_at is None)


@written_once
def _intervals(*, request_id: int) -> QuerySet[HoldingInterval]:
    """Each with the version of the calendar under which the request was filed; none for a history without one."""
    filed = Event.objects.filter(subject_kind=SUBJECT, subject_id=request_id, kind="request.filed").order_by("pk")
    calendar = Subquery(filed.values("data__calendar")[:1])
    return HoldingInterval.objects.filter(request_id=request_id).order_by("place").annotate(calendar=calendar)
