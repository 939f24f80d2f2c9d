"""Making questionnaires, running campaigns, answering; each in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.ratings.rest import days_between_campaigns
from feedback.surveys import policies
from feedback.surveys.audience import Audience, audience_of, groups_of
from feedback.surveys.dealing import deal_anew
from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.surveys.questions import Known, Question, checked_answer, checked_questions, items_of
from feedback.surveys.ready import ready_questions
from feedback.surveys.rhythm import occurrence, today_of
from feedback.surveys.selectors import comes_again
from feedback.surveys.states import (
    CLOSED,
    DRAFT,
    FLOOR,
    LONGEST_TITLE,
    MOST_EVERY,
    NAMED,
    OPEN,
    READY,
    SOURCES,
    CampaignState,
    Step,
    Unit,
)
from requests_app.events.services import record
from requests_app.kernel.errors import DomainError, IllegalMove, StaleVersion, WrongInput, require_text
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for, people_for
from requests_app.org.states import CustomerKind, Role

LONGEST_RUN = timedelta(days=366)


# ── Questionnaires ───────────────────────────────────────────────────────────


@transaction.atomic
def create_survey(*, by: Person, title: str, department: Department | None = None, ready: str = "") -> Survey:
    """An empty questionnaire, or one after a ready one (`READY`)."""
    policies.require_configure(by, department=department)
    if ready and ready not in READY:
        raise WrongInput({"ready": [_("The ready ones are: %(names)s.") % {"names": ", ".join(READY)}]})
    title = require_text("title", title, longest=LONGEST_TITLE)
    survey = Survey.objects.create(department=department, title=title, ready=ready, created_by=by)
    questions = checked_questions(ready_questions(ready)) if ready else []
    SurveyVersion.objects.create(survey=survey, questions=questions)
    _record("survey.created", "survey", survey.pk, by, survey, {"title": title, "ready": ready})
    return survey


@transaction.atomic
def save_questions(
    *, by: Person, survey: Survey, questions: Sequence[Question], expected_revision: int | None = None
) -> SurveyVersion:
    """Replace the questions. Those of a version that was sent stay: the change makes the next version."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    policies.require_configure(by, survey)
    version = newest_version(survey)
    if expected_revision is not None and expected_revision != version.revision:
        raise StaleVersion(_("Somebody changed the questionnaire since you opened it. Look at it again."))
    found = checked_questions(list(questions))
    if found == version.questions:
        return version
    if version.locked_at:
        version = SurveyVersion(survey=survey, number=version.number + 1, revision=version.revision)
    version.questions, version.revision = found, version.revision + 1
    version.save()
    data = {"version": version.number, "questions": len(found)}
    _record("survey.changed", "survey", survey.pk, by, survey, data)
    return version


def newest_version(survey: Survey) -> SurveyVersion:
    return survey.versions.order_by("-number")[0]


# ── Campaigns ────────────────────────────────────────────────────────────────


class Asked(TypedDict, total=False):
    """Whom a campaign asks, until when and how. What is left out of the rest: nobody is left out, once, anonymous.

    With `opens_on` it opens by itself on that day; with `repeat_every` it comes again by itself.
    """

    departments: Required[Sequence[Department]]
    closes_on: Required[date]
    title: str
    anonymous: bool
    roles: Sequence[str]
    kinds: Sequence[str]
    opens_on: date | None
    remind_after_days: int | None
    repeat_every: int | None
    repeat_unit: str


@transaction.atomic
def draft_campaign(*, by: Person, survey: Survey, now: datetime | None = None, **asked: Unpack[Asked]) -> Campaign:
    """Prepare it."""
    policies.require_configure(by, survey)
    values = _checked(asked, survey, today_of(now or timezone.now()))
    campaign = Campaign.objects.create(survey=survey, created_by=by, repeats_from=values["opens_on"], **values)
    campaign.departments.set(asked["departments"])
    data = {"survey": survey.pk, "anonymous": campaign.anonymous}
    _record("campaign.drafted", "campaign", campaign.pk, by, survey, data, now)
    return campaign


