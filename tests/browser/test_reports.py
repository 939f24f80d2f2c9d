"""The head of a department takes the figures along as files, and has them sent."""

import pytest
from playwright.sync_api import Page, expect

from metrics.reports.models import ReportSubscription
from metrics.rollups.services import recount_stale, refresh_figures
from tests.browser.screens import SCREENS
from tests.factories import deliver, file_laptop

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/departments/it/as-supplier/"


@pytest.fixture
def counted(company) -> None:
    refresh_figures(request_ids=[deliver(company, file_laptop(company)).pk])
    recount_stale()


@pytest.mark.parametrize("page", [{"width": 1440}, {"width": 360, "script": False}], indirect=True)
def test_a_report_is_taken_along_and_sent_from_now_on(page: Page, company, sign_in, counted):
    sign_in(page, company.supplier_head.email).goto(f"{HERE}?period=7")
    menu = page.locator("summary", has_text="Report")
    menu.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="As spreadsheet").click()
    assert taken.value.suggested_filename.startswith("it-supplier-")

    page.goto(HERE)
    menu.click()
    page.get_by_role("link", name="By mail").click()
    page.get_by_label("When").select_option("monthly")
    page.get_by_role("button", name="Have it sent").click()
    expect(page.get_by_text(f"It comes to {company.supplier_head.email}.")).to_be_visible()
    assert ReportSubscription.objects.get().rhythm == "monthly"
    page.get_by_role("button", name="Stop IT Services as supplier").click()
    expect(page.get_by_text("It does not come any more.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_page_of_reports_is_accessible_and_fits(
    open_page, company, counted, sign_in, axe, fits, shoot, width, scheme
):
    page = sign_in(open_page(width=width, scheme=scheme), company.supplier_head.email)
    page.goto(f"{HERE}reports/")
    page.get_by_role("button", name="Have it sent").click()
    shoot(page, f"reports-{width}-{scheme}")
    axe(page)
    fits(page)
    page.goto(HERE)
    page.locator("summary", has_text="Report").click()
    shoot(page, f"reports-menu-{width}-{scheme}")
    axe(page)
    fits(page)
