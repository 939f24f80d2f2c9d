"""What people of the demo company are asked: campaigns that have ended, one that is open, one that is prepared."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from feedback.surveys.models import Campaign, SurveyInvitation
from feedback.surveys.questions import Item, items_of
from feedback.surveys.repeating import repeat_campaigns
from feedback.surveys.rhythm import occurrence
from feedback.surveys.services import (
    create_survey,
    draft_campaign,
    give_answer,
    newest_version,
    save_questions,
    take_step,
    today_of,
)
from feedback.surveys.states import Kind
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read


def survey_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments are there."""
    dice = Random(11)  # noqa: S311 - the same company every time
    made = [(_survey(company, spec, dice, now), spec) for spec in read("surveys")["survey"]]
    for campaign, spec in made:
        for time in range(1, spec.get("times", 1)):
            campaign = _again(campaign, spec, time, dice, now)


def _survey(company: Company, spec: dict[str, Any], dice: Random, now: datetime) -> Campaign:
    department = company.units[spec["department"]] if "department" in spec else None
    by = department.head if department else company.people["admin"]
    row = department.row if department else None
    survey = create_survey(by=by, title=spec["title"], department=row, ready=spec["ready"])
    if "more" in spec:
        save_questions(by=by, survey=survey, questions=[*newest_version(survey).questions, *spec["more"]])
    at = _opened_at(spec, 0, now)
    opens_on = today_of(now) + timedelta(days=spec["opens_in"]) if "opens_in" in spec else None
    closes_on = (opens_on or today_of(at)) + timedelta(days=spec["days"])
    asked = [company.units[slug].row for slug in spec["mood"]]
    campaign = draft_campaign(
        by=by, survey=survey, departments=asked, opens_on=opens_on, closes_on=closes_on, remind_after_days=5, now=at,
        kinds=spec.get("kinds", ()),
        repeat_every=spec.get("every_months"), repeat_unit="months" if "every_months" in spec else "",
    )  # fmt: skip
    if opens_on:
        return campaign
    take_step(by=by, campaign=campaign, step="open", now=at)
    _answers(campaign, spec, dice, at)
    if spec.get("closed"):
        take_step(by=by, campaign=campaign, step="close", now=at + timedelta(days=spec["days"]))
    return campaign


def _opened_at(spec: dict[str, Any], time: int, now: datetime) -> datetime:
    """Of what came several `times`, the last one opened `ago` days before."""
    at = now - timedelta(days=spec["ago"])
    before = spec.get("every_months", 0) * (spec.get("times", 1) - 1 - time)
    return at - (today_of(at) - occurrence(today_of(at), 1, "months", -before))


def _again(campaign: Campaign, spec: dict[str, Any], time: int, dice: Random, now: datetime) -> Campaign:
    """The next occurrence, as the clock makes it; what has run its days is closed."""
    at = _opened_at(spec, time, now)
    repeat_campaigns(now=at + timedelta(hours=1))
    found = take_step(by=None, campaign=Campaign.objects.get(follows=campaign), step="open", now=at)
    better = {slug: mood + spec["drift"] * time for slug, mood in spec["mood"].items()}
    _answers(found, spec | {"mood": better}, dice, at)
    if found.closes_on < today_of(now):
        take_step(by=None, campaign=found, step="close", now=at + timedelta(days=spec["days"]))
    return found


def _answers(campaign: Campaign, spec: dict[str, Any], dice: Random, at: datetime) -> None:
    rows = SurveyInvitation.objects.filter(campaign=campaign).select_related("person", "group").order_by("pk")
    moods, texts = dict(spec["mood"]), list(spec["texts"])
    for row in rows:
        if row.person.email.startswith(("staff@", "customer-head@")) or dice.randrange(spec["shy"]) == 0:
            continue
        mood = moods.get(row.group.slug if row.group else "", 4)
        campaign.refresh_from_db()
        items = items_of(campaign.version.questions if campaign.version else [])
        values = {item.key: _value(item, mood, texts, dice) for item in items}
        said = {key: value for key, value in values.items() if value}
        give_answer(by=row.person, campaign=campaign, values=said, now=at + timedelta(days=2))


def _value(item: Item, mood: int, texts: list[str], dice: Random) -> Any:
    if item.top:
        return min(
            max(round(dice.gauss(mood * item.top / 7 if item.top == 5 and mood > 5 else mood, 0.9)), 1), item.top
        )
    if item.kind == Kind.SINGLE:
        return item.options[dice.randrange(len(item.options))][0]
    if item.kind == Kind.TEXT:
        return texts.pop(0) if texts and dice.random() < 0.8 else None
    return dice.sample(["it", "finance", "facilities", "people"], 2) if item.kind == Kind.DEPARTMENT else None
