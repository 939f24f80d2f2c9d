"""What departments of the demo company say of each other: an ended self-knowledge campaign, and what came later."""

from datetime import datetime, timedelta
from typing import Any

from feedback.chain.services import declare, take_in
from feedback.surveys.services import create_survey, draft_campaign, give_answer, take_step, today_of
from feedback.surveys.states import NAMED
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read


def chain_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments are there."""
    spec = read("chain")
    admin, at = company.people["admin"], now - timedelta(days=spec["ago"])
    survey = create_survey(by=admin, title=spec["title"], ready=NAMED)
    campaign = draft_campaign(
        by=admin, survey=survey, departments=[unit.row for unit in company.units.values()], anonymous=False,
        closes_on=today_of(at) + timedelta(days=spec["days"]), roles=["head"], now=at,
    )  # fmt: skip
    campaign = take_step(by=admin, campaign=campaign, step="open", now=at)
    for place, (slug, said) in enumerate(spec["answer"].items()):
        given = at + timedelta(days=1 + place % 5)
        give_answer(by=company.units[slug].head, campaign=campaign, values=_values(said), now=given)
    take_step(by=admin, campaign=campaign, step="close", now=at + timedelta(days=spec["days"]))
    take_in(campaign=campaign)
    for said in spec["later"]:
        _later(company, said, now)


def _values(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value}


def _later(company: Company, said: dict[str, Any], now: datetime) -> None:
    """A head amends what the survey brought."""
    unit = company.units[said["department"]]
    declare(
        by=unit.head, department=unit.row, side=said["side"], other=company.units[said["other"]].row,
        products=said["products"], demands=said["demands"], at=now - timedelta(days=said["ago"]),
    )  # fmt: skip
