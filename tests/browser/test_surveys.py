"""Surveys as people do them: from the builder to the results, with script and without."""

import re

import pytest
from playwright.sync_api import expect

from feedback.surveys.models import Campaign, SurveyAnswer
from feedback.surveys.services import create_survey, give_answer
from feedback.surveys.states import CHOICES, MATRICES, Kind
from requests_app.events.models import Event
from requests_app.org.models import Person
from tests.browser.screens import NARROW
from tests.factories.surveys import answer_all, closed, crowd, opened, prepared, survey_of

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/feedback/surveys/"


def three_departments(company) -> list:
    crowd(company.sales, 9)
    crowd(company.facilities, 5)
    crowd(company.it, 3)
    return [company.sales, company.facilities, company.it]


def ask(page, kind: Kind, text: str, *, russian: str = "", parts=(), only_after: str = "", must: bool = False) -> None:
    """One more question, by click."""
    page.get_by_role("link", name="Add a question").first.click()
    page.get_by_label("Kind of question").select_option(kind)
    words = page.get_by_role("group", name="The question")
    words.get_by_label("In English").fill(text)
    words.get_by_label("In Russian").fill(russian)
    answers = page.get_by_role("group", name="Answers to choose from, or statements of a matrix")
    expect(answers).to_be_visible(visible=kind in CHOICES | MATRICES)
    if parts:
        answers.get_by_label("In English").fill("\n".join(parts))
    if only_after:
        page.get_by_text("Only after certain answers").click()
        page.get_by_label(only_after).check()
    if must:
        page.get_by_label("Must be answered").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name=text, exact=True)).to_be_visible()


def build(page) -> None:
    """Every kind of question, a heading, a condition and a translation."""
    ask(page, Kind.SECTION, "About our help")
    ask(page, Kind.SCALE5, "How easy is it to ask us?", russian="Легко ли к нам обратиться?", must=True)
    ask(page, Kind.SCALE7, "How fast are we?")
    ask(page, Kind.MATRIX5, "Do you agree?", parts=["They listen", "They explain"])
    ask(page, Kind.MATRIX7, "And with this?", parts=["They return calls"])
    ask(page, Kind.SINGLE, "Did it work?", parts=["Yes", "No"])
    ask(page, Kind.TEXT, "What went wrong?", only_after="Did it work? → No")
    ask(page, Kind.MULTIPLE, "What did you use?", parts=["Phone", "Form"])
    ask(page, Kind.NUMBER, "How often a month?")
    ask(page, Kind.DEPARTMENT, "Who else helped?")
    ask(page, Kind.PERSON, "Who did best?")


def answer(page, company) -> None:
    """Of everything something; somebody is found by a part of the name."""

    def choose(question: str, role: str, name: str) -> None:
        control = page.get_by_role("group", name=question).get_by_role(role, name=name, exact=True)
        control.press("Space")
        expect(control).to_be_checked()

    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("This question needs an answer.").first).to_be_visible()
    choose("How easy is it to ask us?", "radio", "4")
    choose("How fast are we?", "radio", "7")
    choose("They listen", "radio", "5")
    choose("They explain", "radio", "3")
    choose("They return calls", "radio", "2")
    choose("Did it work?", "radio", "No")
    page.get_by_label("What went wrong?").fill("It took two calls.")
    choose("What did you use?", "checkbox", "Phone")
    page.get_by_label("How often a month?").fill("3")
    choose("Who else helped?", "checkbox", "Facilities")
    page.get_by_label("Who did best?").fill("facilities")
    page.get_by_role("button", name="Find people").click()
    page.get_by_role("radio", name=re.compile("Facilities 3")).check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("You have answered. Thank you.").first).to_be_visible()
    assert SurveyAnswer.objects.get().values == {
        "q2": 4, "q3": 7, "q4__new0": 5, "q4__new1": 3, "q5__new0": 2, "q6": "new1", "q7": "It took two calls.",
        "q8": ["new0"], "q9": 3, "q10": ["facilities"], "q11": Person.objects.get(name="Facilities 3").pk,
    }  # fmt: skip


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_an_anonymous_campaign_from_the_builder_to_the_results(page, company, sign_in, expected_errors):
    expected_errors.append("400")
    departments = three_departments(company)
    sign_in(page, company.supplier_head.email).goto(f"{HERE}new/")
    page.get_by_role("textbox", name="Name").fill("How we work together")
    page.get_by_role("button", name="Make it").click()
    build(page)
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("link", name="Русский").click()
    expect(page.get_by_role("group", name="Легко ли к нам обратиться?")).to_be_visible()
    expect(page.get_by_text("These lack words in this language")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Ask people").click()
    for department in departments:
        page.get_by_role("checkbox", name=department.name).check()
    page.get_by_role("button", name="Prepare the campaign").click()
    expect(page.get_by_text("Sent today, it would ask 27 people.")).to_be_visible()
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_text("Open for answers")).to_be_visible()
    page.get_by_role("link", name="Answer", exact=True).click()
    answer(page, company)
    page.get_by_role("button", name="Remind who has not answered").click()
    expect(page.get_by_text("Reminder sent")).to_be_visible()
    expect(page.get_by_role("button", name="Remind who has not answered")).to_have_count(0)
    assert Event.objects.get(kind="campaign.reminded").data["waiting"] == 26
    answer_all(Campaign.objects.get(), [{"q2": 2 + number % 4} for number in range(20)])
    page.reload()
    page.get_by_role("button", name="Close it now").click()
    page.get_by_role("link", name="Results").click()
    expect(page.get_by_text("21 of 27 have answered.")).to_be_visible()
    expect(page.get_by_role("region", name="By department", exact=True)).to_contain_text(re.compile("Sales"))


