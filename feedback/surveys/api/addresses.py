"""Questionnaires and campaigns over HTTP: list, make, run, answer, results."""

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.surveys import policies, selectors, services
from feedback.surveys.api.shapes import (
    CampaignBody,
    CampaignPageShape,
    CampaignShape,
    CampaignsQuery,
    CampaignStepBody,
    SurveyAnswersBody,
    SurveyBody,
    SurveyPageShape,
    SurveyQuestionsBody,
    SurveyResultsShape,
    SurveyShape,
)
from feedback.surveys.figures import Figure
from feedback.surveys.languages import lacking
from feedback.surveys.models import Campaign, Survey
from feedback.surveys.results import ResultsPage, results_page
from feedback.surveys.rhythm import today_of
from feedback.surveys.statistics import Alpha
from feedback.surveys.trust import Scale, Statement
from feedback.surveys.writing import DIGITS
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.selectors import departments_by_slug, departments_for


def brief(survey: Survey) -> dict:
    department = survey.department.slug if survey.department else None
    return {"id": survey.pk, "title": survey.title, "department": department, "ready": survey.ready}


def whole(survey: Survey) -> dict:
    version = selectors.newest_of(survey)
    more = {"version": version.number, "revision": version.revision, "locked": version.locked_at is not None}
    return brief(survey) | more | {"questions": version.questions, "lacking": lacking(version.questions)}


def told(line: selectors.CampaignLine) -> dict:
    row = line.campaign
    return {
        "id": row.pk, "survey": row.survey_id, "title": row.title, "state": row.state, "anonymous": row.anonymous,
        "departments": [one.slug for one in row.departments.all()], "roles": row.roles, "kinds": row.kinds,
        "opens_on": row.opens_on, "remind_after_days": row.remind_after_days, "revision": row.revision,
        "closes_on": row.closes_on, "repeat_every": row.repeat_every, "repeat_unit": row.repeat_unit,
        "follows": row.follows_id, "may_answer": line.may_answer,
    }  # fmt: skip


def page_of(person, pk: int) -> dict:
    page = selectors.campaign_page(person=person, pk=pk)
    progress = [{"group": one.name, "invited": one.invited, "answered": one.answered} for one in page.groups]
    version = page.line.campaign.version
    more = {
        "progress": progress,
        "steps": list(page.steps),
        "left_in_peace": page.rested,
        "questions": version.questions if version else [],
    }
    return told(page.line) | more


def results_shape(page: ResultsPage) -> dict:
    results = page.results
    names = {group.key: group.name for group in results.groups} if results else {}
    scales = [_scale(one.scale, one.words) for one in page.scales]
    return {
        "campaign": page.line.campaign.pk,
        "closed": results is not None,
        "invited": results.invited if results else 0,
        "answered": results.answered if results else 0,
        "alpha": scales[0]["alpha"]["value"] if len(scales) == 1 and scales[0]["alpha"] else None,
        "scales": scales,
        "straight": results.trust.straight if results and results.trust else None,
        "gaps": [
            {"dimension": one.gap.dimension, "n": one.gap.n, "perception": one.gap.perception, "gap": one.gap.gap}
            for one in page.gaps
        ],
        "gap": results.gap if results else None,
        "items": [
            {
                "key": one.item.key,
                "text": one.item.text,
                "figures": [_figure(None, figure) for figure in (one.whole,) if figure]
                + [_figure(names[key], figure) for key, figure in one.groups.items()],
                "texts": one.texts,
            }
            for one in (results.items if results else [])
        ],
    }


def _scale(scale: Scale, words: str) -> dict:
    return {
        "name": words, "n": scale.n, "alpha": _alpha(scale.alpha), "without_straight": _alpha(scale.without_straight),
        "statements": [_statement(one) for one in scale.statements],
    }  # fmt: skip


def _alpha(alpha: Alpha | None) -> dict | None:
    if alpha is None:
        return None
    values = {name: round(getattr(alpha, name), DIGITS) for name in ("value", "low", "high")}
    return {"n": alpha.n} | values


