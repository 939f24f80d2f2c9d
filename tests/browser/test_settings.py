"""Setting up departments, people, services, targets and calendars as administrators and heads do it, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from requests_app.agreements.models import Agreement
from requests_app.calendars.models import Calendar
from requests_app.catalogue.models import Service
from requests_app.org.models import Department
from requests_app.org.services import save_department
from tests.browser.screens import NARROW
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db(transaction=True)

NO_SCRIPT = {"script": False}
PHONE = {"width": 360, "script": False}
PAGES = {
    "home": "/settings/",
    "departments": "/settings/departments/",
    "department": "/settings/departments/it/",
    "department-new": "/settings/new-department/",
    "people": "/settings/people/",
    "person-new": "/settings/new-person/",
    "services": "/settings/services/",
    "service-new-where": "/settings/new-service/",
    "service-new": "/settings/new-service/?department=it",
    "service": "/settings/services/laptop/",
    "service-form": "/settings/services/laptop/form/",
    "targets": "/settings/targets/",
    "target": "/settings/targets/set/?supplier=it&customer=sales",
    "priorities": "/settings/priorities/?department=it",
    "figure-targets": "/settings/figure-targets/?department=it",
    "calendars": "/settings/calendars/",
    "calendar-new": "/settings/new-calendar/",
    "calendar": "/settings/calendars/standard/",
    "calendar-year": "/settings/calendars/standard/2026/",
    "holidays": "/settings/calendars/standard/holidays/?country=DE&region=BE&first=2026&last=2027",
    "history": "/settings/history/",
    "profile": "/me/",
}


@pytest.fixture
def admin(company, sign_in):
    """admin(page, address): the administrator opens a page; there is some life in the company."""
    save_department(by=company.admin, slug="helpdesk", name="Helpdesk", parent=company.it, cost_centre="4411")
    file_laptop(company)

    def look(page: Page, address: str = "/settings/") -> Page:
        sign_in(page, company.admin.email).goto(address)
        return page

    return look


@pytest.fixture
def head(company, sign_in):
    """head(page, address): the head of IT opens a page."""

    def look(page: Page, address: str) -> Page:
        sign_in(page, company.supplier_head.email).goto(address)
        return page

    return look


def walk(page, company, axe, fits, shoot, screen: str) -> None:
    for name, address in {**PAGES, "person": f"/settings/people/{company.requester.pk}/"}.items():
        page.goto(address)
        shoot(page, f"settings-{name}-{screen}")
        axe(page)
        fits(page)


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_every_page_of_the_settings_is_accessible_and_fits(width, scheme, company, open_page, admin, axe, fits, shoot):
    page = admin(open_page(width=width, scheme=scheme))
    walk(page, company, axe, fits, shoot, f"{width}-{scheme}")


@pytest.mark.parametrize("page", [{}, PHONE], indirect=True)
def test_a_department_is_made_and_changed(page, company, admin, expected_errors):
    expected_errors.append("400")
    admin(page, "/settings/departments/").get_by_role("link", name="New department").click()
    page.get_by_label("Name", exact=True).fill("Legal")
    page.get_by_label("Short name").fill("it")
    page.get_by_label("What it is there for").fill("Reads contracts")
    page.get_by_role("button", name="Make the department").click()

    expect(page.get_by_role("alert")).to_contain_text("Another department has this short name")
    expect(page.get_by_label("What it is there for")).to_have_value("Reads contracts")
    page.get_by_label("Short name").fill("legal")
    page.get_by_role("button", name="Make the department").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Legal")

    page.get_by_label("Cost centre").fill("4410")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".dk-changes > li").first).to_contain_text("Cost centre: – → 4410")
    assert Department.objects.get(slug="legal").cost_centre == "4410"


def test_two_who_edit_the_same_department_learn_of_each_other(
    open_page, company, admin, head, axe, shoot, expected_errors
):
    expected_errors.append("400")
    mine = head(open_page(), "/settings/departments/it/")
    theirs = admin(open_page(), "/settings/departments/it/")
    theirs.get_by_label("What it is there for").fill("Computers that run")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_label("What it is there for")).to_have_value("Computers that run")

    mine.get_by_label("What it is there for").fill("Things that work")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("alert")).to_contain_text("Somebody else saved this in between")
    expect(mine.get_by_role("note")).to_contain_text("What it is there for: Computers that run")
    expect(mine.get_by_label("What it is there for")).to_have_value("Things that work")
    axe(mine)
    shoot(mine, "settings-stale")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_text("Saved.")).to_be_visible()


@pytest.mark.parametrize("page", [{}, PHONE], indirect=True)
def test_questions_are_built_moved_looked_at_and_saved_without_a_script_as_with_one(page, company, head):
    head(page, "/settings/services/laptop/form/")
    page.get_by_role("button", name="Add a question").click()
    fifth = page.get_by_role("group", name="Question 5")
    fifth.get_by_label("Question", exact=True).fill("Colour of the lid")
    fifth.get_by_label("Answer", exact=True).select_option("Choice")
    fifth.get_by_label("Answers to choose from").fill("grey\nblack")
    page.get_by_role("button", name="Move question 5 up").click()
    page.get_by_role("button", name="Remove question 1").click()
    expect(page.get_by_role("group", name="Question 3").get_by_label("Question", exact=True)).to_have_value(
        "Colour of the lid"
    )

    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").get_by_role("group", name="Colour of the lid")).to_be_visible()
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    assert [question.label for question in Service.objects.get(slug="laptop").form.questions] == [
        "Needed by", "How many", "Colour of the lid", "What for",
    ]  # fmt: skip


def test_the_preview_follows_what_is_typed_and_the_cursor_stays_where_the_work_is(page, company, head, axe):
    head(page, "/settings/services/laptop/form/")
    first = page.get_by_role("group", name="Question 1")
    expect(first.get_by_label("Answers to choose from")).to_be_visible()
    first.get_by_label("Question", exact=True).fill("Which model")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("Which model")).to_be_visible()
    first.get_by_label("Answer", exact=True).select_option("Number")
    expect(first.get_by_label("Answers to choose from")).to_be_hidden()
    axe(page)

    page.get_by_role("button", name="Add a question").click()
    expect(page.get_by_role("group", name="Question 5").get_by_label("Question", exact=True)).to_be_focused()


def test_the_whole_form_builder_is_worked_by_keys(page, company, head):
    head(page, "/settings/services/laptop/form/")
    page.get_by_role("group", name="Question 1").get_by_label("Question", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Typed by hand")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    assert Service.objects.get(slug="laptop").form.questions[0].label == "Typed by hand"


@pytest.mark.parametrize("page", [{}, PHONE], indirect=True)
def test_targets_are_typed_in_words_and_a_slip_is_told_beside_it(page, company, head, expected_errors, shoot):
    expected_errors.append("400")
    head(page, "/settings/targets/set/?supplier=it")
    page.get_by_label("Critical: First response").fill("15 min")
    page.get_by_label("Critical: Resolution").fill("2 days 1 h")
    page.get_by_role("button", name="Agree on this").click()
    expect(page.get_by_role("alert")).to_contain_text("not both")
    expect(page.get_by_label("Critical: First response")).to_have_value("15 min")
    shoot(page, f"settings-target-error-{page.viewport_size['width']}")

    page.get_by_label("Critical: Resolution").fill("2 h 30 min")
    page.get_by_role("button", name="Agree on this").click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()
    assert sorted(Agreement.objects.get(supplier=company.it).targets.values_list("seconds", flat=True)) == [900, 9000]


def test_the_promise_is_previewed_while_it_is_typed(page, company, head, axe):
    head(page, "/settings/targets/set/?supplier=it")
    outlook = page.get_by_role("region", name="What it comes to")
    expect(outlook).to_contain_text("First response within 1 h")
    page.get_by_label("Critical: First response").fill("45 min")
    expect(outlook).to_contain_text("First response within 45 min")
    page.get_by_label("Critical: Resolution").fill("30 min")
    expect(outlook).to_contain_text("Done before answered: is that meant?")
    axe(page)


@pytest.mark.parametrize("page", [{}, PHONE], indirect=True)
def test_a_calendar_gets_its_week_its_holidays_and_a_day_of_its_own(page, company, admin):
    admin(page, "/settings/calendars/standard/")
    expect(page.get_by_text("1 open request runs by this calendar and keeps its promise.")).to_be_visible()
    page.get_by_label("Saturday").fill("")
    page.get_by_label("Friday").fill("9-12:30, 13-15")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Version 2 holds from now on.")).to_be_visible()
    expect(page.get_by_role("region", name="How it is understood")).to_contain_text("09:00–12:30, 13:00–15:00")

    page.get_by_role("link", name="Public holidays").click()
    page.get_by_label("Country").select_option("Germany")
    page.get_by_label("From year").fill("2027")
    page.get_by_label("To year").fill("2027")
    page.get_by_role("button", name="Show what would be added").click()
    page.get_by_role("button", name="Add 9 days").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Standard in 2027")

    page.get_by_role("button", name="Add a day").click()
    day = page.get_by_role("group", name="Day 10")
    day.get_by_label("Date").fill("2027-12-24")
    day.get_by_label("Name").fill("Christmas Eve")
    day.get_by_label("Hours").fill("9-12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("complementary")).to_contain_text("Christmas Eve, 09:00–12:00")
    assert Calendar.objects.get(slug="standard").current.number == 4


@pytest.mark.parametrize("page", [NO_SCRIPT], indirect=True)
def test_priorities_are_chosen_cell_by_cell(page, company, head):
    head(page, "/settings/priorities/")
    page.get_by_label("Work goes on, One person").select_option("Low")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").get_by_role("listitem").last).to_contain_text("Low")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Requests filed from now on get these priorities.")).to_be_visible()
    page.get_by_role("button", name="Use the company's again").click()
    expect(page.get_by_text("The company's priorities hold again.")).to_be_visible()


def test_ending_somebodys_access_asks_first_and_signs_them_out_at_once(open_page, company, admin, sign_in):
    theirs = sign_in(open_page(), company.requester.email)
    theirs.goto("/me/")
    page = admin(open_page(), f"/settings/people/{company.requester.pk}/")
    page.get_by_role("button", name="End access").click()
    expect(page.get_by_role("dialog")).to_contain_text("is signed out everywhere at once")
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("has no access from now on")).to_be_visible()

    theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("page", [{}, PHONE], indirect=True)
def test_a_token_is_made_shown_once_and_withdrawn(page, company, sign_in):
    sign_in(page, company.requester.email).goto("/me/")
    page.get_by_label("What it is for").fill("Nightly report")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("status").filter(has_text="Copy it now")).to_contain_text("sd_")
    page.goto("/me/")
    expect(page.get_by_text("sd_")).to_have_count(0)
    page.get_by_role("button", name="Withdraw the token Nightly report").click()
    if page.get_by_role("dialog").count():
        page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("The token is withdrawn.")).to_be_visible()


def test_the_page_that_shows_a_token_is_accessible(page, company, sign_in, axe, fits):
    sign_in(page, company.requester.email).goto("/me/")
    page.get_by_label("What it is for").fill("Nightly report")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_text("Copy it now").wait_for()
    axe(page)
    fits(page)


def test_a_member_who_opens_the_settings_is_told_whom_to_ask(page, company, sign_in, axe, expected_errors):
    expected_errors.append("403")
    sign_in(page, company.requester.email).goto("/settings/departments/it/")
    expect(page.get_by_role("main")).to_contain_text("Ask the head of the department or one of the administrators.")
    axe(page)
