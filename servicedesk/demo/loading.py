"""Putting the demo company into an empty database, in one transaction, figures included."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from feedback.ratings.counting import Waiting, counted_in_the_past
from feedback.ratings.models import Invitation, Rating, RatingVersion, columns
from feedback.ratings.states import REMIND_AFTER_WORKDAYS, Answer, InvitationState, open_until
from metrics.charts.selectors import chart_of
from metrics.charts.services import choose_rules, watch_all
from metrics.charts.statistics import RULES
from metrics.exports.services import ask
from metrics.forecast.services import look_ahead
from metrics.reports.services import subscribe
from metrics.reports.states import Form, Rhythm
from metrics.rollups.catching_up import catch_up
from metrics.rollups.states import Side
from metrics.targets.services import set_targets
from metrics.themes.services import find_all
from requests_app.calendars.selectors import day_rule_of
from requests_app.calendars.workdays import add_days
from requests_app.desk.models import ServiceRequest
from requests_app.imports.replay import Life
from requests_app.imports.states import Step
from requests_app.imports.writing import write_cases
from requests_app.kernel.bulk import copy_in, reserve_numbers
from servicedesk.demo.answering import answer_all
from servicedesk.demo.asking_around import ask_all
from servicedesk.demo.awarding import award_all
from servicedesk.demo.building import Company, build_company
from servicedesk.demo.chaining import chain_all
from servicedesk.demo.correcting import correct_all
from servicedesk.demo.grouping import group_all
from servicedesk.demo.improving import improve_all, judge_all
from servicedesk.demo.needing import need_all
from servicedesk.demo.negotiating import negotiate_all
from servicedesk.demo.surveying import survey_all
from servicedesk.demo.talking import talk_all
from servicedesk.demo.telling import Story
from servicedesk.demo.today import open_stories
from servicedesk.demo.training import train_all
from servicedesk.demo.voicing import voice_all
from servicedesk.demo.working import Working, plan_all
from servicedesk.demo.year import stories, world_of

CHUNK = 1000


@dataclass(frozen=True)
class Loaded:
    departments: int
    people: int
    services: int
    requests: int
    events: int
    ratings: int


def load_demo(*, now: datetime, tell: Callable[[str], None]) -> Loaded:
    """The company and its year. All of it or nothing; the figures follow, by themselves if need be."""
    with transaction.atomic():
        company = build_company(now=now)
        tell("departments, people and services are there")
        told = _told(company, now)
        plan_all(company, now)
        lives = _write(company, told, now)
        ratings = _rate(company, told, lives, now)
        negotiate_all(company, now)
        _subscribe(company, now)
        correct_all(company, now)
        answer_all(company, now)
        voice_all(company, now)
        train_all(company, now)
        need_all(company, now)
        _set_targets(company)
        survey_all(company, now)
        chain_all(company, now)
        improve_all(company, now)
        talk_all(company, now)
        group_all(company, now)
        ask_all(company, now)
        tell(f"{len(told)} requests are written")
    catch_up()
    watch_all(now=now)
    _watch_a_pair(company, now)
    look_ahead(now=now)
    judge_all(company, now)
    find_all(now=now)
    award_all(company, now)
    return Loaded(
        len(company.units), len(company.people), len(company.services), len(told),
        sum(len(life.events) for life in lives), ratings,
    )  # fmt: skip


def _subscribe(company: Company, now: datetime) -> None:
    """The head of IT gets the figures of the month by mail every week, and the scorecard of the quarter every month."""
    asked = {"form": Form.PDF, "now": now, "by": company.people["head"], "department": company.units["it"].row}
    subscribe(subject=Side.SUPPLIER, rhythm=Rhythm.WEEKLY, span="30", **asked)
    subscribe(subject="scorecard", rhythm=Rhythm.MONTHLY, span="quarter", **asked)


def _watch_a_pair(company: Company, now: datetime) -> None:
    """The head of IT wants to know of Sales alone, by every rule that there is."""
    head, sales = company.people["head"], company.units["sales"].row
    page = chart_of(person=head, slug=company.units["it"].row.slug, figure="resolution_time", other=sales.slug, now=now)
    choose_rules(by=head, page=page, rules=RULES, now=now)


def _set_targets(company: Company) -> None:
    """What the figures are to reach: the company's, and more where IT has promised itself more."""
    set_targets(by=company.people["admin"], department=None, targets={"reopen_rate": 0.05, "answer_delay": 4 * 3600})
    it = company.units["it"].row
    set_targets(by=company.people["head"], department=it, targets={"resolution_kept": 0.94, "rating_mean": 4.4})
    today = timezone.localdate()
    ask(by=company.people["head"], department=it, side=Side.SUPPLIER, first=today - timedelta(days=30), last=today)


