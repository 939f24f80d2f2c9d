"""All relations of a department: the list, for whom, and the same over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.relations.listing import relations_of
from requests_app.calendars.models import CalendarVersion
from requests_app.kernel.errors import NotAllowed
from requests_app.org.services import save_department
from tests.metrics.conftest import build_wall

pytestmark = pytest.mark.django_db
HERE = "/departments/sales/relations/"
API = "/api/v1/figures/departments/sales/relations/"


@pytest.fixture
def life(company):
    """Sales asks IT, and is asked by Facilities; a year ago nobody asked anybody."""
    calendar = CalendarVersion.objects.get(calendar=company.calendar).pk
    at = timezone.now() - timedelta(days=20)
    build_wall(company.sales.pk, company.it.pk, calendar=calendar, first=900_001, at=at)
    build_wall(company.facilities.pk, company.sales.pk, calendar=calendar, first=910_001, at=at, n=30)
    return company


def test_both_sides_stand_there_with_volume_kept_satisfaction_and_the_way_to_the_relation(life):
    page = relations_of(person=life.customer_head, slug="sales")

    assert {
        side: [(line.department.slug, line.url, line.requests) for line in lines] for side, lines in page.sides.items()
    } == {
        "supplier": [("facilities", "/relations/facilities/sales/", 30)],
        "customer": [("it", "/relations/it/sales/", 14)],
    }
    (ours,) = page.sides["customer"]
    kept, rated = ours.tiles["resolution_kept"], ours.tiles["rating_mean"]
    assert (kept.figure.n, kept.figure.value, kept.verdict, ours.tiles["created"].change) == (14, 0.0, "", 14)
    assert (rated.figure.n, rated.figure.value) == (14, 2.0)


def test_it_is_for_the_department_executives_and_auditors(life, as_browser):
    readers = (life.customer_head, life.executive, life.auditor)
    assert [as_browser(person).get(HERE).status_code for person in readers] == [200] * 3
    others = (life.requester, life.stranger, life.supplier_head, life.other_agent, life.admin)
    assert [as_browser(person).get(HERE).status_code for person in others] == [403] * 5
    with pytest.raises(NotAllowed, match="Who asks whom"):
        relations_of(person=life.supplier_head, slug="sales")


def test_an_unknown_department_or_period_is_said(life, as_browser):
    client = as_browser(life.executive)
    assert client.get("/departments/nowhere/relations/").status_code == 404
    assert client.get(f"{HERE}?period=decade").status_code == 400
    assert "Relations of Sales" in client.get(f"{HERE}?period=decade").content.decode()


def test_a_department_without_requests_says_so(company, as_browser):
    assert "No requests in this period" in as_browser(company.executive).get(HERE).content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_more_departments_ask_no_more_of_the_database(life, as_browser, django_assert_max_num_queries, more):
    calendar = CalendarVersion.objects.get(calendar=life.calendar).pk
    for place in range(more):
        other = save_department(by=life.admin, slug=f"more-{place}", name=f"More {place}")
        build_wall(other.pk, life.sales.pk, calendar=calendar, first=920_001 + 100 * place, at=timezone.now(), n=2)
    client = as_browser(life.executive)
    client.get(HERE)
    with django_assert_max_num_queries(24):
        client.get(HERE)


def test_the_api_says_what_the_page_says(life, as_api):
    said = as_api(life.customer_head).get(API).data
    page = relations_of(person=life.customer_head, slug="sales")

    assert [(way["supplier"], way["customer"]) for way in said["ways"]] == [("sales", "facilities"), ("it", "sales")]
    figures = {one["key"]: one for one in said["ways"][1]["figures"]}
    for key, tile in page.sides["customer"][0].tiles.items():
        assert (figures[key]["n"], figures[key]["value"], figures[key]["change"]) == (
            tile.figure.n, tile.figure.value, tile.change,
        )  # fmt: skip


def test_the_relation_of_two_is_one_answer_in_whichever_order_they_are_named(life, as_api):
    client = as_api(life.customer_head)
    there, back = (client.get(f"/api/v1/figures/relations/{pair}/").data for pair in ("it/sales", "sales/it"))
    assert there["ways"] == back["ways"]
    assert [(way["supplier"], way["customer"]) for way in there["ways"]] == [("it", "sales"), ("sales", "it")]
    kept = next(one for one in there["ways"][0]["figures"] if one["key"] == "resolution_kept")
    assert (kept["n"], kept["value"], kept["verdict"]) == (14, 0.0, None)


def test_the_api_refuses_as_the_page_does(life, as_api):
    assert as_api(life.stranger).get("/api/v1/figures/relations/it/sales/").status_code == 403
    assert as_api(life.customer_head).get("/api/v1/figures/relations/it/it/").status_code == 404
    assert as_api(life.customer_head).get("/api/v1/figures/relations/it/nobody/").status_code == 404
    assert as_api(life.customer_head).get("/api/v1/figures/relations/it/sales/?period=decade").status_code == 400
