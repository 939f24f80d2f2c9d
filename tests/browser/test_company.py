"""The company's page: the matrix, the charts and the pairs to talk about, for eyes, keyboards and phones."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from django.utils import timezone

from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.calendars.models import CalendarVersion
from requests_app.org.models import Department
from requests_app.org.services import save_department
from tests.browser.screens import NARROW
from tests.metrics.conftest import append, build_wall
from tests.metrics.lives import Lives

pytestmark = pytest.mark.django_db(transaction=True)


NAMES = ["Marketing", "Customer Care", "Production", "Quality", "Logistics", "Purchasing"]


@pytest.fixture
def busy(company):
    """Four months of nine departments, and one pair to talk about."""
    for name in NAMES:
        save_department(by=company.admin, slug=name.lower().replace(" ", "-"), name=name)
    calendar = CalendarVersion.objects.get(calendar=company.calendar).pk
    first = 100_001  # always the same lives, so that there is always the same wall
    lives = Lives(seed=3, calendar=calendar, days=120)
    lives.departments = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    for serial in range(first, first + 600):
        append(serial, lives.life(serial))
    refresh_figures(request_ids=range(first, first + 600))
    at = datetime(2026, 4, 7, 9, tzinfo=UTC)
    build_wall(company.sales.pk, company.it.pk, calendar=calendar, first=first + 5000, at=at, n=24)
    recount_stale(patience=inf)  # on a busy machine the usual patience ends before all cells are counted
    return company


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_the_page_of_the_company_is_accessible_and_fits(open_page, busy, sign_in, axe, fits, shoot, width, scheme):
    page = sign_in(open_page(width=width, scheme=scheme), busy.executive.email)
    page.goto("/company/?from=2026-01-01&to=2026-11-01")
    page.locator("[data-chart] svg").first.wait_for()
    assert page.get_by_role("link", name="Sales asks IT Services", exact=True).count() == 1
    page.evaluate("document.querySelectorAll('details.dk-more').forEach((more) => { more.open = true })")
    axe(page)
    fits(page)
    shoot(page, f"company-{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_the_list_of_relations_is_accessible_and_fits(open_page, busy, sign_in, axe, fits, shoot, width, scheme):
    calendar = CalendarVersion.objects.get(calendar=busy.calendar).pk
    build_wall(busy.sales.pk, busy.it.pk, calendar=calendar, first=990_001, at=timezone.now() - timedelta(days=9))
    page = sign_in(open_page(width=width, scheme=scheme), busy.supplier_head.email)
    page.goto("/departments/it/relations/?period=year")
    assert page.get_by_role("region", name="Customers").get_by_role("link", name="Sales").count() == 1
    axe(page)
    fits(page)
    shoot(page, f"relations-{width}-{scheme}")


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_any_figure_is_chosen_without_script(page, busy, sign_in):
    sign_in(page, busy.executive.email).goto("/company/?from=2026-01-01&to=2026-11-01")
    page.get_by_label("Any figure").select_option("ping_pong")
    page.locator("form:has(#id_figure)").get_by_role("button", name="Show").click()
    assert "figure=ping_pong" in page.url
    assert page.get_by_role("heading", name="Ping-pong", exact=True).is_visible()
