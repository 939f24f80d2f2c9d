"""How fast the past is replayed. Measured on what a year of many departments looks like: holds, handoffs, rejections."""

import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from metrics.facts.models import RequestFact
from metrics.facts.services import refresh_facts
from metrics.whatif import services
from requests_app.agreements.models import Agreement
from requests_app.agreements.terms import Terms
from tests.metrics.conftest import append
from tests.metrics.lives import Lives

pytestmark = [pytest.mark.django_db, pytest.mark.long]
HOUR = 3600
ORIGINALS = 1000


def copied(requests: int, office) -> None:
    """So many facts: those of a thousand plausible lives, again and again."""
    lives = Lives(seed=3, calendar=office.pk, start=datetime(2026, 1, 5, tzinfo=UTC), days=300)
    for serial in range(1, ORIGINALS + 1):
        append(serial, lives.life(serial))
    refresh_facts(request_ids=range(1, ORIGINALS + 1))
    names = ", ".join(field.column for field in RequestFact._meta.concrete_fields if field.name != "request_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO metrics_requestfact (request_id, {names}) SELECT request_id + {ORIGINALS} * n, {names} "  # noqa: S608
            f"FROM metrics_requestfact, generate_series(1, {requests // ORIGINALS - 1}) AS n"
        )
        cursor.execute("ANALYZE metrics_requestfact")


@pytest.mark.parametrize(("requests", "most"), [(100_000, 10), (500_000, 60)])
def test_a_year_of_many_requests_is_replayed_within_its_seconds(requests, most, office):
    copied(requests, office)
    terms = Terms(
        targets={
            measure: dict.fromkeys(range(1, 6), hours * HOUR)
            for measure, hours in (("response", 4), ("acceptance", 4), ("resolution", 24))
        },
        pausing=("customer", "part"),
    )
    everybody = Agreement(supplier=None, customer=None, service=None)
    began = time.monotonic()
    (one,) = services.replayed(everybody, [terms], date(2026, 1, 1), date(2026, 12, 31))
    took = time.monotonic() - began
    assert one.result.n == requests
    assert took < most, f"{took:.1f} s"
