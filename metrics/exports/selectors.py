"""Exports of the reader, and the facts that go into one."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone

from metrics.exports import policies
from metrics.exports.models import FactExport
from metrics.exports.states import ROWS_SQL
from metrics.facts.models import RequestFact
from metrics.rollups.states import Side
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import below, departments_for

CHUNK = 2_000


def exports_of(person: Person) -> QuerySet[FactExport]:
    """The reader's own, newest first; those of others are not there."""
    return FactExport.objects.filter(asked_by=person.pk).order_by("-pk")


def get_export(*, person: Person, pk: int) -> FactExport:
    found = exports_of(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def departments_to_export(person: Person) -> list[Department]:
    """Those that may be chosen."""
    hats = standing(person)
    rows = departments_for(person)
    if not hats.is_auditor:
        rows = rows.filter(pk__in=hats.supplies_for | hats.head_of)
    return [department for department in rows if policies.can_export(person, department)]


def path_of(export: FactExport) -> Path:
    return Path(settings.MEDIA_ROOT) / "exports" / export.storage_key


def facts_of(export: FactExport) -> QuerySet[RequestFact]:
    """The requests filed in these days, by the calendar of their supplier."""
    department = Department.objects.get(pk=export.department_id)
    column = "supplier_id__in" if export.side == Side.SUPPLIER else "customer_id__in"
    rows = RequestFact.objects.filter(**{column: below(department)})
    return rows.filter(created_day__gte=export.first, created_day__lte=export.last)


def rows_for(person: Person, export: FactExport) -> Iterator[tuple[int, list[tuple]]]:
    """(how many facts were looked at, the rows of those that the person may read), piece by piece."""
    ids = list(facts_of(export).order_by("request_id").values_list("request_id", flat=True))
    for place in range(0, len(ids), CHUNK):
        chunk = ids[place : place + CHUNK]
        readable = ServiceRequest.objects.visible_to(person).filter(pk__in=chunk).values_list("pk", flat=True)
        with connection.cursor() as cursor:
            cursor.execute(ROWS_SQL, [list(readable)])
            yield len(chunk), cursor.fetchall()


def file_answer(person: Person, export: FactExport) -> FileResponse:
    """The file. 404 before it is written and after its week; NotAllowed for who has lost the right in between."""
    if not export.storage_key or export.expires_at <= timezone.now():
        raise Http404
    department = Department.objects.get(pk=export.department_id)
    policies.require_export(person, department)
    try:
        file = path_of(export).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"{department.slug}-{export.side}-{export.first}-{export.last}.csv.gz"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/gzip")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
