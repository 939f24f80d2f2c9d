"""Open requests that nobody owns, or that go back and forth right now, as one reader may see them."""

from collections.abc import Sequence

from django.db import connection

from metrics.passing.states import Live, Row
from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import number_of
from requests_app.org.models import Department, Person

MOST_ROWS = 8
LOOKED_AT = 60  # of the oldest, those that the reader may see are named
UNOWNED, BOUNCING = "f.accepted_at IS NULL", "f.aba > 0"


def unowned_now(person: Person, department_ids: Sequence[int] | None) -> Live:
    """Filed, and no department has accepted it yet; since when. Three queries."""
    return _live(person, department_ids, UNOWNED, "created_at")


def bouncing_now(person: Person, department_ids: Sequence[int] | None) -> Live:
    """Open, and went to another department and straight back at least once. Three queries."""
    return _live(person, department_ids, BOUNCING, "created_at")


def _live(person: Person, department_ids: Sequence[int] | None, which: str, since: str) -> Live:
    """Confidential ones are counted and never named; of the others only those of the reader."""
    mine = "" if department_ids is None else "AND f.supplier_id = ANY(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT f.request_id, f.supplier_id, f.{since}, f.confidential, count(*) OVER ()
            FROM metrics_requestfact AS f WHERE f.left_at IS NULL AND {which} {mine}
            ORDER BY f.confidential, f.{since}, f.request_id LIMIT {LOOKED_AT}
            """,  # noqa: S608  # texts are our own
            {"ids": list(department_ids or ())},
        )
        found = cursor.fetchall()
    shown = [row for row in found if not row[3]]
    seen = ServiceRequest.objects.visible_to(person).filter(pk__in=[row[0] for row in shown])
    visible = set(seen.values_list("pk", flat=True))
    rows = [row for row in shown if row[0] in visible][:MOST_ROWS]
    names = dict(Department.objects.filter(pk__in={row[1] for row in rows}).values_list("pk", "name"))
    return Live(
        n=found[0][4] if found else 0,
        rows=[Row(number_of(pk), names.get(supplier, ""), at) for pk, supplier, at, *_rest in rows],
    )
