"""A joint group from its founding to its result, without script; its pages on a phone and on a screen."""

import pytest
from playwright.sync_api import expect

from feedback.groups.models import JointGroup
from tests.browser.screens import NARROW
from tests.factories.groups import asked, at_work, met, tasked
from tests.factories.groups import founded as group_founded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_a_group_is_founded_works_meets_and_says_its_result(page, company, sign_in):
    sign_in(page, company.supplier_head.email).goto("/feedback/groups/new/")
    page.get_by_label("Name", exact=True).fill("One sign-in")
    page.get_by_label("The goal").fill("Nobody needs a second password")
    page.get_by_label("Sales").check()
    page.get_by_role("button", name="Found it").click()
    page.get_by_role("button", name="Begin the work").click()
    page.get_by_text("Put a task on the board").click()
    page.get_by_label("What is to be done").fill("List all sign-ins")
    page.get_by_label("By whom").select_option(label="Hanna Head · Sales")
    page.get_by_role("button", name="Give the task").click()
    page.get_by_role("link", name="Pass on: List all sign-ins").click()
    page.get_by_label("By whom").select_option(label="Sofia Supplier · IT Services")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="List all sign-ins: Done").click()
    page.get_by_text("Plan the next meeting").click()
    page.get_by_label("When", exact=True).fill("2027-01-05T10:00")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_label("Decisions").fill("One directory")
    page.get_by_role("button", name="Keep the minutes").click()
    page.get_by_role("link", name="One sign-in").first.click()
    page.get_by_text("Finish with a result").first.click()
    page.get_by_label("The result").fill("One password for all")
    page.get_by_role("button", name="Finish with a result").click()
    expect(page.get_by_text("One password for all")).to_be_visible()
    assert JointGroup.objects.get().state == "finished"


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_pages_of_groups_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    group_founded(company, name="Answers before nine o'clock in all the offices of the second floor")
    group = at_work(company)
    task = tasked(company, group)
    asked(company, group)
    meeting = met(company, group)
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.customer_head.email)
    for name, address in [
        ("list", "/feedback/groups/"),
        ("new", "/feedback/groups/new/"),
        ("page", f"/feedback/groups/{group.pk}/"),
        ("meeting", f"/feedback/groups/meetings/{meeting.pk}/"),
        ("pass", f"/feedback/groups/tasks/{task.pk}/pass/"),
    ]:
        page.goto(address)
        folded = page.locator("details.dk-more:not([open]) > summary")
        while folded.count():
            folded.first.click()
        axe(page)
        fits(page)
        shoot(page, f"groups-{name}-{width}-{scheme}")
