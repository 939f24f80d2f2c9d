"""Reading questionnaires and campaigns: lists, the page of each, what waits for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.surveys import policies
from feedback.surveys.audience import Audience, asks_in_any_case, audience_of
from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.surveys.questions import ENDS, words_of
from feedback.surveys.rhythm import today_of
from feedback.surveys.states import CLOSED, DRAFT, FLOOR, MEANING, OPEN, SOURCES, Kind, Step
from feedback.surveys.wording import condition_words, rhythm_words
from requests_app.kernel.written import summed, summed_once, written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever
from requests_app.org.states import CustomerKind, Role

MOST_WAITING = 20


def surveys_for(person: Person) -> QuerySet[Survey]:
    """Questionnaires for our own people, newest first."""
    rows = Survey.objects.none() if standing(person).is_partner else Survey.objects.all()
    return rows.select_related("department", "created_by")


def surveys_to_change(person: Person) -> QuerySet[Survey]:
    """Those whose page opens for the person: of the own departments for heads, all for administrators."""
    hats = standing(person)
    return surveys_for(person) if hats.is_admin else surveys_for(person).filter(department_id__in=hats.head_of)


def get_survey(*, person: Person, pk: int) -> Survey:
    found = surveys_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def campaigns_for(person: Person) -> QuerySet[Campaign]:
    """Campaigns that the person may know of."""
    rows = Campaign.objects.visible_to(person).select_related("survey", "survey__department", "version", "created_by")
    return rows.prefetch_related(Prefetch("departments", Department.objects.order_by("name")))


def get_campaign(*, person: Person, pk: int) -> Campaign:
    found = campaigns_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def audience_ids(campaign: Campaign) -> list[int]:
    return [department.pk for department in campaign.departments.all()]


@dataclass(frozen=True)
class CampaignLine:
    """A campaign in a list. `mine`: whether the reader is asked, and has answered; None when not asked."""

    campaign: Campaign
    meaning: str
    mine: bool | None
    may_configure: bool
    may_read: bool

    @property
    def may_answer(self) -> bool:
        return self.campaign.state == OPEN and (
            self.mine is False or (self.mine is True and not self.campaign.anonymous)
        )


def lines_of(rows: Iterable[Campaign], person: Person) -> list[CampaignLine]:
    rows = list(rows)
    asked = SurveyInvitation.objects.filter(person=person, campaign__in=rows).values_list("campaign_id", "answered")
    mine = dict(asked) if rows else {}
    return [
        CampaignLine(
            row, MEANING[row.state], mine.get(row.pk), policies.can_configure(person, row.survey.department_id),
            policies.can_read_results(person, row, audience_ids(row)),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class QuestionLine:
    """A question in the builder and in the preview, in the reader's language."""

    key: str
    kind: str
    kind_words: str
    text: str
    required: bool
    parts: tuple[str, ...]
    condition: str
    low: str
    high: str


def question_lines(version: SurveyVersion) -> list[QuestionLine]:
    return [
        QuestionLine(
            one["key"], one["kind"], str(Kind(one["kind"]).label), words_of(one["text"]), one["required"],
            tuple(words_of(part["text"]) for part in one.get("options", one.get("rows", []))),
            condition_words(one, version.questions), *(words_of(one.get("ends", {}).get(end, {})) for end in ENDS),
        )
        for one in version.questions
    ]  # fmt: skip


@dataclass(frozen=True)
class SurveyPage:
    """The questionnaire, as the builder shows it."""

    survey: Survey
    version: SurveyVersion
    questions: list[QuestionLine]
    campaigns: list[CampaignLine]
    may_configure: bool


def newest_of(survey: Survey) -> SurveyVersion:
    return survey.versions.order_by("-number")[0]


def survey_page(*, person: Person, pk: int) -> SurveyPage:
    survey = get_survey(person=person, pk=pk)
    version = newest_of(survey)
    rows = campaigns_for(person).filter(survey=survey).order_by("-pk")[:MOST_WAITING]
    may = policies.can_configure(person, survey.department_id)
    return SurveyPage(survey, version, question_lines(version), lines_of(rows, person), may)


@dataclass(frozen=True)
class Progress:
    """How many are asked and have answered; told with at least five asked."""

    name: str
    invited: int
    answered: int

    @property
    def share(self) -> float:
        return self.answered / self.invited if self.invited else 0.0


@dataclass(frozen=True)
class CampaignPage:
    """The campaign, for whoever may look at it."""

    line: CampaignLine
    departments: list[Department]
    roles: list[str]
    kinds: list[str]
    whole: Progress | None
    groups: list[Progress]
    steps: list[Step]
    rhythm: str
    would_ask: Audience | None  # while it is prepared, for whoever may send it

    @property
    def rested(self) -> int | None:
        """How many are left in peace; None where that is not for the reader."""
        if not (self.line.may_configure or self.line.may_read):
            return None
        return self.would_ask.rested if self.would_ask else self.line.campaign.rested

    @property
    def in_any_case(self) -> bool:
        return asks_in_any_case(self.line.campaign)

    @property
    def may_change(self) -> bool:
        return self.line.may_configure and self.line.campaign.state == DRAFT


