"""The page that describes the API, as somebody who writes a program reads it."""

import pytest
from playwright.sync_api import expect

from tests.browser.screens import WIDE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_is_accessible_fits_and_opens_an_operation(width, scheme, company, open_page, sign_in, axe, fits, shoot):
    page = sign_in(open_page(width=width, scheme=scheme), company.requester.email)
    page.goto("/api/v1/docs/")

    page.locator("#requests_file summary").click()

    expect(page.locator("#requests_file")).to_contain_text("Idempotency-Key")
    expect(page.locator("#requests_file")).to_contain_text("promise.response_due")
    shoot(page, f"api-docs-{width}-{scheme}")
    axe(page)
    fits(page)


def test_reads_the_same_without_script(company, open_page, sign_in):
    page = sign_in(open_page(script=False), company.requester.email)
    page.goto("/api/v1/docs/")
    page.locator("#requests_move summary").click()
    expect(page.locator("#requests_move")).to_contain_text("hold_reason")