def _told(company: Company, now: datetime) -> list[Story]:
    """In the order in which they were filed, so that numbers grow with time."""
    world = world_of(company, now)
    return sorted([*stories(world), *open_stories(world)], key=lambda story: story.case.created_at)


def _write(company: Company, told: Sequence[Story], now: datetime) -> list[Life]:
    _invite(told, now)
    nobody = company.people["admin"].pk
    lives: list[Life] = []
    add = Working(company, told, now).add
    for start in range(0, len(told), CHUNK):
        cases = [story.case for story in told[start : start + CHUNK]]
        lives += write_cases(cases, nobody=nobody, now=now, add=add)
    return lives


def _invite(told: Sequence[Story], now: datetime) -> None:
    """The steps of asking for and giving a rating, and of counting it, with the numbers that their rows will have."""
    delivered = [story for story in told if story.delivered]
    rated = [story for story in delivered if story.rated_at]
    for story, number in zip(delivered, reserve_numbers(Invitation, len(delivered)), strict=True):
        words = {"invitation": number}
        story.case.steps.append(Step("invite", story.delivered[0], words=words))
    for story, number in zip(rated, reserve_numbers(Rating, len(rated)), strict=True):
        kept = ("overall", "dimensions", "effort")
        words = {name: story.answer[name] for name in kept}
        words |= {"rating": number, "shared": story.answer["share_with_team"]}
        story.case.steps.append(Step("rate", story.rated_at, actor=story.requester.pk, words=words))
    _count(rated, now)
    for story in delivered:
        story.case.steps.sort(key=lambda step: step.at)


def _count(rated: Sequence[Story], now: datetime) -> None:
    """What was not shared counted once it had waited for others; what was, at once."""
    answers = {story.case.steps[-1].words["rating"]: story for story in rated}
    waiting = [
        Waiting(number, (story.rated_id, story.case.customer), story.requester.pk, story.rated_at)
        for number, story in answers.items()
        if story.rated_at and story.rated_id and not story.answer["share_with_team"]
    ]
    for number, at in counted_in_the_past(waiting, now=now).items():
        answers[number].case.steps.append(Step("count", at, words={"rating": number}))
        answers[number].counted_at = at


def _rate(company: Company, told: Sequence[Story], lives: Sequence[Life], now: datetime) -> int:
    """The rows behind those events."""
    invitations, ratings, versions = [], [], []
    for story, life in zip(told, lives, strict=True):
        for step in story.case.steps:
            if step.move == "invite":
                invitations.append(_invitation(company, story, life.row, step.words["invitation"], now))
            elif step.move == "rate":
                rating = _rating(story, life.row, step)
                ratings.append(rating)
                versions.append(RatingVersion(rating=rating, number=1, at=step.at, **columns(Answer(**story.answer))))
    copy_in(Invitation, invitations)
    copy_in(Rating, ratings)
    copy_in(RatingVersion, versions)
    return len(ratings)


def _invitation(company: Company, story: Story, row: ServiceRequest, number: int, now: datetime) -> Invitation:
    delivered_at = story.delivered[-1]
    ends = open_until(delivered_at)
    remind_at = add_days(delivered_at, REMIND_AFTER_WORKDAYS, day_rule_of(company.homes[story.requester.pk].calendar))
    state = (
        InvitationState.RATED if story.rated_at else InvitationState.EXPIRED if ends <= now else InvitationState.OPEN
    )
    return Invitation(
        pk=number, service_request=row, person_id=story.requester.pk, supplier_id=row.supplier_id, state=state,
        delivered_at=delivered_at, remind_at=remind_at, expires_at=ends,
        reminded_at=remind_at if remind_at <= now else None,  # nobody is reminded today of what is long past
    )  # fmt: skip


def _rating(story: Story, row: ServiceRequest, step: Step) -> Rating:
    return Rating(
        pk=step.words["rating"], service_request=row, person_id=story.requester.pk, supplier_id=row.supplier_id,
        given_at=step.at, changed_at=step.at, **columns(Answer(**story.answer)),
        counted_at=step.at if story.answer["share_with_team"] else story.counted_at,
    )  # fmt: skip
