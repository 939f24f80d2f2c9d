"""Surveys as people do them: from the builder to the results, with script and without."""

import re

import pytest
from playwright.sync_api import expect

from feedback.surveys.models import Campaign, SurveyAnswer
from feedback.surveys.services import create_survey, give_answer
from tests.browser.screens import NARROW
from tests.factories.surveys import answer_all, closed, crowd, opened, prepared

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/feedback/surveys/"


def three_departments(company) -> list:
    crowd(company.sales, 9)
    crowd(company.facilities, 5)
    crowd(company.it, 3)
    return [company.sales, company.facilities, company.it]


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_an_anonymous_campaign_from_the_builder_to_the_results(page, company, sign_in, expected_errors):
    expected_errors.append("400")
    departments = three_departments(company)
    sign_in(page, company.supplier_head.email).goto(f"{HERE}new/")
    page.get_by_role("textbox", name="Name").fill("How we work together")
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("link", name="Add a question").first.click()
    page.get_by_label("In English").first.fill("How easy is it to ask us?")
    page.get_by_label("Must be answered").check()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Ask people").click()
    for department in departments:
        page.get_by_role("checkbox", name=department.name).check()
    page.get_by_role("button", name="Prepare the campaign").click()
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_text("Open for answers")).to_be_visible()
    page.goto(f"{HERE}campaigns/{Campaign.objects.get().pk}/answer/")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("This question needs an answer.").first).to_be_visible()
    page.get_by_role("radio", name="4").check(force=True)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("You have answered. Thank you.").first).to_be_visible()
    assert SurveyAnswer.objects.get().values == {"q1": 4}
    answer_all(Campaign.objects.get(), [{"q1": 2 + number % 4} for number in range(20)])
    page.reload()
    page.get_by_role("button", name="Close it now").click()
    page.get_by_role("link", name="Results").click()
    expect(page.get_by_text("21 of 27 have answered.")).to_be_visible()
    expect(page.get_by_role("region", name="By department")).to_contain_text(re.compile("Sales"))


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
        ("preview", f"{HERE}{survey.pk}/preview/"),
        ("ask", f"{HERE}{survey.pk}/campaigns/new/"),
        ("draft", f"{HERE}campaigns/{draft.pk}/"),
        ("change", f"{HERE}campaigns/{draft.pk}/change/"),
        ("campaign", f"{HERE}campaigns/{running.pk}/"),
        ("answer", f"{HERE}campaigns/{running.pk}/answer/"),
        ("results", f"{HERE}campaigns/{ended.pk}/results/"),
    ]:
        page.goto(address)
        axe(page)
        fits(page)
        shoot(page, f"surveys-{name}-{width}-{scheme}")