@transaction.atomic
def change_campaign(
    *, by: Person, campaign: Campaign, expected_revision: int | None = None, now: datetime | None = None,
    **asked: Unpack[Asked],
) -> Campaign:  # fmt: skip
    """Prepare it anew, while nobody has been asked yet: everything is replaced. What comes again keeps its rhythm."""
    found = lock_campaign(campaign.pk)
    policies.require_configure(by, found.survey)
    if found.state != DRAFT:
        raise IllegalMove(_("People have been asked already, so it stays as it is. Close it and prepare a new one."))
    if expected_revision is not None and expected_revision != found.revision:
        raise StaleVersion(_("Somebody changed the campaign since you opened it. Look at it again."))
    values = _checked(asked, found.survey, today_of(now or timezone.now()))
    if found.follows_id is None:
        found.repeats_from = values["opens_on"]
    for name, value in values.items():
        setattr(found, name, value)
    found.revision += 1
    found.save()
    found.departments.set(asked["departments"])
    data = {"anonymous": found.anonymous, "closes_on": found.closes_on.isoformat()}
    _record("campaign.changed", "campaign", found.pk, by, found.survey, data, now)
    return found


def _checked(asked: Asked, survey: Survey, today: date) -> dict[str, Any]:
    """The columns of the campaign, or what is wrong."""
    opens_on, closes_on, every = asked.get("opens_on"), asked["closes_on"], asked.get("repeat_every")
    _require_days(today, opens_on, closes_on)
    rest = 0 if survey.ready == NAMED else days_between_campaigns()
    _require_rhythm(opens_on or today, closes_on, every, asked.get("repeat_unit", ""), rest)
    if not asked["departments"]:
        raise WrongInput({"departments": [_("Choose at least one department.")]})
    roles, kinds = set(asked.get("roles", ())), set(asked.get("kinds", ()))
    if roles - set(Role.values):
        raise WrongInput({"roles": [_("The roles are: %(names)s.") % {"names": ", ".join(Role.values)}]})
    if kinds - set(CustomerKind.values):
        names = ", ".join(CustomerKind.values)
        raise WrongInput({"kinds": [_("The kinds of customers are: %(names)s.") % {"names": names}]})
    return {
        "title": require_text("title", asked.get("title") or survey.title, longest=LONGEST_TITLE),
        "anonymous": asked.get("anonymous", True), "roles": sorted(roles), "kinds": sorted(kinds),
        "opens_on": opens_on, "closes_on": closes_on, "remind_after_days": asked.get("remind_after_days"),
        "repeat_every": every, "repeat_unit": asked.get("repeat_unit", "") if every else "",
    }  # fmt: skip


def _require_days(today: date, opens_on: date | None, closes_on: date) -> None:
    errors = {}
    if opens_on and opens_on < today:
        errors["opens_on"] = [_("This day is over. Choose today or later, or leave it out.")]
    if not (opens_on or today) <= closes_on <= today + LONGEST_RUN:
        errors["closes_on"] = [_("Choose a day after it opens, within a year.")]
    if errors:
        raise WrongInput(errors)


def _require_rhythm(opens_on: date, closes_on: date, every: int | None, unit: str, rest: int) -> None:
    """Each occurrence closes before the next one opens, and not within the days of rest, when nobody would be asked."""
    if every is None:
        return
    if unit not in Unit.values:
        raise WrongInput({"repeat_unit": [_("Choose weeks or months.")]})
    if not 1 <= every <= MOST_EVERY:
        raise WrongInput({"repeat_every": [_("Choose a whole number from 1 to %(top)s.") % {"top": MOST_EVERY}]})
    second = occurrence(opens_on, every, unit, 1)
    if second <= closes_on:
        words = _("It would come again before it has closed. Choose an earlier last day, or a longer time between.")
        raise WrongInput({"repeat_every": [words]})
    if second - opens_on < timedelta(days=rest):
        words = _("Nobody is asked by two surveys within %(n)s days. Choose a longer time between.") % {"n": rest}
        raise WrongInput({"repeat_every": [words]})