def _statement(one: Statement) -> dict:
    names = ("rest", "alpha_without")
    told = {name: getattr(one.place, name) if one.place else None for name in names}
    return {"key": one.item.key} | {
        name: None if value is None else round(value, DIGITS) for name, value in told.items()
    }


def _figure(group: str | None, figure: Figure) -> dict:
    mean = figure.mean
    return {
        "group": group, "n": figure.n, "mean": mean.value if mean else None, "low": mean.low if mean else None,
        "high": mean.high if mean else None,
        "shares": [{"answer": share.words, "count": share.count} for share in figure.shares],
    }  # fmt: skip


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    get=extend_schema(
        operation_id="surveys_list",
        summary="Questionnaires, newest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(SurveyShape), **api.refusals(403)},
    ),
    post=extend_schema(
        operation_id="surveys_create",
        summary="A new questionnaire, empty or after a ready one",
        parameters=[api.IDEMPOTENCY_KEY],
        request=SurveyBody,
        responses={201: SurveyPageShape, **api.refusals(403, 409, 422)},
    ),
)
class SurveyList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        policies.require_any_configure(request.user)
        return self.page(selectors.surveys_for(request.user), ("-pk",), brief)

    @once
    def post(self, request: Request) -> Response:
        policies.require_any_configure(request.user)
        values = self.body(SurveyBody)
        slug = values.pop("department", None)
        department = _departments(request.user, [slug], "department")[0] if slug else None
        return Response(whole(services.create_survey(by=request.user, department=department, **values)), status=201)


def _departments(person, slugs: list[str], name: str) -> list:
    found = list(departments_for(person).filter(slug__in=slugs))
    if len(found) != len(set(slugs)):
        raise WrongInput({name: [_("There is none of this name. Give the short name, such as “it”.")]})
    return found


