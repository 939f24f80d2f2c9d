"""The board of needs, with script and without."""

import pytest
from playwright.sync_api import expect

from feedback.needs.models import Need
from feedback.needs.services import rate
from tests.browser.screens import NARROW
from tests.factories.needs import need_at, needed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_an_agent_takes_a_need_from_the_board_and_analyses_it(page, company, sign_in):
    needed(company)
    sign_in(page, company.agent.email).goto("/feedback/needs/of/it/")
    page.get_by_role("link", name="Analyse", exact=True).click()
    page.get_by_label("What is behind it").fill("Seven passwords a head")
    page.get_by_label("Urgency").select_option("3")
    page.get_by_role("button", name="Analyse it").click()
    expect(page.get_by_text("Seven passwords a head").first).to_be_visible()
    assert Need.objects.get().priority == 6


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_pages_of_needs_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    needed(company, title="A second screen in every meeting room of the second floor")
    need_at(company, "analysed", title="Answers before nine o'clock")
    need = need_at(company, "decided")
    rate(by=company.requester, need=need, importance=5, satisfaction=2)
    need_at(company, "evaluated", title="Quicker laptops")
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("list", "/feedback/needs/"),
        ("board", "/feedback/needs/of/it/"),
        ("new", "/feedback/needs/new/"),
        ("page", f"/feedback/needs/{need.pk}/"),
    ]:
        page.goto(address)
        folded = page.locator("details.dk-more:not([open]) > summary")
        while folded.count():
            folded.first.click()
        axe(page)
        fits(page)
        shoot(page, f"needs-{name}-{width}-{scheme}")
