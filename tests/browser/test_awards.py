"""An award as people give it: a programme, nominations, a secret vote, the announcement, the certificate."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from feedback.awards.models import Award, Nominee
from feedback.awards.services import cast_vote
from tests.browser.screens import WIDE
from tests.factories.awards import (
    announced,
    crowd_of,
    judged_figures,
    nominated,
    nominee_of,
    opened,
    programme_of,
    today,
    voting,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_an_award_from_nomination_to_certificate(page, company, sign_in, open_page):
    judged_figures(company)
    voters = crowd_of(company.sales, 10)
    admin = open_page(width=1440)
    sign_in(admin, company.admin.email).goto("/feedback/awards/")
    admin.get_by_role("link", name="New programme").click()
    admin.get_by_role("textbox", name="Name", exact=True).fill("Best internal service")
    admin.get_by_role("spinbutton", name="Praise").fill("30")
    admin.get_by_role("button", name="Keep").click()
    admin.get_by_role("link", name="Open an award").click()
    admin.get_by_label("First day that is judged").fill(_ago(30))
    admin.get_by_label("Last day that is judged").fill(_ago(1))
    admin.get_by_role("button", name="Open it").click()
    expect(admin.get_by_text("Open for nominations")).to_be_visible()

    sign_in(page, company.requester.email).goto("/feedback/awards/")
    page.get_by_role("link", name="Best internal service").click()
    page.get_by_role("link", name="Nominate").click()
    page.get_by_label("Who?").select_option("it")
    page.get_by_label("Why?").fill("They call back the same day.")
    page.get_by_role("button", name="Nominate").click()
    expect(page.get_by_text("They call back the same day.")).to_be_visible()

    admin.get_by_role("button", name="Begin the vote now").click()
    award = Award.objects.get()
    for voter in voters[:5]:
        cast_vote(by=voter, award=award, nominee_id=nominee_of(award, company.it))
    page.goto("/")
    page.get_by_role("link", name="Best internal service").first.click()
    page.get_by_label("Facilities").check()
    page.get_by_role("button", name="Cast my vote").click()
    expect(page.get_by_text("You have voted. Nobody sees for whom.").first).to_be_visible()

    admin.get_by_role("button", name="End the vote and count").click()
    expect(admin.get_by_text("There is one winner, decided by the vote.")).to_be_visible()
    admin.get_by_role("button", name="Announce it").click()
    admin.get_by_role("button", name="Yes, go on").click()
    expect(admin.get_by_text("Announced").first).to_be_visible()
    page.goto("/feedback/awards/")
    with page.expect_download() as printed:
        page.get_by_role("link", name="Certificate IT Services").click()
    assert printed.value.suggested_filename == f"award-{award.pk}-it.pdf"
    assert Nominee.objects.get(won=True).department == company.it


def _ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_awards_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    won = announced(company)
    going = opened(company, programme_of(company, name="Most helpful team of the quarter, by its customers"))
    nominated(company, going)
    voted = opened(company, programme_of(company, name="Voted on"))
    voting(company, voted)
    visits = {
        company.requester: [
            ("list", "/feedback/awards/"),
            ("nominate", reverse("awards:nominate", args=[going.pk])),
            ("vote", reverse("awards:vote", args=[voted.pk])),
        ],
        company.supplier_head: [("open", reverse("awards:award", args=[going.pk]))],
        company.admin: [
            ("won", reverse("awards:award", args=[won.pk])),
            ("programme", reverse("awards:programme", args=[won.programme_id])),
            ("opening", reverse("awards:open", args=[won.programme_id])),
        ],
    }
    for person, pages in visits.items():
        page = open_page(width=width, scheme=scheme)
        sign_in(page, person.email)
        for name, address in pages:
            page.goto(address)
            axe(page)
            fits(page)
            shoot(page, f"awards-{name}-{width}-{scheme}")
