"""Improvement plans as people make them: from the dashboard to the measured effect; with script and without."""

import pytest
from playwright.sync_api import expect

from metrics.improvement.models import Improvement
from tests.browser.screens import WIDE
from tests.factories.improvements import HOUR, measured, planned, running

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [{"width": 1440}, {"width": 360, "script": False}]


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_the_head_plans_one_from_the_dashboard_and_starts_it(page, company, sign_in):
    sign_in(page, company.supplier_head.email).goto("/departments/it/as-supplier/")
    page.get_by_role("link", name="New improvement plan").click()
    page.get_by_label("What is done, in a few words").fill("Second-level rota")
    page.get_by_label("Which figure shall be better").select_option("resolution_time")
    page.get_by_label("Expected change").fill("-15")
    page.get_by_label("Who sees to it").select_option(label="Ansel Assigned")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_text("Ansel Assigned sees to it.")).to_be_visible()
    assert Improvement.objects.get().state == "running"


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_improvements_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    found = measured(company, goal="After the bad month nobody waits for a specialist who is elsewhere.")
    measured(company, after=10 * HOUR, figure="first_response_time", name="Replies from templates", expected=-0.1)
    running(company, other=company.sales, figure="resolution_kept", expected=0.05, name="One list for Sales")
    plan = planned(company, service=company.laptop, name="Laptops from stock")
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("list", "/departments/it/improvements/"),
        ("new", "/departments/it/improvements/new/"),
        ("measured", f"/improvements/{found.pk}/"),
        ("planned", f"/improvements/{plan.pk}/"),
        ("dashboard", "/departments/it/as-supplier/"),
    ]:
        page.goto(address)
        for more in page.locator("details.dk-more summary").all():
            more.click()
        axe(page)
        fits(page)
        shoot(page, f"improvement-{name}-{width}-{scheme}")
