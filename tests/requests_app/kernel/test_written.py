"""Queries written once answer as if they were written each time."""

import pytest
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_service_request
from requests_app.events.models import Event
from requests_app.kernel import written as module
from requests_app.kernel.written import MOST_ROWS, counted_once, insert, summed, summed_once, written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing, whoever
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
built: list[str] = []


@written_once
def by_kind(kind: str, *, slug: str, pks: list[int]) -> QuerySet[Department]:
    built.append(kind)
    return Department.objects.filter(Q(slug=slug) | Q(pk__among=pks), kind=kind).order_by("slug")


@written_once
def nothing(*, pk: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=pk).none()


@counted_once
def people_in(*, slugs: list[str]) -> QuerySet:
    return Person.objects.filter(memberships__department__slug__among=slugs).distinct().values("pk")


@counted_once
def nobody(*, pk: int) -> QuerySet:
    return Person.objects.filter(pk=pk).none()


def test_the_values_are_those_of_this_time(company):
    built.clear()
    assert [row.slug for row in by_kind("internal", slug="it", pks=[])] == ["it"]
    assert [row.slug for row in by_kind("internal", slug="x", pks={company.sales.pk, company.it.pk})] == ["it", "sales"]
    assert by_kind("partner", slug="it", pks=[]) == []
    assert built == ["internal", "partner"]


@pytest.mark.parametrize("hostile", ["it' OR '1'='1", "%s", "%(slug)s", "it\\", "'; DROP TABLE org_department; --"])
def test_a_value_is_a_value(company, hostile):
    assert by_kind("internal", slug=hostile, pks=[]) == []
    assert Department.objects.filter(slug="it").exists()


def test_what_can_find_nothing_asks_nothing(company, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert nothing(pk=company.agent.pk) == []
        assert nobody(pk=company.agent.pk) == 0


def test_counting_leaves_the_rows_where_they_are(company):
    expected = Person.objects.filter(memberships__department=company.it).distinct().count()
    assert people_in(slugs=["it"]) == expected > 0
    assert people_in(slugs=[]) == 0


@summed_once
def kinds_of(*, slugs: list[str]) -> QuerySet:
    rows = Department.objects.filter(slug__among=slugs)
    return summed(rows, all=Count("pk"), ours=Count("pk", filter=Q(slug="it")))


@summed_once
def sums_of_nobody(*, pk: int) -> QuerySet:
    return summed(Person.objects.none().filter(pk=pk), all=Count("pk"))


def test_sums_are_one_row_over_all_and_nothing_is_asked_about_nobody(company, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert (kinds_of(slugs=["it", "sales"]), kinds_of(slugs=["nowhere"])) == ((2, 1), (0, 0))
    with django_assert_num_queries(0):
        assert sums_of_nobody(pk=1) is None


def test_changes_are_seen_at_once(company):
    assert by_kind("internal", slug="it", pks=[])[0].name == "IT Services"
    Department.objects.filter(slug="it").update(name="Informatics")
    assert by_kind("internal", slug="it", pks=[])[0].name == "Informatics"


def test_people_who_stand_alike_share_a_query_and_each_sees_their_own(company):
    """The one query for all customers' heads, agents, …: whoever comes second sees no row of the first."""
    row = file_laptop(company)
    for person in company.by_context.values():
        fresh = Person.objects.get(pk=person.pk)
        expected = ServiceRequest.objects.visible_to(fresh).filter(pk=row.pk).exists()
        hats = standing(fresh)
        stands = whoever(hats.shape, hats.person_id)
        assert ServiceRequest.objects.visible_to(stands).filter(pk=row.pk).exists() == expected
        if expected:
            assert get_service_request(person=fresh, number=row.number) == row
    assert module._written.cache_info().currsize > 0


def test_of_whoever_stands_so_nothing_else_is_known(company):
    with pytest.raises(AttributeError):
        assert whoever(standing(company.agent).shape, company.agent.pk).pk


@pytest.mark.parametrize("count", [0, 1, 3, MOST_ROWS + 1])
def test_new_rows_get_their_ids_and_what_the_database_fills(company, count, django_assert_num_queries):
    rows = [Event(kind="x", subject_kind="y", subject_id=n, at=timezone.now(), data={"n": n}) for n in range(count)]
    with django_assert_num_queries(1 if count else 0):
        insert(rows)
    kept = Event.objects.filter(kind="x").order_by("subject_id")
    assert [(row.pk, row.data) for row in rows] == [(row.pk, row.data) for row in kept]
    assert all(row.recorded_at for row in kept)


def test_a_new_row_is_as_django_would_have_saved_it(company):
    row = file_laptop(company, title="%s \" ' \\ 打印机")
    fresh = ServiceRequest.objects.get(pk=row.pk)
    assert (fresh.title, fresh.answers, fresh.created_at) == (row.title, row.answers, row.created_at)
    assert fresh.search
    assert not row._state.adding
