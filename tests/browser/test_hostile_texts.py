"""Texts full of markup, stored wherever somebody may write, in a real browser: nothing of them ever runs.

A breach of the content policy, an error in the console and a request to another host fail the test by themselves.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.moves import Words, move_request
from requests_app.org.services import change_profile
from tests.factories import Company

pytestmark = pytest.mark.django_db(transaction=True)
PAYLOADS = (Path(__file__).parents[1] / "security" / "payloads" / "xss.txt").read_text().splitlines()
NOTHING_RAN = """() => window.owned === undefined
  && ![...document.querySelectorAll("*")].some((one) => [...one.attributes].some((it) => it.name.startsWith("on")))
  && ![...document.querySelectorAll("a[href]")].some((one) => !["http:", "https:"].includes(one.protocol))
  && document.querySelectorAll("iframe, object, embed, base, form[action^='http']").length === 0"""
LISTS = ("/", "/requests/?status=any", "/departments/it/queue/", "/search/?q=printer", "/people/suggestions/?q=ansel")


def written(company: Company, text: str) -> str:
    """A request that says it everywhere; its number."""
    filing = Filing(f"Printer {text}", text, answers={"model": "13 inch", "why": text})
    row = file_request(by=company.requester, service=company.laptop, filing=filing)
    move_request(by=company.assigned, service_request=row, action="accept")
    post_message(by=company.requester, service_request=row, body=text)
    post_message(by=company.assigned, service_request=row, body=text, internal=True)
    move_request(by=company.assigned, service_request=row, action="deliver", words=Words(reason=text))
    return row.number


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.long)])
def test_no_stored_text_runs_in_a_browser(company, page: Page, sign_in, every):
    numbers = [written(company, payload) for payload in PAYLOADS[::every]]
    change_profile(by=company.assigned, name=f"Ansel {PAYLOADS[10]}"[:120], position=PAYLOADS[20])
    sign_in(page, company.assigned.email)
    for address in [*LISTS, *(f"/requests/{number}/" for number in numbers)]:
        page.goto(address)
        assert page.evaluate(NOTHING_RAN), address


def test_the_palette_shows_found_titles_as_text(company, page: Page, sign_in):
    written(company, PAYLOADS[12])
    sign_in(page, company.assigned.email).goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("printer")
    page.get_by_text(PAYLOADS[12]).first.wait_for()
    assert page.evaluate(NOTHING_RAN)
