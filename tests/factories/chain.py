"""What departments say of each other, by the form and by the answer to the ready questionnaire."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.chain.models import Declaration
from feedback.chain.services import declare
from feedback.surveys.models import Campaign
from feedback.surveys.services import create_survey, draft_campaign, give_answer, take_step
from feedback.surveys.states import NAMED
from requests_app.org.models import Person
from tests.factories.company import Company
from tests.factories.surveys import closed, crowd, opened

SALES_ANSWER = {
    "work": "We sell", "suppliers": ["it", "facilities"], "receive": "IT Services: laptops\nFacilities: desks",
    "demand": "it: within 2 days", "trouble": "it: they come late", "customers": [], "outside": "Offers",
}  # fmt: skip
IT_ANSWER = {"work": "Tools", "customers": ["sales"], "pass": "laptops", "wish": "sales: within 5 days"}


def declared(company: Company, **more: Any) -> Declaration:
    """Sales says that IT is its supplier."""
    values = {"by": company.customer_head, "department": company.sales, "side": "supplier", "other": company.it}
    return declare(**values | {"products": "laptops", "demands": "within 2 days"} | more)


def both(company: Company) -> None:
    """IT and Sales name each other, and describe differently what is required."""
    declared(company, troubles="they come late")
    declared(
        company, by=company.supplier_head, department=company.it, side="customer", other=company.sales,
        demands="within 5 days",
    )  # fmt: skip


def self_knowledge(company: Company, **more: Any) -> Campaign:
    """Named, to the heads of Sales, IT and Facilities; open."""
    survey = create_survey(by=company.admin, title="Who we are", ready=NAMED)
    asked = {"departments": [company.sales, company.it, company.facilities], "anonymous": False, "roles": ["head"]}
    closes_on = timezone.localdate() + timedelta(days=14)
    campaign = draft_campaign(by=company.admin, survey=survey, closes_on=closes_on, **asked | more)
    return take_step(by=company.admin, campaign=campaign, step="open")


def answer(campaign: Campaign, person: Person, **values: Any) -> None:
    given = {key: value for key, value in values.items() if value}
    give_answer(by=person, campaign=campaign, values={"work": "Ours"} | given)


def wall_check(company: Company, scores: list[tuple[int, ...]]) -> Campaign:
    """Sales and IT were asked of the five criteria; closed. A row of scores is one person's, 0 no answer."""
    crowd(company.sales, max(len(scores) - 3, 0))
    survey = create_survey(by=company.supplier_head, title="Wall check", department=company.it, ready="wall_check")
    campaign = opened(company, survey, departments=[company.sales, company.it])
    keys = ("budget", "schedule", "specification", "customer", "goals")
    people = [row.person for row in campaign.invitations.select_related("person").order_by("pk")]
    for person, row in zip(people, scores, strict=False):
        values = {f"five__{key}": score for key, score in zip(keys, row, strict=True) if score}
        give_answer(by=person, campaign=campaign, values=values)
    return closed(company, campaign)
