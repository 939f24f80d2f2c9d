"""Needs over HTTP: list, propose, read, change, steps, sources, ratings."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.needs import selectors, services
from feedback.needs.models import Need
from feedback.needs.sources import find_source
from feedback.needs.states import (
    HIGHEST,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WORDS,
    LOWEST,
    STEPS,
    SourceKind,
    State,
    Words,
)
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import agents_of, departments_for, get_department


class NeedGapShape(api.Shape):
    importance = serializers.FloatField(help_text="Mean over the customer departments that rated, 1 to 5.")
    satisfaction = serializers.FloatField(help_text="Mean, 1 to 5.")
    gap = serializers.FloatField(help_text="importance − satisfaction, −4 to 4.")
    n = serializers.IntegerField(help_text="How many departments rated.")


class BoardNeedShape(api.Shape):
    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    department = serializers.CharField(help_text="Whose board it is on.")
    customers = serializers.ListField(child=serializers.CharField(), help_text="The departments that need it.")
    urgency = serializers.IntegerField(allow_null=True, help_text="1 can wait … 4 now.")
    importance = serializers.IntegerField(allow_null=True, help_text="1 pleasant to have … 4 work stops without it.")
    priority = serializers.IntegerField(help_text="urgency × importance, 1 to 16; 0 until it was analysed.")
    gap = NeedGapShape(allow_null=True)
    owner = serializers.CharField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    proposed_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class NeedSourceShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(SourceKind.choices)
    text = serializers.CharField(allow_null=True, help_text="null: not yours to see.")
    number = serializers.CharField(allow_null=True, help_text="Of the request, the entry or the survey.")
    answers = serializers.IntegerField(allow_null=True, help_text="Of a survey, from five on.")


class NeedRatingShape(api.Shape):
    department = serializers.CharField()
    importance = serializers.IntegerField()
    satisfaction = serializers.IntegerField()
    gap = serializers.IntegerField()


class NeedCourseShape(api.Shape):
    at = serializers.DateTimeField()
    gap = serializers.FloatField()
    n = serializers.IntegerField(help_text="Departments that had rated by then.")


class NeedPageShape(BoardNeedShape):
    analysis = serializers.CharField()
    solution = serializers.CharField()
    result = serializers.CharField()
    effect = serializers.CharField()
    effect_link = serializers.CharField()
    reason = serializers.CharField(help_text="Why it was set aside.")
    sources = NeedSourceShape(many=True)
    ratings = NeedRatingShape(many=True)
    course = NeedCourseShape(many=True, help_text="The gap after each rating, oldest first.")
    steps = serializers.ListField(child=serializers.ChoiceField(STEPS), help_text="What you could do now.")


def brief(line: selectors.NeedLine) -> dict[str, Any]:
    need, gap = line.need, line.gap
    told = {"importance": gap.importance, "satisfaction": gap.satisfaction, "gap": gap.gap, "n": gap.n} if gap else None
    return {
        "id": need.pk, "title": need.title, "text": need.text, "state": need.state, "department": need.department.slug,
        "customers": sorted(row.slug for row in need.customers.all()), "urgency": need.urgency,
        "importance": need.importance, "priority": need.priority, "gap": told,
        "owner": need.owner.email if need.owner else None, "due_on": need.due_on, "proposed_at": need.proposed_at,
        "version": need.version,
    }  # fmt: skip


def whole(person: Person, pk: int) -> dict[str, Any]:
    page = selectors.need_page(person=person, pk=pk)
    kept = ("analysis", "solution", "result", "effect", "effect_link", "reason")
    return brief(page.line) | {name: getattr(page.need, name) for name in kept} | {
        "sources": [_source(line) for line in page.sources],
        "ratings": [
            {"department": line.department.slug, "importance": line.rating.importance,
             "satisfaction": line.rating.satisfaction, "gap": line.rating.importance - line.rating.satisfaction}
            for line in page.ratings if line.rating
        ],
        "course": [{"at": at, "gap": gap.gap, "n": gap.n} for at, gap in page.course],
        "steps": [move.name for move in page.moves],
    }  # fmt: skip


def _source(line: Any) -> dict[str, Any]:
    number = None if line.hidden or not line.target else line.number or str(line.target)
    return {
        "id": line.pk, "kind": line.kind, "text": None if line.hidden else line.words, "number": number,
        "answers": line.answers,
    }  # fmt: skip


class NeedsQuery(api.PageQuery):
    department = api.Slug(required=False, help_text="Whose board.")
    customer = api.Slug(required=False, help_text="Who needs it.")
    state = serializers.ChoiceField(State.choices, required=False, help_text="Without one, all that is on the board.")


class NeedProposeBody(api.StrictSerializer):
    department = api.Slug(help_text="Whose board it is for.")
    title = api.Text(max_length=LONGEST_TITLE)
    text = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    customers = serializers.ListField(
        child=api.Slug(), required=False, max_length=50, help_text="Left out: your own department."
    )


class NeedChangeBody(api.StrictSerializer):
    title = api.Text(max_length=LONGEST_TITLE)
    text = api.Text(max_length=LONGEST_TEXT, allow_blank=True)
    customers = serializers.ListField(child=api.Slug(), max_length=50)


class NeedStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(STEPS)
    note = api.Text(max_length=LONGEST_TEXT)
    urgency = api.WholeNumber(required=False, min_value=1, max_value=4)
    importance = api.WholeNumber(required=False, min_value=1, max_value=4)
    owner = api.Text(max_length=254, required=False, help_text="E-mail address.")
    due_on = api.Day(required=False)
    link = api.Text(max_length=300, required=False, allow_blank=True, help_text="Address of an improvement plan.")


class NeedSourceBody(api.StrictSerializer):
    kind = serializers.ChoiceField(SourceKind.choices)
    text = api.Text(max_length=LONGEST_WORDS, help_text="The number of the request, entry or survey; else words.")


class NeedRatingBody(api.StrictSerializer):
    importance = api.WholeNumber(min_value=LOWEST, max_value=HIGHEST)
    satisfaction = api.WholeNumber(min_value=LOWEST, max_value=HIGHEST)
    department = api.Slug(required=False, help_text="For which of your departments; left out, the first.")


def _departments(person: Person, field: str, slugs: list[str]) -> list[Department]:
    found = {row.slug: row for row in departments_for(person).filter(slug__in=slugs)}
    if missing := [slug for slug in slugs if slug not in found]:
        told = _("There is none of this name. Give the short name, such as “it”.")
        raise WrongInput({field: [f"{missing[0]}: {told}"]})
    return [found[slug] for slug in dict.fromkeys(slugs)]


@extend_schema(tags=["Needs"])
@extend_schema_view(
    get=extend_schema(
        operation_id="needs_list",
        summary="Needs you may read, the weightiest first",
        parameters=[NeedsQuery],
        responses={200: api.page_of(BoardNeedShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="needs_propose",
        summary="Propose a need for the board of a department",
        parameters=[api.IDEMPOTENCY_KEY],
        request=NeedProposeBody,
        responses={201: NeedPageShape, **api.refusals(403, 409, 422)},
    ),
)
class NeedList(api.Address):
    query = NeedsQuery

    def get(self, request: Request) -> Response:
        sides = {
            name: get_department(person=request.user, slug=self.asked[name]) if name in self.asked else None
            for name in ("department", "customer")
        }
        rows = selectors.needs_for(request.user, state=self.asked.get("state", ""), **sides)
        return self.page(rows, selectors.BY_PRIORITY, lambda need: brief(selectors.lines_of([need])[0]))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(NeedProposeBody)
        department = _departments(request.user, "department", [values.pop("department")])[0]
        customers = _departments(request.user, "customers", values.pop("customers", []))
        need = services.propose(by=request.user, department=department, customers=customers, **values)
        return Response(whole(request.user, need.pk), status=201, headers={"ETag": api.tag(need.version)})


class OneNeed(api.Address):
    def find(self, pk: int, **names: Any) -> Need:
        return selectors.get_need(person=self.request.user, pk=pk)

    def answer(self, request: Request) -> Response:
        found = whole(request.user, self.found.pk)
        return Response(found, headers={"ETag": api.tag(found["version"])})


@extend_schema(tags=["Needs"])
@extend_schema_view(
    get=extend_schema(
        operation_id="needs_read",
        summary="A need, with what came of it",
        responses={200: NeedPageShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="needs_change",
        summary="Say it otherwise, or name other departments that need it",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=NeedChangeBody,
        responses={200: NeedPageShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class NeedAddress(OneNeed):
    def get(self, request: Request, **names) -> Response:
        return self.answer(request)

    @once
    def patch(self, request: Request, **names) -> Response:
        values = self.body(NeedChangeBody, partial=True)
        if "customers" in values:
            values["customers"] = _departments(request.user, "customers", values["customers"])
        services.change_need(by=request.user, need=self.found, expected_version=api.expected_version(request), **values)
        return self.answer(request)


@extend_schema(tags=["Needs"])
@extend_schema_view(
    post=extend_schema(
        operation_id="needs_step",
        summary="Take a step: analyse, decide, carry_out, evaluate, reopen, set_aside, take_back_up",
        description="`steps` names what the caller could do now. All need a note; `analyse` also `urgency` and "
        "`importance`, `decide` also `owner` and `due_on`; `evaluate` may name the `link` of an improvement plan.",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=NeedStepBody,
        responses={200: NeedPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class NeedSteps(OneNeed):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(NeedStepBody)
        step, owner = values.pop("step"), values.pop("owner", None)
        if owner:  # whoever is not of the department is nobody here, whatever their address
            values["owner"] = agents_of(self.found.department_id).filter(email__iexact=owner).first()
        services.take_step(
            by=request.user, need=self.found, name=step, words=Words(**values),
            expected_version=api.expected_version(request),
        )  # fmt: skip
        return self.answer(request)


@extend_schema(tags=["Needs"])
@extend_schema_view(
    post=extend_schema(
        operation_id="needs_add_source",
        summary="Say where a need was heard of",
        parameters=[api.IDEMPOTENCY_KEY],
        request=NeedSourceBody,
        responses={200: NeedPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class NeedSources(OneNeed):
    @once
    def post(self, request: Request, **names) -> Response:
        found = find_source(person=request.user, **self.body(NeedSourceBody))
        services.add_source(by=request.user, need=self.found, source=found)
        return self.answer(request)


@extend_schema(tags=["Needs"])
@extend_schema_view(
    post=extend_schema(
        operation_id="needs_rate",
        summary="Say for your department how much a need counts and how well it is met",
        parameters=[api.IDEMPOTENCY_KEY],
        request=NeedRatingBody,
        responses={200: NeedPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class NeedRatingAddress(OneNeed):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(NeedRatingBody)
        if "department" in values:
            values["department"] = _departments(request.user, "department", [values["department"]])[0]
        services.rate(by=request.user, need=self.found, **values)
        return self.answer(request)


urlpatterns = [
    path("needs/", NeedList.as_view(), name="needs"),
    path("needs/<row:pk>/", NeedAddress.as_view(), name="need"),
    path("needs/<row:pk>/steps/", NeedSteps.as_view(), name="need_steps"),
    path("needs/<row:pk>/sources/", NeedSources.as_view(), name="need_sources"),
    path("needs/<row:pk>/rating/", NeedRatingAddress.as_view(), name="need_rating"),
]
