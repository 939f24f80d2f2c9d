"""A control chart as its readers see it: light and dark, wide and narrow; the head says what a signal was."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from metrics.charts.services import watch_all
from metrics.charts.states import monday
from metrics.improvement.services import plan_improvement, take_move
from tests.browser.screens import NARROW
from tests.factories.improvements import plan_of
from tests.factories.weeks import delivered_weeks

pytestmark = pytest.mark.django_db(transaction=True)
WAVE = [8.0, 9.0, 7.5, 8.5, 9.5, 7.0]


def a_year(company):
    last = monday(timezone.localdate()) - timedelta(days=7)
    kept = [30, 29, 28, 30, 27, 29] * 8
    delivered_weeks(
        company.it, company.sales, [*(WAVE * 5), 20.0, *[5.2, 5.0, 5.6, 4.9] * 3], last=last, kept=kept, each=30
    )
    plan = plan_of(company, effective_on=last - timedelta(days=7 * 12 - 2))
    row = plan_improvement(by=company.supplier_head, department=company.it, plan=plan)
    take_move(by=company.supplier_head, improvement=row, name="start")
    watch_all()


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_charts_are_accessible_and_fit(open_page, company, sign_in, axe, fits, shoot, width, scheme):
    a_year(company)
    page = sign_in(open_page(width=width, scheme=scheme), company.supplier_head.email)
    for name, path in (
        ("chart-times", "resolution_time/"), ("chart-shares", "resolution_kept/?weeks=26"), ("charts", ""),
    ):  # fmt: skip
        page.goto(f"/departments/it/charts/{path}")
        if path:
            page.locator("[data-chart] svg").first.wait_for()
            page.wait_for_timeout(400)  # the chart fades in
        shoot(page, f"{name}-{width}-{scheme}")
        axe(page)
        fits(page)


def test_the_head_dismisses_a_signal_without_script(open_page, company, sign_in, shoot):
    a_year(company)
    page = sign_in(open_page(width=360, script=False), company.supplier_head.email)
    page.goto("/departments/it/as-supplier/")
    page.get_by_role("region", name="Charts").get_by_role("link", name="Resolution", exact=True).click()
    signals = page.get_by_role("complementary", name="What the chart says")
    outage = signals.get_by_role("listitem").filter(has_text="Above the upper limit")
    outage.get_by_text("Say what it was").click()
    outage.get_by_label("What it was").fill("Mail outage of one day")
    outage.get_by_role("button", name="Dismiss").click()

    expect(page.get_by_text("Noted on the chart.")).to_be_visible()
    expect(signals.get_by_text("Dismissed: Mail outage of one day")).to_be_visible()
    shoot(page, "chart-answered")
