"""The main job, through pages alone: asked, answered, handed over, delivered, sent back, accepted, rated, counted.

On a screen, on a phone, and without script. And every page of the desk reads well in light and dark.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from metrics.rollups.services import recount_stale
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.conversation import add_watcher, post_message
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.services import deliver as work_through
from requests_app.events.services import waiting_subscribers
from tests.browser.screens import SCREENS
from tests.factories import accept, deliver, file_laptop
from tests.factories.company import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = [
    pytest.param({"width": 1440}, id="screen"),
    pytest.param({"width": 360}, id="phone", marks=pytest.mark.long),
    pytest.param({"width": 1440, "script": False}, id="no-script", marks=pytest.mark.long),
    pytest.param({"width": 360, "script": False}, id="phone-no-script"),
]


def let_the_workers_work() -> None:
    """What the worker does when its bell rings, in this process."""
    while names := waiting_subscribers():
        for name in names:
            work_through(name)


@pytest.fixture
def somebody(open_page, sign_in, company) -> Callable[..., Page]:
    """somebody("agent", width=360): a page of that person of the cast, signed in."""

    def open_as(who: str, **kind) -> Page:
        return sign_in(open_page(**kind), getattr(company, who).email)

    return open_as


def sign_in_by_form(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def ask_for_a_laptop(page: Page) -> str:
    """From my desk over the catalogue to the filed request; its number."""
    page.get_by_role("link", name="Find a service").click()
    page.get_by_role("searchbox", name="What do you need?").fill("lapt")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.locator("#services").get_by_role("link", name="Laptop").click()
    expect(page.get_by_role("heading", name="What is promised to you")).to_be_visible()
    page.get_by_role("link", name="File a request").click()
    page.get_by_label("What do you need?").fill("A laptop for the new colleague")
    page.get_by_role("radio", name="13 inch").check()
    page.get_by_label("What is it for, and what should work afterwards?").fill("Starts on Monday, works with the dock")
    page.get_by_role("radio", name="Now").check()
    page.get_by_role("button", name="Send to IT Services").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A laptop for the new colleague")
    return re.search(r"SR-\d+", page.url)[0]


def open_step(page: Page, name: str) -> None:
    """A step of the menu beside the title."""
    page.locator("#request summary", has_text="More").click()
    page.get_by_role("link", name=name).click()


def step_form(page: Page):
    return page.locator("form.dk-step")


def next_step(page: Page):
    return page.get_by_role("region", name=re.compile("Next step|Where it stands"))


def answer_and_offer(answering: Page) -> None:
    """IT accepts, asks back, and offers the request to Facilities."""
    answering.goto("/departments/it/queue/")
    answering.get_by_role("link", name="A laptop for the new colleague").click()
    next_step(answering).get_by_role("button", name="Accept").click()
    expect(next_step(answering)).to_contain_text("You deliver")
    answering.get_by_label("Reply to Sales", exact=True).last.fill("Which dock do you have?")
    answering.get_by_role("button", name="Send reply").click()
    expect(answering.get_by_role("article").filter(has_text="Which dock do you have?")).to_be_visible()

    open_step(answering, "Offer to another department")
    step_form(answering).get_by_label("To which department?").select_option("Facilities")
    step_form(answering).get_by_label("Why is it theirs?").fill("Docks are theirs")
    step_form(answering).get_by_role("button", name="Offer").click()
    expect(next_step(answering)).to_contain_text("IT Services offered this to Facilities")


def deliver_by_form(supplying: Page, words: str = "") -> None:
    next_step(supplying).get_by_role("link", name="Deliver").click()
    step_form(supplying).get_by_label("What was done?").fill(words)
    step_form(supplying).get_by_role("button", name="Deliver").click()
    expect(next_step(supplying)).to_contain_text("Sales accepts the delivery")


def send_back(asking: Page) -> None:
    asking.goto("/")
    asking.get_by_role("link", name="Check").click()
    next_step(asking).get_by_role("link", name="What would put it right?").click()
    step_form(asking).get_by_label("What was agreed?").fill("A laptop with a dock")
    step_form(asking).get_by_label("What was received?").fill("A laptop without a charger")
    step_form(asking).get_by_label("What would put it right?").fill("Bring the charger")
    step_form(asking).get_by_role("button", name="Send back").click()
    expect(next_step(asking)).to_contain_text("Facilities delivers")


def rate(asking: Page, number: str) -> None:
    asking.goto(f"/requests/{number}/")
    asking.get_by_role("button", name="4 of 5").click()
    expect(asking.get_by_text("4 of 5 is kept.")).to_be_visible()
    asking.goto(f"/requests/{number}/")
    expect(asking.get_by_text("You gave 4 of 5.")).to_be_visible()


@pytest.mark.parametrize("kind", KINDS)
def test_the_main_path(company, open_page, somebody, kind):
    asking = open_page(**kind)
    sign_in_by_form(asking, company.requester.email)
    number = ask_for_a_laptop(asking)
    expect(next_step(asking)).to_contain_text("IT Services answers")
    answer_and_offer(somebody("assigned", **kind))

    supplying = somebody("other_agent", **kind)
    supplying.goto("/")
    supplying.get_by_role("button", name="Take over").click()
    expect(next_step(supplying)).to_contain_text("You deliver")
    deliver_by_form(supplying, "It is on the desk, with a dock")
    send_back(asking)
    supplying.goto(f"/requests/{number}/")
    expect(supplying.get_by_text("Bring the charger")).to_be_visible()
    deliver_by_form(supplying)

    asking.goto(f"/requests/{number}/")
    next_step(asking).get_by_role("button", name="Accept delivery").click()
    expect(next_step(asking)).to_contain_text("Accepted and closed")
    let_the_workers_work()
    rate(asking, number)
    assert ServiceRequest.objects.get().status == "closed"

    let_the_workers_work()
    recount_stale()
    heading = somebody("other_head", **kind)
    heading.goto("/departments/facilities/as-supplier/")
    expect(heading.get_by_role("main")).to_contain_text("1 request delivered in 30 days")
    asking_head = somebody("customer_head", **kind)
    asking_head.goto("/departments/sales/as-customer/")
    expect(asking_head.get_by_role("main")).to_contain_text("1 request filed in 30 days")


@pytest.mark.parametrize("kind", KINDS)
def test_notes_and_replies_cannot_be_mixed_up(company, new_request, somebody, kind):
    inside, outside = somebody("agent", **kind), somebody("requester", **kind)
    inside.goto(f"/requests/{new_request.number}/")
    note = inside.get_by_label("Internal note for IT Services")
    expect(note).to_be_hidden()
    inside.get_by_role("radio", name="Internal note").check()
    expect(inside.get_by_role("button", name="Send reply")).to_be_hidden()
    note.fill("The margin is thin")
    inside.get_by_role("button", name="Keep as internal note").click()
    expect(inside.get_by_text("Internal note — only IT Services reads this").first).to_be_visible()
    expect(inside.get_by_text("The margin is thin")).to_be_visible()

    outside.goto(f"/requests/{new_request.number}/")
    assert "The margin is thin" not in outside.content()
    assert "nternal" not in outside.content()


@pytest.mark.parametrize("kind", KINDS)
def test_several_requests_are_taken_at_once(company, somebody, kind):
    for title in ("First", "Second", "Third"):
        file_laptop(company, title=title)
    page = somebody("agent", **kind)
    page.goto("/departments/it/queue/")
    take = page.get_by_role("button", name="Take", exact=True)
    if kind.get("script", True):
        expect(take).to_be_hidden()
    for row in ServiceRequest.objects.exclude(title="Third"):
        page.get_by_label(f"Tick {row.number}").check()
    take.click()
    expect(page.get_by_text("2 requests assigned.")).to_be_visible()
    assert set(ServiceRequest.objects.filter(assignee=company.agent).values_list("title", flat=True)) == {
        "First", "Second",
    }  # fmt: skip


def test_the_promise_follows_the_choice_while_the_form_is_filled_in(company, somebody):
    page = somebody("requester", width=1440)
    page.goto("/services/laptop/new/")
    promise = page.get_by_role("region", name="What IT Services promises you").or_(page.locator("#promise"))
    expect(promise.first).to_contain_text("Low")
    page.get_by_role("radio", name="Now").check()
    page.get_by_role("radio", name="The whole company or a customer").check()
    expect(promise.first).to_contain_text("Critical")


def test_what_was_typed_survives_a_refusal_and_a_closed_tab(company, somebody):
    page = somebody("requester", width=1440)
    page.goto("/services/laptop/new/")
    page.get_by_label("What do you need?").fill("A laptop")
    page.get_by_label("What is it for, and what should work afterwards?").fill("For the fair")
    expect(page.get_by_text("What you type is kept on this device until it is sent.")).to_be_visible()
    page.goto("/")
    page.goto("/services/laptop/new/")
    expect(page.get_by_label("What is it for, and what should work afterwards?")).to_have_value("For the fair")


def test_steps_open_and_are_taken_without_leaving_the_page(company, accepted_request, somebody, expected_errors):
    expected_errors.append("400")
    page = somebody("assigned", width=1440)
    page.goto(f"/requests/{accepted_request.number}/")
    page.get_by_label("Reply to Sales", exact=True).last.fill("Half a sentence")
    page.evaluate("window.stayed = true")
    open_step(page, "Put on hold")
    step_form(page).get_by_role("button", name="Put on hold").click()
    expect(page.locator(".dk-step [role=alert], .dk-alert").first).to_be_visible()
    step_form(page).get_by_role("radio", name="Waiting for a part or material").check()
    step_form(page).get_by_role("button", name="Put on hold").click()

    expect(next_step(page)).to_contain_text("IT Services waits for a part or material")
    expect(page.get_by_label("Reply to Sales", exact=True).last).to_have_value("Half a sentence")
    assert page.evaluate("window.stayed") is True


def test_a_stale_form_is_told_and_keeps_its_words(company, delivered_request, somebody, expected_errors):
    expected_errors.append("412")
    page = somebody("requester", width=1440)
    page.goto(f"/requests/{delivered_request.number}/")
    next_step(page).get_by_role("link", name="What would put it right?").click()
    step_form(page).get_by_label("What was agreed?").fill("Two screens")
    step_form(page).get_by_label("What was received?").fill("One")
    step_form(page).get_by_label("What would put it right?").fill("Bring the second")
    post_message(by=company.assigned, service_request=delivered_request, body="It is coming")
    step_form(page).get_by_role("button", name="Send back").click()

    expect(step_form(page)).to_contain_text("Somebody changed this request since you opened it.")
    expect(step_form(page).get_by_label("What was received?")).to_have_value("One")
    step_form(page).get_by_role("button", name="Send back").click()
    expect(next_step(page)).to_contain_text("IT Services delivers")


def test_the_palette_finds_requests_and_services(company, new_request, somebody):
    page = somebody("requester", width=1440)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("laptop")
    expect(page.get_by_role("option").filter(has_text=new_request.number)).to_be_visible()
    expect(page.get_by_role("option").filter(has_text="Service").first).to_be_visible()


def test_the_catalogue_answers_while_one_types(company, somebody):
    page = somebody("requester", width=1440)
    page.goto("/services/")
    page.get_by_role("searchbox", name="What do you need?").press_sequentially("badg")
    expect(page.locator("#services").get_by_role("link", name="Laptop")).to_have_count(0)
    expect(page.locator("#services").get_by_role("link", name="Badge")).to_be_visible()


# ── Every page, in both colours, on both screens ──


@pytest.fixture
def lively(company) -> dict[str, str]:
    """Name → address of every page of the desk, with something on each."""
    asked = accept(company, file_laptop(company, title="Which floor?"))
    post_message(by=company.assigned, service_request=asked, body="Which floor should it go to?")
    move_request(by=company.assigned, service_request=asked, action="hold", words=Words(hold_reason="customer"))
    full = accept(company, file_laptop(company, title="Everything happened here", description="With words."))
    add_watcher(by=company.requester, service_request=full, person=company.watcher)
    post_message(by=company.assigned, service_request=full, body="Between us", internal=True)
    deliver(company, delivered := file_laptop(company, title="Delivered"))
    offered = accept(company, file_laptop(company, title="Offered"))
    offer_handoff(by=company.assigned, service_request=offered, to=company.facilities, reason="Theirs")
    file_laptop(company, title="扫码枪无法连接网络")
    return {
        "desk": "/",
        "services": "/services/",
        "services-none": "/services/?q=nothing-of-the-kind",
        "service": "/services/laptop/",
        "new": "/services/laptop/new/",
        "requests": "/requests/?status=any&priority=5",
        "request": f"/requests/{full.number}/",
        "request-offered": f"/requests/{offered.number}/",
        "request-delivered": f"/requests/{delivered.number}/",
        "step-hold": f"/requests/{full.number}/moves/hold/",
        "step-handoff": f"/requests/{full.number}/handoff/",
        "step-priority": f"/requests/{full.number}/priority/",
        "search": "/search/?q=laptop",
        "search-empty": "/search/",
    }


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_of_the_supplier_are_accessible_and_fit(lively, somebody, axe, fits, shoot, width, scheme):
    page = somebody("assigned", width=width, scheme=scheme)
    for name, address in {**lively, "queue": "/departments/it/queue/"}.items():
        page.goto(address)
        for more in page.locator("details.dk-more > summary").all():
            more.click()
        axe(page)
        fits(page)
        shoot(page, f"supplier-{name}-{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_of_the_customer_are_accessible_and_fit(lively, somebody, axe, fits, shoot, width, scheme):
    page = somebody("requester", width=width, scheme=scheme)
    for name in ("desk", "services", "new", "request", "request-delivered", "requests"):
        page.goto(lively[name])
        axe(page)
        fits(page)
        shoot(page, f"customer-{name}-{width}-{scheme}")


@pytest.mark.parametrize("opened", ["filter", "menu"])
def test_what_floats_is_accessible(lively, somebody, axe, fits, opened):
    page = somebody("assigned", width=360)
    page.goto("/departments/it/queue/" if opened == "filter" else lively["request"])
    page.locator("main summary", has_text="Filter" if opened == "filter" else "More").first.click()
    axe(page)
    fits(page)


def test_a_refused_form_is_accessible(company, somebody, axe, expected_errors):
    expected_errors.append("400")
    page = somebody("requester", width=360, script=True)
    page.goto("/services/laptop/new/")
    page.evaluate("document.querySelector('#filing').noValidate = true")
    page.get_by_role("button", name="Send to IT Services").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
