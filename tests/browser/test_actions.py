"""A corrective action as people do it: from the request to the customer's word; with script and without."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.actions.causes import ensure_causes
from feedback.actions.due import tell_what_is_due
from feedback.actions.models import CorrectiveAction
from feedback.actions.proof import add_files
from feedback.voice.models import Voice
from requests_app.events.services import deliver as deliver_events
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.services import send_waiting
from tests.api_stage import text_file
from tests.browser.screens import WIDE
from tests.factories import deliver, file_laptop
from tests.factories.actions import brought_to, opened
from tests.factories.company import Company
from tests.factories.voices import said

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


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_corrective_actions_are_accessible_and_fit(
    width, scheme, open_page, sign_in, company, delivered_request, axe, fits, shoot
):
    ensure_causes()
    action = brought_to(company, "contained", delivered_request, problem="Two of five came a week late.")
    planned = brought_to(company, "planned", title="Badges do not open the side door of the new building")
    opened(company, title="Laptops come later than agreed")
    brought_to(company, "verified", title="The scanner stood still", at=timezone.now() - timedelta(days=120))
    add_files(by=company.assigned, action=planned, files=[text_file("list-of-doors.txt")])
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("desk", "/"),
        ("list", "/feedback/actions/"),
        ("board", "/feedback/actions/board/"),
        ("recurrence", "/departments/it/recurrence/"),
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


def test_a_complaint_goes_through_a_corrective_action_to_the_customer_and_comes_back(
    page, company, open_page, sign_in, delivered_request, expected_errors
):
    """The whole of it by clicks: followed to its cause, shown, confirmed, looked at with its figure, closed, and again."""
    ensure_causes()
    complaint = said(company, "complaint", delivered_request)
    head = sign_in(page, company.supplier_head.email)
    action = _followed_to_its_cause(head, complaint)
    _carried_out(head, company)

    customer = sign_in(open_page(), company.customer_head.email)
    _confirmed(customer, action)
    _weeks_pass(action, days=40)
    assert _mailed("action.check_due") == [company.customer_head.name]
    expected_errors.append("400")  # closing without a reason is refused first
    _closed_with_a_reason(customer)
    expect(customer.get_by_text("Nothing is left to do. If it comes back, it is opened again.")).to_be_visible()

    again = said(company, "complaint", deliver(company, file_laptop(company)))
    _followed_to_its_cause(head, again)
    expect(head.get_by_text("The earlier action was opened again")).to_be_visible()
    head.get_by_role("link", name=action.title).first.click()
    expect(head.get_by_text("once", exact=True)).to_be_visible()
    action.refresh_from_db()
    assert (action.state, action.recurrences) == ("open", 1)
    assert _mailed("action.reopened") == [company.customer_head.name, company.supplier_head.name]
    subjects = [f"It came back: {action.title}"] * 2
    assert [letter.subject for letter in mail.outbox if letter.subject.startswith("It came back")] == subjects


def _followed_to_its_cause(page: Page, complaint: Voice) -> CorrectiveAction:
    page.goto("/")
    page.get_by_role("link", name="What people say").first.click()
    page.get_by_role("link", name=complaint.title).first.click()
    page.get_by_role("button", name="corrective action").click()
    page.get_by_label("What keeps it from hurting further").fill("A spare one was lent.")
    page.get_by_role("button", name="Contain it").click()
    page.get_by_label("Why did it happen?").fill("Nobody saw the order.")
    page.get_by_label("Cause").select_option(label="How it is done › Handover between departments")
    page.get_by_role("button", name="Say what caused it").click()
    return CorrectiveAction.objects.order_by("pk").last()


def _carried_out(head: Page, company: Company) -> None:
    expect(head.get_by_label("What shows whether it worked")).to_have_value("complaints")
    head.get_by_label("What is done so that it does not come back").fill("One list for both departments.")
    head.get_by_label("Who carries it out").select_option(label=company.assigned.name)
    head.get_by_label("By how many percent that is to fall").fill("60")
    head.get_by_role("button", name="Plan what is done about it").click()
    head.get_by_label("What shows that it is done").fill("The list is in use.")
    head.get_by_role("button", name="Say that it is done").click()
    head.get_by_label("Files").set_input_files({"name": "list.txt", "mimeType": "text/plain", "buffer": b"All there"})
    head.get_by_role("button", name="Add files").click()
    expect(head.get_by_role("link", name="list.txt")).to_be_visible()
    expect(head.get_by_text("to fall by 60")).to_be_visible()


def _confirmed(customer: Page, action: CorrectiveAction) -> None:
    customer.goto("/")
    customer.get_by_role("link", name="Corrective actions").first.click()
    customer.get_by_role("link", name="Board").click()
    customer.get_by_role("link", name=action.title).click()
    expect(customer.get_by_role("link", name="list.txt")).to_be_visible()
    customer.get_by_label("Look again after how many days").fill("30")
    customer.get_by_role("button", name="Confirm that it worked").click()
    expect(customer.get_by_text("Sales looks later whether it lasted.")).to_be_visible()


def _weeks_pass(action: CorrectiveAction, *, days: int) -> None:
    """What happened so far was so many days ago; and what fell due meanwhile is told."""
    ago = timedelta(days=days)
    names = ("opened_at", "done_at", "verified_at", "check_on", "next_due_on", "due_on")
    CorrectiveAction.objects.filter(pk=action.pk).update(**{name: F(name) - ago for name in names})
    tell_what_is_due()


def _mailed(kind: str) -> list[str]:
    """To whom mail of this kind went."""
    deliver_events("feedback.action_letters")
    send_waiting()
    sent = OutgoingMail.objects.filter(kind=kind, state="sent")
    return sorted(sent.values_list("person__name", flat=True))


def _closed_with_a_reason(customer: Page) -> None:
    """From the desk; the figure cannot say that it worked, so closing asks why."""
    customer.get_by_role("link", name="My desk").first.click()
    customer.get_by_role("link", name="Take the step").click()
    expect(customer.get_by_role("heading", name="Before and after")).to_be_visible()
    expect(customer.get_by_text("Not borne out")).to_be_visible()
    customer.get_by_role("button", name="Close it: it lasted").click()
    expect(customer.locator("#id_close_note_msg")).to_contain_text("Say why you close it all the same.")
    customer.get_by_label("What you found").fill("Nobody waited since then.")
    customer.get_by_role("button", name="Close it: it lasted").click()
