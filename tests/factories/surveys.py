"""A questionnaire of IT, who is asked, and what they answer."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.surveys.models import Campaign, Survey, SurveyInvitation
from feedback.surveys.services import create_survey, draft_campaign, give_answer, save_questions, take_step
from requests_app.org.models import Department, Person
from tests.factories.company import Company, make_person

OVERALL = {"key": "q1", "kind": "scale5", "text": {"en": "How was it?", "ru": "Как было?"}, "required": True}
CHOICE = {
    "key": "q2",
    "kind": "single",
    "text": {"en": "Which one?"},
    "options": [{"key": "a", "text": {"en": "This"}}, {"key": "b", "text": {"en": "That"}}],
}
WHY = {"key": "q3", "kind": "text", "text": {"en": "Why?"}}
QUESTIONS = [OVERALL, CHOICE, WHY]


def survey_of(company: Company, questions: list[dict] | None = None, **more: Any) -> Survey:
    values = {"by": company.supplier_head, "title": "How we serve", "department": company.it} | more
    survey = create_survey(**values)
    save_questions(by=values["by"], survey=survey, questions=QUESTIONS if questions is None else questions)
    return survey


def crowd(department: Department, count: int) -> list[Person]:
    """New members of the department."""
    return [make_person(f"{department.name} {number}", department) for number in range(count)]


def prepared(company: Company, survey: Survey | None = None, **more: Any) -> Campaign:
    """To Sales, for two weeks."""
    values = {"departments": [company.sales], "closes_on": timezone.localdate() + timedelta(days=14)} | more
    return draft_campaign(by=company.supplier_head, survey=survey or survey_of(company), **values)


def opened(company: Company, survey: Survey | None = None, **more: Any) -> Campaign:
    return take_step(by=company.supplier_head, campaign=prepared(company, survey, **more), step="open")


def answer_all(campaign: Campaign, values: list[dict]) -> None:
    """So many of those who are asked answer so, in the order of their ids."""
    rows = (
        SurveyInvitation.objects.filter(campaign=campaign, answered=False)
        .select_related("person")
        .order_by("person_id")
    )
    for invitation, answer in zip(rows, values, strict=False):
        give_answer(by=invitation.person, campaign=campaign, values=answer)


def closed(company: Company, campaign: Campaign) -> Campaign:
    return take_step(by=company.supplier_head, campaign=campaign, step="close")
