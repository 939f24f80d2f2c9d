"""A corrective action as people do it: from the request to the customer's word; with script and without."""

import re

import pytest
from playwright.sync_api import expect

from feedback.actions.causes import ensure_causes
from feedback.actions.models import CorrectiveAction
from tests.browser.screens import SCREENS
from tests.factories.actions import brought_to, opened

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [{"width": 1440}, {"width": 360, "script": False}]


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_the_head_starts_it_on_the_request_and_finds_the_cause(page, company, sign_in, delivered_request):
    ensure_causes()
    sign_in(page, company.supplier_head.email).goto(f"/requests/{delivered_request.number}/")
    page.get_by_role("link", name="Start a corrective action").click()
    page.get_by_label("What went wrong, in one line").fill("It came late")
    page.get_by_role("button", name="Open it").click()

    page.get_by_label("What keeps it from hurting further").fill("A spare one was lent.")
    page.get_by_role("button", name="Contain it").click()
    page.get_by_label("Why did it happen?").fill("Nobody saw the order.")
    page.get_by_label("Cause").select_option(label="How it is done › Handover between departments")
    page.get_by_role("button", name="Say what caused it").click()

    expect(page.get_by_role("heading", name="Plan what is done about it")).to_be_visible()
    assert CorrectiveAction.objects.get().state == "analysed"


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_the_customer_confirms_it_from_the_desk(page, company, sign_in):
    action = brought_to(company, "done")
    sign_in(page, company.customer_head.email).goto("/")
    page.get_by_role("link", name="Take the step").click()
    expect(page).to_have_url(re.compile(f"/feedback/actions/{action.pk}/$"))
    page.get_by_role("button", name="Confirm that it worked").click()
    expect(page.get_by_text("Sales looks later whether it lasted.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_of_corrective_actions_are_accessible_and_fit(
    width, scheme, open_page, sign_in, company, delivered_request, axe, fits, shoot
):
    ensure_causes()
    action = brought_to(company, "contained", delivered_request, problem="Two of five came a week late.")
    planned = brought_to(company, "planned", title="Badges do not open the side door of the new building")
    opened(company, title="Laptops come later than agreed")
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("desk", "/"),
        ("list", "/feedback/actions/"),
        ("new", "/feedback/actions/new/"),
        ("analyse", f"/feedback/actions/{action.pk}/"),
        ("planned", f"/feedback/actions/{planned.pk}/"),
        ("request", f"/requests/{delivered_request.number}/"),
        ("dashboard", "/departments/it/as-supplier/"),
        ("causes", "/settings/causes/"),
    ]:
        page.goto(address)
        for more in page.locator("details.dk-more summary").all():
            more.click()
        axe(page)
        fits(page)
        shoot(page, f"action-{name}-{width}-{scheme}")
