"""What people say as they do it, with script and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from feedback.voice.models import Voice
from tests.browser.drafts import drafts_on, until_kept
from tests.browser.screens import NARROW
from tests.factories.voices import answered, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_the_requester_praises_a_delivery(page, company, sign_in, delivered_request):
    sign_in(page, company.requester.email).goto(f"/requests/{delivered_request.number}/")
    page.get_by_role("link", name="Praise", exact=True).click()
    page.get_by_label("In one line").fill("Quick and friendly")
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_role("heading", name="Quick and friendly")).to_be_visible()
    assert Voice.objects.get().kind == "praise"


def test_a_complaint_goes_by_click_from_the_request_to_an_answer_that_the_customer_accepts(
    open_page, company, sign_in, delivered_request, axe
):
    asked, answers = open_page(), open_page()
    sign_in(asked, company.requester.email).goto(f"/requests/{delivered_request.number}/")
    asked.get_by_role("link", name="Complaint", exact=True).click()
    expect(asked.get_by_label("What it is")).to_have_value("complaint")
    asked.get_by_role("button", name="Say it").click()
    expect(asked.get_by_role("heading", name="Say something")).to_be_visible()
    asked.get_by_label("In one line").fill("It came without a charger")
    asked.get_by_label("In your words").fill("The third time this month.")
    asked.get_by_role("button", name="Say it").click()
    expect(asked.get_by_role("heading", name="It came without a charger")).to_be_visible()
    expect(asked.get_by_text("IT Services answers.")).to_be_visible()

    sign_in(answers, company.supplier_head.email).goto("/")
    answers.get_by_role("link", name="It came without a charger").click()
    answers.get_by_label("What was found, and what is done about it").fill("The parcel list lacks it. It is on it now.")
    answers.get_by_role("button", name="Answer it").click()
    expect(answers.get_by_text("Answered", exact=True).first).to_be_visible()
    axe(answers)

    asked.goto("/")
    asked.get_by_role("link", name="It came without a charger").click()
    expect(asked.get_by_text("The parcel list lacks it.").first).to_be_visible()
    asked.get_by_role("button", name="Accept the answer").click()
    expect(asked.get_by_text("Settled", exact=True).first).to_be_visible()
    asked.get_by_role("navigation").get_by_role("link", name="What people say").first.click()
    outcomes = asked.get_by_role("complementary", name="What came of complaints")
    expect(outcomes.get_by_text("The parcel list lacks it.")).to_be_visible()
    assert Voice.objects.get().state == "closed"


def test_a_confidential_complaint_half_typed_is_shown_to_nobody_else_and_gone_at_sign_out(page, company, sign_in):
    """Two people at one browser, as on the shop floor: by signing out, and without."""
    words = page.get_by_label("In one line")
    for leaves in ("signs out", "just goes"):
        sign_in(page, company.requester.email).goto("/feedback/voices/new/?kind=complaint")
        expect(words).to_have_value("")
        words.fill("My boss bullies me")
        until_kept(page, "sessionStorage")
        page.reload()
        expect(words).to_have_value("My boss bullies me")
        assert drafts_on(page) == ["sessionStorage"]
        if leaves == "signs out":
            page.goto("/accounts/logout/")
            page.get_by_role("main").get_by_role("button", name="Sign out").click()
            page.get_by_role("heading", name="Sign in").wait_for()
            assert drafts_on(page) == []
        sign_in(page, company.stranger.email).goto("/feedback/voices/new/?kind=complaint")
        expect(words).to_have_value("")
        assert drafts_on(page) == []


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_pages_of_what_is_said_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    complaint, late = answered(company), said(company, "complaint", at=timezone.now() - timedelta(days=20))
    suggestion = said(company, "suggestion", title="Open the service point at seven, before the early shift begins")
    said(company, "praise")
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.requester.email)
    for name, address in [
        ("list", "/feedback/voices/"),
        ("new", "/feedback/voices/new/"),
        ("complaint", f"/feedback/voices/{complaint.pk}/"),
        ("late", f"/feedback/voices/{late.pk}/"),
        ("suggestion", f"/feedback/voices/{suggestion.pk}/"),
    ]:
        page.goto(address)
        for more in reversed(
            page.locator("details.dk-more:not([open]) summary").all()
        ):  # one opened is counted no more
            more.click()
        axe(page)
        fits(page)
        shoot(page, f"voice-{name}-{width}-{scheme}")
