"""The pages of figures with a full life behind them: for eyes and keyboards, on paper, and as the file that comes by mail."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from metrics.reports.models import ReportSubscription
from metrics.reports.services import queue_due_reports
from metrics.rollups.services import refresh_figures
from requests_app.calendars.models import CalendarVersion
from requests_app.events.models import Event
from requests_app.messaging.services import send_waiting
from tests.browser.screens import SCREENS
from tests.factories.actions import brought_to
from tests.factories.facts import count, decided
from tests.factories.improvements import measured
from tests.factories.voices import answered
from tests.metrics.conftest import append, build_wall
from tests.metrics.lives import Lives

pytestmark = pytest.mark.django_db(transaction=True)
PAPER = 718  # pixels of an A4 page between its margins
STICKS_OUT = """(most) => [...document.querySelectorAll('.dk-main *')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && getComputedStyle(one).visibility === 'visible' && !one.closest('.sr') && box.right > most + 1;
}).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def busy(company):
    """Four months of three departments, a pair to talk about, and what else a scorecard tells of."""
    calendar = CalendarVersion.objects.get(calendar=company.calendar).pk
    first = (Event.objects.order_by("-subject_id").values_list("subject_id", flat=True).first() or 0) + 1000
    lives = Lives(seed=5, calendar=calendar, days=120)
    lives.departments = [company.it.pk, company.sales.pk, company.facilities.pk]
    for serial in range(first, first + 150):
        append(serial, lives.life(serial))
    refresh_figures(request_ids=range(first, first + 150))
    at = timezone.now() - timedelta(days=20)
    build_wall(company.sales.pk, company.it.pk, calendar=calendar, first=first + 5000, at=at, n=24)
    brought_to(company, "verified")
    answered(company)
    measured(company, name="A second desk")
    return company


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_both_dashboards_and_the_scorecard_are_accessible_and_fit(
    open_page, busy, sign_in, axe, fits, shoot, width, scheme
):
    page = sign_in(open_page(width=width, scheme=scheme), busy.executive.email)
    for name, path in (
        ("supplier", "/departments/it/as-supplier/?period=year"),
        ("customer", "/departments/sales/as-customer/?period=year"),
        ("scorecard", "/departments/it/scorecard/"),
        ("figures", "/departments/it/figures/?period=year&need_type=technical&customer_kind=employee"),
    ):
        page.goto(path)
        shoot(page, f"dashboard-{name}-{width}-{scheme}")
        axe(page)
        fits(page)


def test_on_paper_nothing_is_cut_off_and_tables_stand_beside_charts(open_page, busy, sign_in, shoot):
    page = sign_in(open_page(width=1440), busy.executive.email)
    for name, path, charts in (
        ("company", "/company/?period=year", 2),
        ("supplier", "/departments/it/as-supplier/?period=year", 0),
        ("scorecard", "/departments/it/scorecard/", 0),
    ):
        page.goto(path)
        if charts:
            page.locator("[data-chart] svg").first.wait_for()
        page.emulate_media(media="print")
        page.set_viewport_size({"width": PAPER, "height": 1000})
        page.wait_for_timeout(300)  # charts are drawn anew for the width
        shoot(page, f"print-{name}")
        assert page.evaluate(STICKS_OUT, PAPER) == []
        for hidden in (".dk-side", ".dk-tabs", ".dk-menu", ".dk-seg"):
            assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
        tables = page.locator(".dk-data table").all()
        assert (len(tables), all(table.is_visible() for table in tables)) == (charts, True)
        assert page.pdf(format="A4").startswith(b"%PDF-")
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1440, "height": 900})


def shown_in_matrix(page: Page) -> list[str]:
    """The shares of the matrix, as the page writes them with a decimal in their titles."""
    titles = page.locator("table.dk-heat td [title]").evaluate_all("all => all.map((one) => one.title)")
    return [found[1] for title in titles if (found := re.search(r"([\d.]+)\xa0%, n", title))]


def test_a_report_is_asked_for_in_the_browser_comes_by_mail_and_its_numbers_are_those_of_the_page(
    open_page, company, sign_in, axe, fits
):
    count([
        *decided(company, company.it, 95, 100, 1, ago=10),
        *decided(company, company.facilities, 50, 100, 3000, ago=10),
    ])  # fmt: skip
    page = sign_in(open_page(width=360), company.executive.email)
    page.goto("/company/?period=quarter&figure=resolution_kept")
    shares = shown_in_matrix(page)
    assert sorted(set(shares)) == ["50.0", "72.5", "95.0"]

    page.locator("summary", has_text="Report").click()
    page.get_by_role("link", name="By mail").click()
    page.get_by_label("Kind of file").select_option("xlsx")
    page.get_by_label("About the last").select_option("quarter")
    axe(page)
    fits(page)
    page.get_by_role("button", name="Have it sent").click()
    expect(page.get_by_text(f"It comes to {company.executive.email}.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop Company: Agreement kept")).to_be_visible()

    assert queue_due_reports(ReportSubscription.objects.get().due_at) == 1
    send_waiting()
    ((name, content, _kind),) = mail.outbox[-1].attachments
    assert name.endswith(".xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    numbers = re.findall(r"<c [^>]*s=\"\d+\"><v>([\d.]+)</v>", sheet)
    assert [f"{float(number) * 100:.1f}" for number in numbers] == shares