def campaign_page(*, person: Person, pk: int) -> CampaignPage:
    campaign = get_campaign(person=person, pk=pk)
    line = lines_of([campaign], person)[0]
    groups = _progress(campaign) if line.may_configure or line.may_read else []
    whole = Progress("", sum(one.invited for one in groups), sum(one.answered for one in groups))
    steps = [step for step in SOURCES if line.may_configure and campaign.state == SOURCES[step]]
    if line.may_configure and comes_again(campaign):
        steps.append(Step.STOP)
    if campaign.reminded_at:
        steps = [step for step in steps if step != Step.REMIND]
    return CampaignPage(
        line, list(campaign.departments.all()), [str(Role(one).label) for one in campaign.roles],
        [str(CustomerKind(one).label) for one in campaign.kinds],
        whole if whole.invited >= FLOOR else None, [one for one in groups if one.invited >= FLOOR], steps,
        rhythm_words(campaign.repeat_every, campaign.repeat_unit),
        audience_of(campaign, timezone.now()) if line.may_configure and campaign.state == DRAFT else None,
    )  # fmt: skip


def comes_again(campaign: Campaign) -> bool:
    """Whether it is still to come: once the next is there, that one carries it on."""
    return campaign.repeat_every is not None and not Campaign.objects.filter(follows=campaign).exists()


def _progress(campaign: Campaign) -> list[Progress]:
    rows = SurveyInvitation.objects.filter(campaign=campaign).values_list("group_id", "group__name")
    counts = rows.annotate(n=Count("pk"), done=Count("pk", filter=Q(answered=True))).order_by("group__name", "group_id")
    return [Progress(name or _("All others"), n, done) for _pk, name, n, done in counts]


@dataclass(frozen=True)
class AnswerPage:
    """The questionnaire for somebody who is asked."""

    campaign: Campaign
    answered: bool
    over: bool
    values: dict[str, Any]

    @property
    def questions(self) -> list[dict[str, Any]]:
        return self.campaign.version.questions if self.campaign.version else []


def answer_page(*, person: Person, pk: int, today: date) -> AnswerPage:
    """404 where the campaign is not to be seen; NotAllowed for whoever is not asked."""
    campaign = get_campaign(person=person, pk=pk)
    invitation = SurveyInvitation.objects.filter(campaign=campaign, person=person).first()
    if invitation is None:
        raise policies.not_invited()
    own = {} if campaign.anonymous else _own_values(campaign, person)
    over = campaign.state != OPEN or campaign.closes_on < today
    return AnswerPage(campaign, invitation.answered, over, own)


def _own_values(campaign: Campaign, person: Person) -> dict[str, Any]:
    found = SurveyAnswer.objects.filter(campaign=campaign, person=person).values_list("values", flat=True).first()
    return found or {}


# ── What waits ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Waiting:
    """The items of my desk: campaigns that the reader is asked in and has not answered."""

    rows: list[SurveyInvitation]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person) -> list[SurveyInvitation]:
    """One query."""
    return list(_waiting(person=person.pk, today=today_of(timezone.now())))


@written_once
def _waiting(*, person: int, today: date) -> QuerySet[SurveyInvitation]:
    rows = SurveyInvitation.objects.filter(person_id=person, answered=False, campaign__state=OPEN)
    rows = rows.filter(campaign__closes_on__gte=today).select_related("campaign")
    return rows.order_by("campaign__closes_on", "pk")[:MOST_WAITING]


def lists_for(person: Person) -> QuerySet[Campaign]:
    """What the list shows: what asks the reader or may be read by them, and drafts to those who may run them."""
    hats = standing(person)
    rows = campaigns_for(person)
    if hats.is_admin:
        return rows
    own = Q(survey__department_id__in=hats.head_of)
    if hats.is_auditor or hats.is_executive:
        return rows.filter(~Q(state=DRAFT) | own)
    asked = Q(pk__in=SurveyInvitation.objects.filter(person_id=hats.person_id).values("campaign_id"))
    led = Q(pk__in=Campaign.departments.through.objects.filter(department__in=hats.head_of).values("campaign_id"))
    return rows.filter(own | ~Q(state=DRAFT) & (asked | led | Q(survey__department_id__in=hats.agent_of)))


# ── On pages of departments ──────────────────────────────────────────────────


def narrowed(
    rows: QuerySet[Campaign], *, department: Department | None, by: Department | None = None, state: str = ""
) -> QuerySet[Campaign]:
    """Campaigns that ask the department or that it runs; `by`: only what that one runs. No drafts of either."""
    if by is not None:
        rows = rows.filter(_runs(by.pk))
    if department is not None:
        asked = _asks(department.pk)
        rows = rows.filter(asked if by else _runs(department.pk) | asked)
    if department is not None or by is not None:
        rows = rows.exclude(state=DRAFT)
    return rows.filter(state=state) if state else rows


def _asks(department: int) -> Q:
    asked = Campaign.departments.through.objects.filter(department_id=department)
    return Q(pk__in=asked.values("campaign_id"))


def _runs(department: int) -> Q:
    return Q(survey__department_id=department)


def of_department(person: Person, department: Department) -> tuple[int, int]:
    """How many campaigns in the reader's list are open, and how many have closed; one query."""
    hats = standing(person)
    opened, closed = _of_department(hats.shape, person=hats.person_id, department=department.pk) or (0, 0)
    return opened, closed


@summed_once
def _of_department(hats: Standing, *, person: int, department: int) -> QuerySet:
    rows = lists_for(whoever(hats, person)).filter(_runs(department) | _asks(department)).exclude(state=DRAFT)
    return summed(rows, open=Count("pk", filter=Q(state=OPEN)), closed=Count("pk", filter=Q(state=CLOSED)))


def between(person: Person, one: Department, other: Department) -> tuple[int, int]:
    """How many campaigns of the one ask the other, and the other way round; one query."""
    rows = lists_for(person).exclude(state=DRAFT).order_by()
    ways = [_runs(by.pk) & _asks(whom.pk) for by, whom in ((one, other), (other, one))]
    found = rows.aggregate(there=Count("pk", filter=ways[0]), back=Count("pk", filter=ways[1]))
    return found["there"], found["back"]