class OneSurvey(api.Address):
    def find(self, pk: int) -> Survey:
        return selectors.get_survey(person=self.request.user, pk=pk)


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    get=extend_schema(
        operation_id="surveys_read",
        summary="A questionnaire with its questions",
        responses={200: SurveyPageShape, **api.refusals(403, 404)},
    ),
    put=extend_schema(
        operation_id="surveys_questions",
        summary="Replace the questions; those that were sent stay in their version",
        parameters=[api.IF_MATCH],
        request=SurveyQuestionsBody,
        responses={200: SurveyPageShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class SurveyAddress(OneSurvey):
    def get(self, request: Request, **names) -> Response:
        policies.require_configure(request.user, self.found)
        return self._answer()

    def put(self, request: Request, **names) -> Response:
        policies.require_configure(request.user, self.found)
        questions = [dict(one) for one in self.body(SurveyQuestionsBody)["questions"]]
        services.save_questions(
            by=request.user, survey=self.found, questions=questions, expected_revision=api.expected_version(request)
        )
        return self._answer()

    def _answer(self) -> Response:
        found = whole(self.found)
        return Response(found, headers={"ETag": api.tag(found["revision"])})


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    get=extend_schema(
        operation_id="campaigns_list",
        summary="Campaigns, newest first",
        parameters=[CampaignsQuery],
        responses={200: api.page_of(CampaignShape), **api.refusals(404)},
    )
)
class CampaignList(api.Address):
    query = CampaignsQuery

    def get(self, request: Request) -> Response:
        sides = departments_by_slug(request.user, self.asked, "department", "by")
        rows = selectors.narrowed(selectors.lists_for(request.user), state=self.asked.get("state", ""), **sides)
        return self.page(rows, ("-pk",), lambda row: told(selectors.lines_of([row], request.user)[0]))


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    post=extend_schema(
        operation_id="campaigns_create",
        summary="Prepare a campaign with this questionnaire",
        parameters=[api.IDEMPOTENCY_KEY],
        request=CampaignBody,
        responses={201: CampaignPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class SurveyCampaigns(OneSurvey):
    @once
    def post(self, request: Request, **names) -> Response:
        policies.require_configure(request.user, self.found)
        values = self.body(CampaignBody)
        departments = _departments(request.user, values.pop("departments"), "departments")
        made = services.draft_campaign(by=request.user, survey=self.found, departments=departments, **values)
        return Response(page_of(request.user, made.pk), status=201)


class OneCampaign(api.Address):
    def find(self, pk: int) -> Campaign:
        return selectors.get_campaign(person=self.request.user, pk=pk)


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    get=extend_schema(
        operation_id="campaigns_read",
        summary="A campaign, what it asks, and how many have answered",
        responses={200: CampaignPageShape, **api.refusals(404)},
    ),
    put=extend_schema(
        operation_id="campaigns_change",
        summary="Prepare it anew, while nobody has been asked yet; what is left out falls back",
        parameters=[api.IF_MATCH],
        request=CampaignBody,
        responses={200: CampaignPageShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class CampaignAddress(OneCampaign):
    def get(self, request: Request, **names) -> Response:
        return self._answer()

    def put(self, request: Request, **names) -> Response:
        policies.require_configure(request.user, self.found.survey)
        values = self.body(CampaignBody)
        departments = _departments(request.user, values.pop("departments"), "departments")
        services.change_campaign(
            by=request.user, campaign=self.found, departments=departments,
            expected_revision=api.expected_version(request), **values,
        )  # fmt: skip
        return self._answer()

    def _answer(self) -> Response:
        found = page_of(self.request.user, self.found.pk)
        return Response(found, headers={"ETag": api.tag(found["revision"])})


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    post=extend_schema(
        operation_id="campaigns_step",
        summary="Take a step: open, remind, close",
        parameters=[api.IDEMPOTENCY_KEY],
        request=CampaignStepBody,
        responses={200: CampaignPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class CampaignSteps(OneCampaign):
    @once
    def post(self, request: Request, **names) -> Response:
        services.take_step(by=request.user, campaign=self.found, step=self.body(CampaignStepBody)["step"])
        return Response(page_of(request.user, self.found.pk))


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    put=extend_schema(
        operation_id="campaigns_answer",
        summary="Answer once; a named answer may be changed until the campaign closes",
        description="An anonymous answer is not kept under an Idempotency-Key, since that would know whose it is.",
        request=SurveyAnswersBody,
        responses={200: CampaignPageShape, **api.refusals(403, 404, 409)},
    )
)
class CampaignAnswer(OneCampaign):
    def put(self, request: Request, **names) -> Response:
        selectors.answer_page(person=request.user, pk=self.found.pk, today=today_of(timezone.now()))
        services.give_answer(by=request.user, campaign=self.found, values=self.body(SurveyAnswersBody)["answers"])
        return Response(page_of(request.user, self.found.pk))


@extend_schema(tags=["Surveys"])
@extend_schema_view(
    get=extend_schema(
        operation_id="campaigns_results",
        summary="What came of a closed campaign",
        responses={200: SurveyResultsShape, **api.refusals(403, 404)},
    )
)
class CampaignResults(OneCampaign):
    def get(self, request: Request, **names) -> Response:
        page = results_page(person=request.user, pk=self.found.pk)
        return Response(results_shape(page))


urlpatterns = [
    path("surveys/", SurveyList.as_view(), name="surveys"),
    path("surveys/<row:pk>/", SurveyAddress.as_view(), name="survey"),
    path("surveys/<row:pk>/campaigns/", SurveyCampaigns.as_view(), name="survey_campaigns"),
    path("campaigns/", CampaignList.as_view(), name="campaigns"),
    path("campaigns/<row:pk>/", CampaignAddress.as_view(), name="campaign"),
    path("campaigns/<row:pk>/steps/", CampaignSteps.as_view(), name="campaign_steps"),
    path("campaigns/<row:pk>/answer/", CampaignAnswer.as_view(), name="campaign_answer"),
    path("campaigns/<row:pk>/results/", CampaignResults.as_view(), name="campaign_results"),
]
