"""The four plans as figures: completeness, and coverage of those with whom there is much to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.chain.models import Declaration
from feedback.talks.models import Talk
from metrics.charts.models import Chart, Phase
from metrics.plans.selectors import company_plans, department_plans
from metrics.plans.states import Coverage, Plan
from requests_app.kernel.errors import NotAllowed
from tests.factories.facts import fact
from tests.factories.talks import planned

pytestmark = pytest.mark.django_db
IT, COMPANY = "/departments/it/plans/", "/company/plans/"


def plans_of(company, person=None):
    return department_plans(person=person or company.supplier_head, slug="it")


def ask(customer, supplier, times: int, first: int, ago: int = 3) -> None:
    day = timezone.localdate() - timedelta(days=ago)
    for number in range(times):
        fact(first + number, day, customer=customer.pk, supplier=supplier.pk).save()


def held(company, kind: str = "customer", ago: int = 10) -> None:
    ended = timezone.now() - timedelta(days=ago)
    Talk.objects.filter(pk=planned(company, kind).pk).update(state="held", begun_at=ended, ended_at=ended)


@pytest.mark.parametrize(
    ("due", "met", "share"), [({1, 2}, {2, 3}, 0.5), ({1}, set(), 0.0), (set(), {1}, None)], ids=str
)
def test_coverage_counts_those_with_requests_enough(due, met, share):
    assert Coverage(frozenset(due), frozenset(met)).share == share


def test_without_anything_nothing_is_done_and_nobody_is_to_be_met(company):
    found = plans_of(company).standing
    assert (found.count, found.completeness, found.customers.share, found.suppliers.share) == (0, 0.0, None, None)


def test_whom_a_department_has_to_do_with_and_has_met(company):
    ask(company.sales, company.it, 5, 9_000_001)
    ask(company.facilities, company.it, 5, 9_000_101)
    ask(company.it, company.facilities, 4, 9_000_201)
    ask(company.it, company.it, 5, 9_000_301)
    held(company)
    page = plans_of(company)

    assert [(met.department.slug, met.is_met) for met in page.customers] == [("facilities", False), ("sales", True)]
    assert (page.standing.customers.count, page.standing.customers.n, page.suppliers) == (1, 2, [])


def test_each_plan_is_done_by_what_was_done(company):
    held(company)
    chart = Chart.objects.create(department=company.it, side="supplier", figure="resolution_time")
    now = timezone.now()
    Phase.objects.create(
        chart=chart, starts_on="2026-01-05", scale="log", centre=1.0, spread=0.1, weeks=20, frozen_at=now
    )
    assert plans_of(company).plans == [
        (Plan.KNOWLEDGE, False), (Plan.CUSTOMERS, True), (Plan.SUPPLIERS, False), (Plan.MEASUREMENT, True),
    ]  # fmt: skip
    assert Declaration.objects.count() == 0


@pytest.mark.parametrize("ago", [366, -1])
def test_talks_of_another_time_do_not_count(company, ago):
    held(company, ago=ago)
    assert plans_of(company).standing.done[Plan.CUSTOMERS] is False


def test_the_company_sums_its_departments_and_in_outline_shows_ones_own(company):
    ask(company.sales, company.it, 5, 9_000_001)
    held(company)
    page = company_plans(person=company.executive)
    assert (page.done[0], page.customers, page.suppliers) == (1, (1, 1), (1, 1))
    assert [line.department.slug for line in company_plans(person=company.supplier_head).lines] == ["it"]
    with pytest.raises(NotAllowed):
        company_plans(person=company.requester)


def test_pages_and_api_say_the_same(company, as_browser, as_api):
    ask(company.sales, company.it, 5, 9_000_001)
    held(company)
    for person, path in ((company.supplier_head, IT), (company.executive, COMPANY)):
        assert "25.0\u00a0%" in as_browser(person).get(path).content.decode()
    found = as_api(company.supplier_head).get("/api/v1/figures/departments/it/plans/").json()
    assert (found["done"], found["completeness"]) == (["customers"], 0.25)
    assert found["customers"] == {"value": 1.0, "met": 1, "n": 1}
    rows = as_api(company.executive).get("/api/v1/figures/company/plans/").json()["results"]
    assert {row["department"]: row["completeness"] for row in rows}["it"] == 0.25


def test_the_company_takes_as_many_queries_for_all_as_for_one(company, as_browser, django_assert_max_num_queries):
    head = as_browser(company.supplier_head)
    head.get(COMPANY)
    with django_assert_max_num_queries(60) as one:
        head.get(COMPANY)
    most = len(one)
    executive = as_browser(company.executive)
    executive.get(COMPANY)
    with django_assert_max_num_queries(most):
        executive.get(COMPANY)