def take_step(*, by: Person | None, campaign: Campaign, step: str, now: datetime | None = None) -> Campaign:
    """Open, remind or close, or raise and change nothing. Without `by` it is the clock that does it."""
    if step not in Step.values:
        error = DomainError(_("There is no such step. The steps are: %(moves)s.") % {"moves": ", ".join(Step.values)})
        error.code, error.status = "unknown_action", 400
        raise error
    with transaction.atomic():
        found = lock_campaign(campaign.pk)
        if by is not None:
            policies.require_configure(by, found.survey)
        if step == Step.STOP and not comes_again(found):
            raise IllegalMove(_("It does not come again. If a later one followed it, stop that one."))
        if step in SOURCES and found.state != SOURCES[Step(step)]:
            words = CampaignState(found.state).label
            raise IllegalMove(_("This is not possible while it stands at: %(state)s.") % {"state": words})
        _STEPS[Step(step)](found, by, now or timezone.now())
        return found


def lock_campaign(pk: int) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("survey", "survey__department", "version")
    return rows.get(pk=pk)


def _open(campaign: Campaign, by: Person | None, now: datetime) -> None:
    survey = Survey.objects.select_for_update().get(pk=campaign.survey_id)  # nobody changes questions meanwhile
    version = newest_version(survey)
    if not items_of(version.questions):
        raise DomainError(_("There is no question to answer yet. Add one, then send the invitations."))
    if campaign.closes_on < today_of(now):
        raise DomainError(_("Its last day is over. Prepare a new campaign."))
    audience = audience_of(campaign, now, locked=True)
    people = audience.people
    _require_enough(campaign, audience)
    if not version.locked_at:
        SurveyVersion.objects.filter(pk=version.pk).update(locked_at=now)
    groups = groups_of(people)
    SurveyInvitation.objects.bulk_create(
        SurveyInvitation(campaign=campaign, person_id=person, group_id=groups[person]) for person in people
    )
    campaign.version, campaign.state, campaign.opened_at, campaign.rested = version, OPEN, now, audience.rested
    campaign.save()
    data = {"survey": survey.pk, "version": version.number, "invited": len(people), "rested": audience.rested}
    _record("campaign.opened", "campaign", campaign.pk, by, campaign.survey, data, now)


def _require_enough(campaign: Campaign, audience: Audience) -> None:
    if audience.people and not (campaign.anonymous and len(audience.people) < FLOOR):
        return
    words = _("Too few people would be asked. An anonymous campaign needs five; choose more departments.")
    if audience.rested:
        words += " " + ngettext(
            "%(n)s person was asked something of late and is left in peace; choose a later day.",
            "%(n)s people were asked something of late and are left in peace; choose a later day.", audience.rested,
        ) % {"n": audience.rested}  # fmt: skip
    raise DomainError(words)


def _remind(campaign: Campaign, by: Person | None, now: datetime) -> None:
    if campaign.reminded_at:
        raise IllegalMove(_("There is one reminder, and it has been sent."))
    campaign.reminded_at = now
    campaign.save(update_fields=["reminded_at"])
    waiting = campaign.invitations.filter(answered=False).count()
    _record("campaign.reminded", "campaign", campaign.pk, by, campaign.survey, {"waiting": waiting}, now)


def _close(campaign: Campaign, by: Person | None, now: datetime) -> None:
    campaign.state, campaign.closed_at = CLOSED, now
    campaign.save(update_fields=["state", "closed_at"])
    if campaign.anonymous:
        deal_anew(campaign)
    data = {"invited": campaign.invitations.count(), "answered": campaign.answers.count()}
    _record("campaign.closed", "campaign", campaign.pk, by, campaign.survey, data, now)


