"""Reading the log for the fold, and the facts it left."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from metrics.facts.models import OfferFact, RequestFact
from metrics.facts.states import Happening
from requests_app.events.models import Event
from requests_app.org.models import Department

SUBJECT = "request"
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
