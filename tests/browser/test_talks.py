"""A weekly talk as people hold it: from the agenda to actions; with script and without."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from feedback.actions.models import CorrectiveAction
from feedback.talks.models import Talk, TalkItem
from feedback.talks.services import take_step
from feedback.talks.writing import add_point, begin_correction, decide, write_minutes
from requests_app.desk.models import ServiceRequest
from tests.browser.screens import NARROW
from tests.factories import file_laptop
from tests.factories.actions import brought_to
from tests.factories.talks import begun, planned, task_at
from tests.factories.voices import said

BERLIN = ZoneInfo("Europe/Berlin")  # where the cast lives

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [{"width": 1440}, {"width": 360, "script": False}]


def something_to_talk_about(company):
    late = file_laptop(company)
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=2))
    said(company, "complaint", title="It took weeks")
    brought_to(company, "done", title="Badges do not open the side door")


@pytest.mark.parametrize("page", WAYS, indirect=True, ids=["script", "phone, no script"])
def test_a_weekly_talk_from_agenda_to_actions(page, company, sign_in):
    something_to_talk_about(company)
    sign_in(page, company.supplier_head.email).goto("/relations/it/sales/")
    page.get_by_role("link", name="Arrange talks").click()
    page.get_by_label("What kind of talk").select_option("customer")
    page.get_by_label("Day of the week").select_option("1")
    page.get_by_label("Time of day").fill("10:00")
    page.get_by_role("button", name="Arrange them").click()
    page.get_by_label("Anton Agent").check()
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Next talk").click()
    expect(page.get_by_text("It took weeks")).to_be_visible()
    page.get_by_label("What else to talk about").fill("The new printer")
    page.get_by_role("button", name="Add the point").click()
    page.get_by_role("button", name="Begin the talk").click()

    page.get_by_label("Minutes of IT Services").fill("Sales needs one day less.")
    page.get_by_role("button", name="Save the minutes").click()
    page.get_by_text("Write down a decision").click()
    page.get_by_label("What was decided").fill("One list for both")
    page.get_by_role("button", name="Keep the decision").click()
    page.get_by_text("Give somebody a task").click()
    page.get_by_label("What is to be done").fill("Send the list")
    page.get_by_label("By whom").select_option(label="Anton Agent")
    page.get_by_label("Until when").fill(timezone.localdate(timezone=BERLIN).isoformat())
    page.get_by_role("button", name="Give the task").click()
    page.get_by_text("Begin a corrective action").click()
    page.get_by_label("What the supplier puts right").fill("Laptops come too late")
    page.get_by_role("button", name="Begin it").click()
    page.get_by_role("button", name="End the talk").click()

    expect(page.get_by_text("Was there")).to_be_visible()
    expect(page.get_by_text("Sales needs one day less.")).to_be_visible()
    assert CorrectiveAction.objects.filter(title="Laptops come too late").exists()
    assert TalkItem.objects.get(kind="task").owner == company.agent
    assert [talk.state for talk in Talk.objects.order_by("pk")] == ["held", "planned"]


def test_two_sides_see_each_others_words_while_they_type(open_page, sign_in, company):
    talk = begun(company)
    here = f"/feedback/talks/{talk.pk}/"
    ours, theirs = open_page(width=1440), open_page(width=1440)
    for page, who in ((ours, company.supplier_head), (theirs, company.customer_head)):
        sign_in(page, who.email).goto(here)
    theirs.get_by_label("Minutes of Sales").press_sequentially("We need")
    ours.get_by_label("Minutes of IT Services").press_sequentially("We listened")
    expect(theirs.get_by_text("We listened")).to_be_visible(timeout=15_000)
    expect(ours.get_by_text("We need")).to_be_visible(timeout=15_000)
    theirs.get_by_label("Minutes of Sales").press_sequentially(" laptops")
    expect(ours.get_by_text("We need laptops")).to_be_visible(timeout=15_000)
    expect(theirs.get_by_label("Minutes of Sales")).to_have_value("We need laptops")
    expect(theirs.get_by_label("Minutes of Sales")).to_be_focused()

    ours.get_by_label("Minutes of IT Services").press_sequentially(" to the end")
    ours.get_by_role("button", name="End the talk").click()
    expect(ours.get_by_text("Was there")).to_be_visible()
    expect(theirs.get_by_text("The talk has ended.")).to_be_visible(timeout=15_000)
    talk.refresh_from_db()
    assert (talk.state, talk.notes_supplier, talk.notes_customer) == (
        "held", "We listened to the end", "We need laptops",
    )  # fmt: skip


def test_two_who_type_for_one_side_lose_nothing(open_page, sign_in, company, expected_errors):
    expected_errors.append("400")
    talk = begun(company)
    page = sign_in(open_page(width=1440), company.supplier_head.email)
    page.goto(f"/feedback/talks/{talk.pk}/")
    write_minutes(by=company.agent, talk=talk, side="supplier", text="Of the agent")
    typed = page.get_by_label("Minutes of IT Services")
    typed.press_sequentially("Of the head")
    expect(page.get_by_text("Saved by somebody else in the meantime")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("Of the agent")).to_be_visible()
    expect(typed).to_have_value("Of the head")
    typed.press_sequentially(" and the agent")
    page.wait_for_timeout(2500)
    talk.refresh_from_db()
    assert talk.notes_supplier == "Of the agent"
    page.get_by_role("button", name="Save the minutes").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    talk.refresh_from_db()
    assert talk.notes_supplier == "Of the head and the agent"


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_without_script_ending_keeps_what_was_typed(page, company, sign_in):
    talk = begun(company)
    sign_in(page, company.supplier_head.email).goto(f"/feedback/talks/{talk.pk}/")
    page.get_by_label("Minutes of IT Services").fill("Not saved before")
    page.get_by_role("button", name="End the talk").click()
    expect(page.get_by_text("Not saved before")).to_be_visible()
    talk.refresh_from_db()
    assert (talk.state, talk.notes_supplier) == ("held", "Not saved before")


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_pages_of_talks_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    something_to_talk_about(company)
    before = planned(company, "supplier", place="Room 12", people=[company.requester])
    add_point(by=company.customer_head, talk=before, text="Does the new form for laptops ask for too much?")
    talk = begun(company)
    write_minutes(by=company.agent, talk=talk, side="supplier", text="Sales needs laptops on the first day.")
    decide(by=company.agent, talk=talk, text="One list of new colleagues for both, kept by Sales")
    begin_correction(by=company.supplier_head, talk=talk, text="Laptops come later than agreed")
    task_at(company, talk)
    Talk.objects.filter(pk=talk.pk).update(starts_at=timezone.now())
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("desk", "/"),
        ("list", "/feedback/talks/"),
        ("new", "/feedback/talks/new/"),
        ("series", f"/feedback/talks/series/{talk.series_id}/"),
        ("change", f"/feedback/talks/series/{talk.series_id}/change/"),
        ("planned", f"/feedback/talks/{before.pk}/"),
        ("begun", f"/feedback/talks/{talk.pk}/"),
        ("relation", "/relations/it/sales/"),
    ]:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details.dk-more').forEach(one => { one.open = true })")
        axe(page)
        fits(page)
        shoot(page, f"talks-{name}-{width}-{scheme}")
    take_step(by=company.supplier_head, talk=talk, name="end", present=[company.agent, company.customer_head])
    page.goto(f"/feedback/talks/{talk.pk}/")
    axe(page)
    fits(page)
    shoot(page, f"talks-held-{width}-{scheme}")