@pytest.mark.parametrize(
    "page", [{"width": 360, "script": False}, {"width": 1440}], indirect=True, ids=["phone, no script", "desk"]
)
def test_the_focus_stays_with_what_was_moved_and_goes_on_after_what_was_taken_away(page, company, sign_in):
    survey = survey_of(company)
    sign_in(page, company.supplier_head.email).goto(f"{HERE}{survey.pk}/")
    for _again in range(2):
        page.get_by_role("button", name="Down: How was it?").press("Enter")
        expect(page.get_by_role("button", name="Down: How was it?")).to_be_focused()
    page.get_by_role("button", name="Up: How was it?").press("Enter")
    expect(page.get_by_role("button", name="Up: How was it?")).to_be_focused()
    page.get_by_role("link", name="Remove: How was it?").press("Enter")
    expect(page.get_by_role("heading", name="Remove the question?")).to_be_visible()
    page.get_by_role("link", name="Leave it there").press("Enter")
    expect(page.get_by_role("link", name="How was it?", exact=True)).to_be_focused()
    page.get_by_role("link", name="Remove: How was it?").press("Enter")
    page.get_by_role("button", name="Remove it").press("Enter")
    expect(page.get_by_role("link", name="Why?", exact=True)).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_pages_of_surveys_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    departments = three_departments(company)
    survey = create_survey(by=company.supplier_head, title="How we serve", department=company.it, ready="service")
    ended = opened(company, survey, departments=departments, title="How we served in spring")
    matrices = [one for one in ended.version.questions if "rows" in one]
    answers = [
        {
            f"{one['key']}__{row['key']}": 3 + (number + place) % 4
            for one in matrices
            for place, row in enumerate(one["rows"])
        }
        | {"overall": 3 + number % 3, "better": f"Answer the phone before nine, please, said number {number}"}
        for number in range(24)
    ]
    answer_all(ended, answers)
    closed(company, ended)
    running = opened(company, survey, departments=departments, title="How we serve in autumn")
    others = running.invitations.exclude(person=company.supplier_head).select_related("person")
    for invitation, values in zip(others, answers[:13], strict=False):
        give_answer(by=invitation.person, campaign=running, values=values)
    draft = prepared(company, survey)
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("list", HERE),
        ("new", f"{HERE}new/?ready=service"),
        ("builder", f"{HERE}{survey.pk}/"),
        ("question", f"{HERE}{survey.pk}/questions/reliability/"),
        ("remove", f"{HERE}{survey.pk}/questions/reliability/remove/"),
        ("preview", f"{HERE}{survey.pk}/preview/"),
        ("preview-ru", f"{HERE}{survey.pk}/preview/?in=ru"),
        ("ask", f"{HERE}{survey.pk}/campaigns/new/"),
        ("draft", f"{HERE}campaigns/{draft.pk}/"),
        ("change", f"{HERE}campaigns/{draft.pk}/change/"),
        ("campaign", f"{HERE}campaigns/{running.pk}/"),
        ("answer", f"{HERE}campaigns/{running.pk}/answer/"),
        ("results", f"{HERE}campaigns/{ended.pk}/results/"),
    ]:
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        axe(page)
        fits(page)
        shoot(page, f"surveys-{name}-{width}-{scheme}")
