"""The forum: asked, answered, marked and found again, without script; its pages on a phone and on a screen."""

import pytest
from playwright.sync_api import expect

from feedback.forum.services import hide, mark_answer
from tests.browser.screens import WIDE
from tests.factories.forum import replied, topic_of
from tests.factories.groups import founded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_a_question_is_asked_answered_marked_and_found(page, company, sign_in):
    sign_in(page, company.agent.email).goto("/feedback/forum/new/")
    page.get_by_label("In one line").fill("Who has the key to the store room?")
    page.get_by_label("Put to").select_option(label="Facilities")
    page.get_by_role("button", name="Say it").click()
    page.get_by_label("Your reply").fill("It hangs behind the door")
    page.get_by_role("button", name="Reply", exact=True).click()
    page.get_by_role("button", name="This is the answer").click()
    expect(page.get_by_role("heading", name="The answer")).to_be_visible()
    page.goto("/feedback/forum/")
    page.get_by_label("Words", exact=True).fill("door")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("link", name="Who has the key to the store room?")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_the_forum_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    topic = topic_of(company, title="Why does the printer in the hall of the second floor stop at half past nine?")
    mark_answer(by=company.requester, topic=topic, reply=replied(company, topic))
    replied(company, topic, by=company.stranger, body="The same with us.")
    topic_of(company, kind="discussion", title="Lunch at twelve or at one")
    hidden = replied(company, topic_of(company, title="Who has seen the list of salaries?"))
    hide(by=company.admin, topic=hidden.topic, reply=hidden, reason="A name in it")
    hide(by=company.admin, topic=hidden.topic, reason="Not for everybody")
    founded(company, name="One printer for two floors")
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("list", "/feedback/forum/"),
        ("new", "/feedback/forum/new/"),
        ("topic", f"/feedback/forum/{topic.pk}/"),
        ("hidden", f"/feedback/forum/{hidden.topic_id}/"),
        ("what-is-hidden", "/feedback/forum/?show=hidden"),
        ("found", "/search/?q=printer"),
    ]:
        page.goto(address)
        folded = page.locator("details.dk-more:not([open]) > summary")
        while folded.count():
            folded.first.click()
        axe(page)
        fits(page)
        shoot(page, f"forum-{name}-{width}-{scheme}")