def _stop(campaign: Campaign, by: Person | None, now: datetime) -> None:
    """What has been prepared stays; nothing follows it."""
    campaign.repeat_every, campaign.repeat_unit = None, ""
    campaign.save(update_fields=["repeat_every", "repeat_unit"])
    record_campaign("campaign.stopped", campaign, by, {}, now)


_STEPS = {Step.OPEN: _open, Step.REMIND: _remind, Step.CLOSE: _close, Step.STOP: _stop}


def sweep_campaigns(*, now: datetime | None = None) -> dict[str, int]:
    """Open, remind and close what is due, each in a transaction of its own; how many of each. Safe to run twice."""
    now = now or timezone.now()
    today = today_of(now)
    rows = Campaign.objects.exclude(state=CLOSED).order_by("pk")
    done: dict[str, int] = dict.fromkeys(SOURCES, 0)
    for campaign in rows:
        step = _due_step(campaign, today, now)
        if step is None:
            continue
        try:
            take_step(by=None, campaign=campaign, step=step, now=now)
            done[step] += 1
        except DomainError:  # too few people, or somebody was quicker: it stays as it is, and its page says why
            continue
    return done


def _due_step(campaign: Campaign, today: date, now: datetime) -> str | None:
    if campaign.state == DRAFT:
        return Step.OPEN if campaign.opens_on and campaign.opens_on <= today <= campaign.closes_on else None
    if campaign.closes_on < today:
        return Step.CLOSE
    wait = campaign.remind_after_days
    due = wait and not campaign.reminded_at and campaign.opened_at and now >= campaign.opened_at + timedelta(days=wait)
    return Step.REMIND if due else None


# ── Answers ──────────────────────────────────────────────────────────────────


@transaction.atomic
def give_answer(*, by: Person, campaign: Campaign, values: dict[str, Any], now: datetime | None = None) -> None:
    """SurveyAnswer once; a named answer may be changed until the campaign closes, an anonymous one never.

    SECURITY: the answer of an anonymous campaign leaves no event, because the log knows who and when.
    """
    now = now or timezone.now()
    campaign = lock_campaign(campaign.pk)  # closing deals all answers anew, so it waits for those under way
    invitation = SurveyInvitation.objects.select_for_update(of=("self",)).filter(campaign=campaign, person=by).first()
    if invitation is None:
        raise policies.not_invited()
    if campaign.state != OPEN or campaign.version is None or campaign.closes_on < today_of(now):
        raise IllegalMove(_("This survey is closed. Thank you all the same."))
    if invitation.answered and campaign.anonymous:
        raise IllegalMove(_("You have answered. An anonymous answer cannot be found again, so it stays as it is."))
    found = checked_answer(campaign.version.questions, values, known_to(by))
    SurveyInvitation.objects.filter(pk=invitation.pk).update(answered=True)
    if campaign.anonymous:
        SurveyAnswer.objects.create(campaign=campaign, group_id=invitation.group_id, values=found)
        return
    kept = {"group_id": invitation.group_id, "values": found, "given_at": now}
    SurveyAnswer.objects.update_or_create(campaign=campaign, person=by, defaults=kept)
    _record("survey.answered", "campaign", campaign.pk, by, campaign.survey, {"again": invitation.answered}, now)


def known_to(person: Person) -> Known:
    """What an answer of this person may name."""
    return Known(
        departments=lambda slugs: set(departments_for(person).filter(slug__in=slugs).values_list("slug", flat=True)),
        person=lambda email: people_for(person).filter(email__iexact=email).values_list("pk", flat=True).first(),
    )


def record_campaign(kind: str, campaign: Campaign, by: Person | None, data: dict, at: datetime) -> None:
    _record(kind, "campaign", campaign.pk, by, campaign.survey, data, at)


def _record(
    kind: str, subject: str, pk: int, by: Person | None, survey: Survey, data: dict, at: datetime | None = None
) -> None:
    data = {"department": survey.department_id} | data
    record(kind=kind, subject_kind=subject, subject_id=pk, by=by, at=at, data=data)
