"""Two heads negotiate an agreement and sign it, in a browser; with script and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import stage_of
from requests_app.agreements.services import set_targets
from requests_app.agreements.states import Stage
from requests_app.desk.services.moves import move_request
from tests.browser.screens import WIDE
from tests.factories import deliver, file_laptop
from tests.factories.agreements import TERMS, drafted, proposed, signed

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [{"width": 1440}, {"width": 360, "script": False}]


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_two_heads_negotiate_and_sign(page: Page, company, sign_in):
    sign_in(page, company.supplier_head.email).goto("/agreements/")
    page.get_by_role("link", name="New agreement").click()
    page.get_by_label("Who delivers").select_option("it")
    page.get_by_label("For whom").select_option("sales")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Medium: First response").fill("1 h")
    page.get_by_label("Medium: Resolution").fill("2 days")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    page.get_by_label("A word to the other side").fill("As we said on Monday.")
    page.get_by_role("button", name="Sign and propose").click()
    expect(page.get_by_text("Sales signs it, answers with other terms, or refuses it.")).to_be_visible()
    page.context.clear_cookies()

    sign_in(page, company.customer_head.email).goto("/agreements/")
    page.get_by_role("region", name="Waits for your answer").get_by_role("link").click()
    expect(page.get_by_text("As we said on Monday.")).to_be_visible()
    page.get_by_role("link", name="Answer with other terms").click()
    page.get_by_label("Medium: First response").fill("30 min")
    page.get_by_label("A word to the other side").fill("Half an hour, please.")
    page.get_by_role("button", name="Propose these terms instead").click()
    expect(page.get_by_text("Your counter-proposal is on the table, signed by you.")).to_be_visible()
    page.context.clear_cookies()

    agreement = Agreement.objects.get(customer=company.sales)
    sign_in(page, company.supplier_head.email).goto(f"/agreements/{agreement.pk}/")
    expect(page.get_by_text("Half an hour, please.")).to_be_visible()
    expect(page.get_by_role("heading", name="What this proposal changed")).to_be_visible()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed by both.")).to_be_visible()

    agreement.refresh_from_db()
    assert (stage_of(agreement), agreement.round) == (Stage.IN_FORCE, 2)
    row = file_laptop(company, urgency=1, impact=3)
    assert sorted(row.clocks.values_list("measure", "seconds", "days")) == [
        ("resolution", None, 2), ("response", 1800, None),
    ]  # fmt: skip


@pytest.fixture
def lived_under(company) -> Agreement:
    """Twelve requests of last week under a promise of four hours: eight kept, four not."""
    start = timezone.now() - timedelta(days=6)
    agreement = set_targets(
        by=None, supplier=company.it, customer=company.sales, valid_from=start - timedelta(days=1),
        targets={"response": {3: 4 * 3600}, "resolution": {3: 4 * 3600}},
    )  # fmt: skip
    rows = []
    for number in range(12):
        row = file_laptop(company, urgency=1, impact=3, at=start)
        for action, hours in (("accept", 1), ("deliver", 5 if number % 3 == 0 else 3)):
            at = start + timedelta(hours=hours)
            move_request(by=company.assigned, service_request=row, action=action, at=at)
        rows.append(row.pk)
    refresh_figures(request_ids=rows)
    recount_stale()
    return agreement


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_a_what_if_shows_what_the_dashboard_shows_for_the_time_it_held_in(page: Page, company, sign_in, lived_under):
    sign_in(page, company.supplier_head.email).goto(f"/agreements/{lived_under.pk}/")
    page.get_by_role("link", name="Replay over past requests").click()
    page.get_by_role("button", name="Replay").click()
    whole = page.get_by_role("region", name="Resolution").get_by_role("row").filter(has_text="All")
    expect(whole.get_by_role("cell").first).to_have_text("66.7\u00a0%")
    expect(page.get_by_text("Nothing: every verdict would be the same.")).to_be_visible()

    page.goto("/departments/it/as-supplier/?customer=sales")
    tile = page.locator("article.dk-tile").filter(has=page.get_by_role("heading", name="Agreement kept", exact=True))
    expect(tile).to_contain_text("66.7\u00a0%")


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_two_texts_are_compared_and_a_suggestion_becomes_the_next_one(page: Page, company, sign_in, lived_under):
    hour = 3600
    strict = drafted(company, TERMS.changed(targets={"response": {3: 4 * hour}, "resolution": {3: 2 * hour}}))
    sign_in(page, company.supplier_head.email).goto(f"/agreements/{strict.pk}/what-if/")
    page.get_by_label("Compare with").select_option(str(lived_under.pk))
    page.get_by_role("button", name="The last 3 months").click()
    whole = page.get_by_role("region", name="Resolution").get_by_role("row").filter(has_text="All")
    expect(whole.get_by_role("cell").first).to_have_text("0.0\u00a0%")
    expect(whole).to_contain_text("66.7\u00a0%")
    expect(page.get_by_role("columnheader", name="Version 1 (In force)").first).to_be_visible()
    page.get_by_role("link", name="Would be missed 8").click()
    flips = page.get_by_role("region", name="What would have come out otherwise")
    expect(flips.get_by_role("row")).to_have_count(9)

    page.get_by_role("button", name="Targets that 80 % would have met").click()
    expect(page.get_by_label("Medium: Resolution")).to_have_value("5 h")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert {target.measure: target.seconds for target in strict.targets.all()}["resolution"] == 5 * hour


def walk(page: Page, company, sign_in, axe, fits, shoot, screen: str) -> None:
    signed(company)
    refresh_figures(request_ids=[deliver(company, file_laptop(company, urgency=1, impact=3)).pk])
    table = proposed(company, TERMS.changed(price="rate card A", targets={"resolution": {1: 600, 3: 3600}}))
    draft = drafted(company, service=company.laptop)
    sign_in(page, company.customer_head.email)
    _look(page, axe, fits, shoot, {"list": "/agreements/", "proposal": f"/agreements/{table.pk}/"}, screen)
    _look(page, axe, fits, shoot, {"counter": f"/agreements/{table.pk}/text/"}, screen)
    page.goto(f"/agreements/{table.pk}/what-if/")
    page.get_by_role("button", name="Replay").click()
    _look(page, axe, fits, shoot, {"what-if": page.url}, screen)
    page.context.clear_cookies()
    sign_in(page, company.supplier_head.email)
    pages = {"draft": f"/agreements/{draft.pk}/", "choose": "/agreements/new/", "edit": f"/agreements/{draft.pk}/text/"}
    _look(page, axe, fits, shoot, pages, screen)


def _look(page: Page, axe, fits, shoot, pages: dict[str, str], screen: str) -> None:
    for name, address in pages.items():
        page.goto(address)
        shut = page.locator("details.dk-more:not([open]) > summary")
        while shut.count():
            shut.first.click()
        shoot(page, f"agreements-{name}-{screen}")
        axe(page)
        fits(page)


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_agreements_are_accessible_and_fit(open_page, company, sign_in, axe, fits, shoot, width, scheme):
    walk(open_page(width=width, scheme=scheme), company, sign_in, axe, fits, shoot, f"{width}-{scheme}")
