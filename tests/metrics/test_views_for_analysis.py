"""The views for analysis outside: what the facts say, each column explained, nothing private, nothing that writes."""

import re
from pathlib import Path

import pytest
from django.db import connection

from metrics.facts.models import RequestFact
from metrics.rollups.services import refresh_figures
from requests_app.desk.services.handoffs import offer_handoff
from tests.factories import accept, close, file_laptop

pytestmark = pytest.mark.django_db
DICTIONARY = Path(__file__).parents[2] / "docs" / "sql-views.md"
VIEWS = ("requests", "holding", "handoffs")


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def columns(view: str) -> list[str]:
    where = "table_schema = 'figures' AND table_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT column_name FROM information_schema.columns WHERE {where}", [view])  # noqa: S608
        return sorted(name for (name,) in cursor.fetchall())


@pytest.fixture
def told(company):
    """One closed, one offered to Facilities, one confidential."""
    plain, offered = close(company, file_laptop(company)), accept(company, file_laptop(company))
    offer_handoff(by=company.assigned, service_request=offered, to=company.facilities, reason="Yours")
    company.laptop.privacy = "confidential"
    company.laptop.save()
    secret = file_laptop(company)
    refresh_figures(request_ids=[plain.pk, offered.pk, secret.pk])
    return plain, offered, secret


def test_the_rows_are_those_of_the_facts(told):
    plain, offered, _secret = told
    found = {
        row[0]: row[1:] for row in rows("SELECT number, customer, supplier, service, outcome FROM figures.requests")
    }
    assert found == {
        plain.number: ("sales", "it", "laptop", "closed"), offered.number: ("sales", "it", "laptop", "open"),
        None: ("sales", "it", None, "open"),
    }  # fmt: skip
    fact = RequestFact.objects.get(pk=plain.pk)
    of_plain = "SELECT resolution_ws, resolution_kept, deliveries FROM figures.requests WHERE outcome = 'closed'"
    assert rows(of_plain) == [(fact.resolution_ws, fact.resolution_kept, 1)]
    assert {number for (number,) in rows("SELECT number FROM figures.holding")} == {plain.number, offered.number}
    assert rows("SELECT number, sender, receiver, outcome FROM figures.handoffs") == [
        (offered.number, "it", "facilities", "open")
    ]


def test_numbers_are_written_as_everywhere(company):
    file_laptop(company)
    refresh_figures(request_ids=[file_laptop(company).pk])
    RequestFact.objects.update(request_id=12_345_678)
    assert rows("SELECT number FROM figures.requests") == [("SR-12345678",)]


@pytest.mark.parametrize("view", VIEWS)
def test_every_column_is_explained_and_none_is_explained_that_is_not_there(view):
    part = DICTIONARY.read_text().split(f"## figures.{view}:")[1].split("\n## ")[0]
    explained = {
        name
        for line in part.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert explained == set(columns(view))


def test_no_person_and_no_single_rating_is_in_them():
    private = {"requester_id", "rater_id", "overall", "effort", "reliability", "assurance", "tangibles", "empathy",
               "responsiveness", "title", "description"}  # fmt: skip
    assert not private & {name for view in VIEWS for name in columns(view)}


def test_a_reader_of_the_views_reads_nothing_else(told):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE sd_analyst; GRANT USAGE ON SCHEMA figures TO sd_analyst")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA figures TO sd_analyst; SET LOCAL ROLE sd_analyst")
        cursor.execute("SELECT count(*) FROM figures.requests")
        assert cursor.fetchone() == (3,)
        cursor.execute("SELECT has_table_privilege('metrics_requestfact', 'SELECT')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_table_privilege('figures.requests', 'UPDATE')")
        assert cursor.fetchone() == (False,)
        cursor.execute("RESET ROLE")
