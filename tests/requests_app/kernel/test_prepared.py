"""Prepared queries answer as unprepared ones do, on every connection, after rollbacks, and only so many of them."""

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from requests_app.desk.models import ServiceRequest
from requests_app.kernel import prepared
from requests_app.kernel.written import written_once
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db


@written_once
def titled(status: str, *, title: str, pks: list[int]) -> QuerySet[ServiceRequest]:
    rows = ServiceRequest.objects.select_related("customer", "supplier", "requester")
    return rows.filter(title=title, pk__among=pks, status=status).order_by("pk")


def names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%desk_servicerequest%%'")
        return {name for (name,) in cursor.fetchall()}


def test_the_values_are_those_of_this_time(company, django_assert_num_queries):
    one, other = file_laptop(company, title="50 % more"), file_laptop(company, title="Other")
    with django_assert_num_queries(4):
        assert [row.pk for row in titled("new", title="50 % more", pks=[one.pk, other.pk])] == [one.pk]
        assert [row.pk for row in titled("new", title="Other", pks={one.pk, other.pk})] == [other.pk]
        assert titled("new", title="Other", pks=[]) == []
        assert titled("closed", title="Other", pks=[other.pk]) == []
    assert titled("new", title="Other", pks=[other.pk])[0].supplier == company.it


@pytest.mark.parametrize("hostile", ["it' OR '1'='1", "%s", "$1", "it\\", "'); DROP TABLE desk_clock; --", "打印"])
def test_a_value_is_a_value(company, hostile):
    row = file_laptop(company, title=hostile)
    assert [found.title for found in titled("new", title=hostile, pks=[row.pk])] == [hostile]


def test_it_is_planned_once_a_connection_and_outlives_a_rollback(company):
    row = file_laptop(company)
    with transaction.atomic():
        assert titled("new", title=row.title, pks=[row.pk]) == [row]
        transaction.set_rollback(True)
    known = names()
    assert titled("new", title=row.title, pks=[row.pk]) == [row]
    assert names() == known


def test_a_connection_keeps_only_so_many(company, monkeypatch):
    row = file_laptop(company)
    monkeypatch.setattr(prepared, "MOST_PREPARED", 0)
    before = names()
    assert titled("in_progress", title=row.title, pks=[row.pk]) == []
    assert names() == before


def test_it_can_be_switched_off(company, settings):
    settings.PREPARED_QUERIES = False
    row, before = file_laptop(company), names()
    assert titled("delivered", title=row.title, pks=[row.pk]) == []
    assert names() == before


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew(company):
    row = file_laptop(company)
    assert titled("new", title=row.title, pks=[row.pk]) == [row]
    connection.close()
    assert titled("new", title=row.title, pks=[row.pk]) == [row]
