"""What the demo company awards: won by somebody, open for nominations, voted on by all, and by a jury."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from feedback.awards.days import company_day
from feedback.awards.judging import open_award
from feedback.awards.keeping import save_programme
from feedback.awards.models import Award, Programme
from feedback.awards.selectors import choices_to_nominate, choices_to_vote
from feedback.awards.services import cast_vote, nominate, take_step
from feedback.awards.states import Way
from requests_app.kernel.errors import DomainError
from requests_app.org.models import Person
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read

STEPS = {"counted": "count", "announced": "announce"}


@transaction.atomic
def award_all(company: Company, now: datetime) -> None:
    """Call when the figures are counted: they decide who is eligible."""
    admin = company.people["admin"]
    for spec in read("awards")["programme"]:
        kept = {name: spec[name] for name in ("name", "text", "way", "tie", "weights")}
        jury = [company.units[slug].head for slug in spec.get("jury", [])]
        programme = save_programme(by=admin, jury=jury, **kept)
        for given in spec["award"]:
            _award(company, programme, given, admin, now)


def _award(company: Company, programme: Programme, spec: dict[str, Any], admin: Person, now: datetime) -> None:
    day = company_day(now)
    nominations, vote = (day + timedelta(days=days) for days in spec["until"])
    opened = now - timedelta(days=spec["opened"])
    award = open_award(
        by=admin, programme=programme, first=_before(day, spec["first"]), last=_before(day, spec["last"]),
        nominate_until=nominations, vote_until=vote, seed=20, now=opened,
    )  # fmt: skip
    for slug, words in spec["said"].items():
        _nominate(award, company.units[slug].members[-1], words, opened + timedelta(days=1))
    if "voting" in spec:
        take_step(by=admin, award=award, name="start_vote", now=now - timedelta(days=spec["voting"]))
        _vote(company, award, spec["votes"], now - timedelta(days=spec["voting"]) + timedelta(hours=2))
    for name, step in STEPS.items():
        if name in spec:
            take_step(by=admin, award=award, name=step, now=now - timedelta(days=spec[name]))


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _nominate(award: Award, person: Person, words: str, at: datetime) -> None:
    """For whom the figures speak most, the person's own department left out."""
    best = award.scores.filter(reasons=[], department__in=choices_to_nominate(person, award)).order_by("-bound").first()
    if best is not None:
        nominate(by=person, award=award, department=best.department, reason=words, now=at)


def _vote(company: Company, award: Award, votes: list[int], at: datetime) -> None:
    """So many for each of the nominated, whom the figures like best first, by people who may vote for it."""
    order = {score.department_id: -score.bound for score in award.scores.all()}
    people = iter(_voters(company, award))
    nominees = sorted(award.nominees.all(), key=lambda one: order[one.department_id])
    for nominee, n in zip(nominees, votes, strict=False):
        cast = 0
        while cast < n and (person := next(people, None)) is not None:
            if nominee in choices_to_vote(person, award):
                cast += _cast(person, award, nominee.pk, at)


def _voters(company: Company, award: Award) -> list[Person]:
    """Of the company two people of each department; of a jury all but whom the demo invites to try it."""
    if award.way == Way.JURY:
        jury = Person.objects.filter(pk__in=award.jurors.values("person")).order_by("pk")
        return list(jury.exclude(pk=company.people["head"].pk))
    units = [unit for unit in company.units.values() if len(unit.members) > 2]
    return [unit.members[-place] for place in (2, 3) for unit in units]


def _cast(person: Person, award: Award, nominee_id: int, at: datetime) -> bool:
    try:
        cast_vote(by=person, award=award, nominee_id=nominee_id, now=at)
    except DomainError:  # of a partner, or with no choice between others
        return False
    return True
