"""50 000 requests of one department, counted within a blink."""

import time
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.process.selectors.counting import edge_rows, path_rows
from metrics.rollups.states import Period, Scope, Side

OURS = ("request_id", "supplier_id")


@pytest.mark.long
def test_fifty_thousand_requests_are_counted_within_a_second(many_lives):
    others = ", ".join(
        field.column for field in RequestFact._meta.concrete_fields if field.column not in OURS
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO metrics_requestfact (request_id, supplier_id, {others}) "  # noqa: S608
            f"SELECT 1000 * (f.request_id + 1000) + n, 9, {others} FROM metrics_requestfact AS f, "
            "generate_series(1, 340) AS n"
        )
        cursor.execute("ANALYZE metrics_requestfact")
    scope = Scope(
        Side.SUPPLIER, (9,), Period(date(2026, 1, 1), date(2027, 1, 1)), timezone.now(), ZoneInfo("Europe/Berlin")
    )  # fmt: skip
    began = time.perf_counter()
    paths, edges = path_rows(scope)[False], edge_rows(scope)[False]
    took = time.perf_counter() - began

    assert sum(row.n for row in paths) > 30_000
    assert sum(row.n for row in edges) > 100_000
    assert took < 1
