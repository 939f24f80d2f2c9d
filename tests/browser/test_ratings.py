"""Rating as people do it: on my desk, on the request, by the link of a mail; with script and without."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from feedback.ratings.models import Rating
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from requests_app.events.services import deliver as work_off
from requests_app.messaging.services import send_waiting
from tests.browser.screens import SCREENS

pytestmark = pytest.mark.django_db(transaction=True)
LOW = Answer(2, comment="It came late.", share_with_team=True)
WAYS = [{"width": 1440}, {"width": 360, "script": False}]


@pytest.fixture
def requester(company, closed_request, sign_in):
    work_off("feedback.invitations")

    def at(page: Page, address: str) -> Page:
        sign_in(page, company.requester.email).goto(address)
        return page

    return at


@pytest.fixture
def link(closed_request) -> str:
    """The address that a reader of the mail would press for 4 of 5."""
    work_off("messaging.notices")
    rows = type(closed_request).objects
    rows.update(status="delivered", closed_at=None)
    send_waiting()
    rows.update(status="closed", closed_at=closed_request.closed_at)
    body = next(sent.body for sent in mail.outbox if "score=4" in sent.body)
    return re.search(r"http://localhost:8000(/rate/\S+score=4)", body)[1]


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_one_click_on_my_desk_is_enough_and_a_word_can_follow(page, requester, closed_request):
    requester(page, "/").get_by_label("4 of 5").click()

    expect(page).to_have_url(re.compile(f"/requests/{closed_request.number}/rate/$"))
    expect(page.get_by_text("4 of 5 is kept.")).to_be_visible()
    page.get_by_label("In your words").fill("Quick, and friendly.")
    page.get_by_label("Let IT Services read this answer").check()
    page.get_by_role("button", name="Keep this rating").click()

    expect(page).to_have_url(re.compile(f"/requests/{closed_request.number}/$"))
    assert Rating.objects.get().answer == Answer(4, comment="Quick, and friendly.", share_with_team=True)
    expect(page.get_by_text("You gave 4 of 5.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_label("4 of 5")).to_have_count(0)


def test_on_the_request_page_it_happens_in_place(page, requester, closed_request):
    requester(page, f"/requests/{closed_request.number}/")
    page.evaluate("window.stayed = true")
    page.locator("#rating").get_by_label("2 of 5").click()
    expect(page.get_by_text("2 of 5 is kept.")).to_be_visible()

    page.locator("#rating label", has_text="5").first.click()
    page.get_by_role("button", name="Keep this rating").click()
    expect(page.get_by_text("You gave 5 of 5.")).to_be_visible()

    page.get_by_role("link", name="Change it").click()
    expect(page.get_by_role("button", name="Keep this rating")).to_be_visible()
    assert page.evaluate("window.stayed") is True
    assert Rating.objects.get().overall == 5


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_the_link_of_a_mail_rates_without_signing_in(page, link):
    page.goto(link)
    expect(page.locator("[name=overall][value='4']")).to_be_checked()
    assert Rating.objects.count() == 0

    page.get_by_role("button", name="Keep this rating").click()

    expect(page.get_by_text("4 of 5 is kept.")).to_be_visible()
    assert Rating.objects.get().overall == 4


def test_the_supplier_says_how_it_was_asked_and_answers_the_rating(
    page, open_page, requester, company, sign_in, closed_request
):
    give_rating(by=company.requester, service_request=closed_request, answer=LOW)
    supplier = sign_in(page, company.assigned.email)
    supplier.goto(f"/requests/{closed_request.number}/")
    supplier.get_by_role("link", name="Say how it was asked").click()
    for question, answer in [("everything there", "Yes"), ("early enough", "No"), ("right department", "Yes")]:
        supplier.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    supplier.get_by_label("What would help next time").fill("A day earlier, please.")
    supplier.get_by_role("button", name="Keep this answer").click()
    expect(supplier.get_by_text("A day earlier, please.")).to_be_visible()
    supplier.get_by_role("link", name="Answer this rating").click()
    supplier.get_by_label("Your answer").fill("We lend a spare one from now on.")
    supplier.get_by_role("button", name="Send the answer").click()

    asked = requester(open_page(), f"/requests/{closed_request.number}/")
    expect(asked.get_by_text("We lend a spare one from now on.")).to_be_visible()
    expect(asked.get_by_text("A day earlier, please.")).to_be_visible()
    asked.get_by_role("link", name="Answer to that").click()
    asked.get_by_label("Your answer").fill("That helps.")
    asked.get_by_role("button", name="Send the answer").click()
    expect(asked.get_by_text("That helps.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_about_asking_and_the_rules_are_accessible_and_fit(
    width, scheme, open_page, company, sign_in, closed_request, axe, fits, shoot
):
    give_rating(by=company.requester, service_request=closed_request, answer=LOW)
    page = open_page(width=width, scheme=scheme)
    number = closed_request.number
    for who, name, address in [
        ("assigned", "asking", f"/requests/{number}/asking/"),
        ("assigned", "reply", f"/requests/{number}/rate/replies/"),
        ("assigned", "asked", f"/requests/{number}/"),
        ("supplier_head", "proposed", "/"),
        ("customer_head", "as-customer", "/departments/sales/as-customer/"),
        ("admin", "rules", "/settings/ratings/"),
    ]:
        page.context.clear_cookies()
        sign_in(page, getattr(company, who).email).goto(address)
        axe(page)
        fits(page)
        shoot(page, f"rating-{name}-{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_of_ratings_are_accessible_and_fit(
    width, scheme, open_page, requester, link, closed_request, axe, fits, shoot
):
    page = open_page(width=width, scheme=scheme)
    requester(page, "/")
    for name, address in [
        ("desk", "/"),
        ("request", f"/requests/{closed_request.number}/"),
        ("form", f"/requests/{closed_request.number}/rate/?score=4"),
        ("link", link),
    ]:
        page.goto(address)
        for more in page.locator("details.dk-more summary").all():
            more.click()
        axe(page)
        fits(page)
        shoot(page, f"rating-{name}-{width}-{scheme}")
    stranger = open_page(width=width, scheme=scheme)
    stranger.goto(link)
    axe(stranger)
    fits(stranger)
    shoot(stranger, f"rating-stranger-{width}-{scheme}")
