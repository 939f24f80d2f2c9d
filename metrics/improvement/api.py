"""Improvement plans over HTTP: list, plan, read, change, take a move, add and finish actions."""

from typing import Any

from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.improvement import policies, selectors, services
from metrics.improvement.models import Improvement, ImprovementAction, ImprovementEffect
from metrics.improvement.progress import Mark, Progress, marks_of
from metrics.improvement.states import (
    FIGURES,
    LARGEST_EFFECT,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOVES,
    Horizon,
    Plan,
    State,
    Verdict,
    scale_of,
)
from metrics.rollups.states import Side
from requests_app.catalogue.selectors import services_for
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Person
from requests_app.org.selectors import agents_of, departments_for, get_department

IMPROVEMENT_MOVES = [(name, name) for name in MOVES]
ROWS = ("other", "service", "comparison")


class EffectShape(api.Shape):
    horizon = serializers.ChoiceField(Horizon.choices)
    counted_at = serializers.DateTimeField()
    weeks_before = serializers.IntegerField()
    weeks_after = serializers.IntegerField()
    effect = serializers.FloatField(allow_null=True, help_text="On the plan's scale; null while it is too early.")
    low = serializers.FloatField(allow_null=True, help_text="95 % interval.")
    high = serializers.FloatField(allow_null=True)
    p = serializers.FloatField(allow_null=True)
    p_adjusted = serializers.FloatField(allow_null=True, help_text="Corrected for the figures looked at together.")
    detectable = serializers.FloatField(allow_null=True, help_text="What would show with 80 % probability.")
    by_trend = serializers.BooleanField(help_text="Against the line before, because there was one.")
    verdict = serializers.ChoiceField(Verdict.choices)
    held = serializers.BooleanField(allow_null=True, help_text="Of the later quarters; null: cannot be told.")
    seed = serializers.IntegerField()
    method = serializers.IntegerField()


class ImprovementActionShape(api.Shape):
    id = serializers.IntegerField()
    what = serializers.CharField()
    owner = serializers.EmailField()
    due_on = serializers.DateField()
    done_on = serializers.DateField(allow_null=True)


class ImprovementShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    goal = serializers.CharField()
    department = serializers.CharField()
    side = serializers.ChoiceField(Side.ALL)
    figure = serializers.ChoiceField(sorted(FIGURES))
    other = serializers.CharField(allow_null=True)
    service = serializers.CharField(allow_null=True)
    comparison = serializers.CharField(allow_null=True)
    scale = serializers.CharField(help_text="ratio: −0.2 is 20 % less; points: 0.05 is 5 points more; plain: its unit.")
    expected = serializers.FloatField()
    effective_on = serializers.DateField()
    triggered_from = serializers.DateField(allow_null=True)
    owner = serializers.EmailField()
    state = serializers.ChoiceField(State.choices)
    judgement = serializers.CharField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    counted_at = serializers.DateTimeField(allow_null=True)
    effects = EffectShape(many=True, help_text="Empty where the figure is not for you, or nothing is counted yet.")
    version = serializers.IntegerField()


class ImprovementPageShape(ImprovementShape):
    actions = ImprovementActionShape(many=True)
    moves = serializers.ListField(child=serializers.ChoiceField(IMPROVEMENT_MOVES), help_text="What you could do now.")


def effect_shape(effect: ImprovementEffect) -> dict[str, Any]:
    return {name: getattr(effect, name) for name in EffectShape._declared_fields}


def action_shape(action: ImprovementAction) -> dict[str, Any]:
    plain = {name: getattr(action, name) for name in ("what", "due_on", "done_on")}
    return {"id": action.pk, "owner": action.owner.email, **plain}


def brief(person: Person, row: Improvement) -> dict[str, Any]:
    names = ("name", "goal", "side", "figure", "expected", "effective_on", "triggered_from", "state", "judgement",
             "created_at", "ended_at", "counted_at", "version")  # fmt: skip
    slugs = {name: found.slug if (found := getattr(row, name)) else None for name in ROWS}
    reads = policies.reads_figure(person, row)
    effects = sorted(row.effects.all(), key=lambda effect: Horizon.values.index(effect.horizon)) if reads else []
    return {
        "id": row.pk,
        "department": row.department.slug,
        "scale": scale_of(FIGURES[row.figure]).value,
        "owner": row.owner.email,
        "effects": [effect_shape(effect) for effect in effects],
        **slugs,
        **{name: getattr(row, name) for name in names},
    }


def whole(person: Person, pk: int) -> dict[str, Any]:
    page = selectors.improvement_page(person=person, pk=pk)
    more = {"actions": [action_shape(one.action) for one in page.actions], "moves": [move.name for move in page.moves]}
    return brief(person, page.improvement) | more


class MarksQuery(api.Query):
    department = api.Slug(required=False, help_text="With those below it. Without one: all that you may read.")


class ProgressSumShape(api.Shape):
    horizon = serializers.ChoiceField(Horizon.choices)
    n = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="By mark; marks of none are left out.")


class ProgressMarkShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    department = serializers.CharField()
    figure = serializers.ChoiceField(sorted(FIGURES))
    effective_on = serializers.DateField()
    expected = serializers.FloatField()
    goal = serializers.ChoiceField(Progress.choices, allow_null=True, help_text="null: its figure is not for you.")
    three_months = serializers.ChoiceField(Progress.choices, allow_null=True, help_text="null: nothing could hold.")
    six_months = serializers.ChoiceField(Progress.choices, allow_null=True)


class ProgressMarksShape(api.Shape):
    sums = ProgressSumShape(many=True)
    results = ProgressMarkShape(many=True, help_text="The newest first, 200 at most.")


class ImprovementsQuery(api.PageQuery):
    department = api.Slug(required=False, help_text="Without one: all that you may read.")
    ended = serializers.ChoiceField([("yes", "yes")], required=False, help_text="yes: also what has ended.")


class PlanBody(api.StrictSerializer):
    name = api.Text(max_length=LONGEST_NAME)
    goal = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    side = serializers.ChoiceField(Side.ALL)
    figure = serializers.ChoiceField(sorted(FIGURES))
    other = api.Slug(required=False, allow_null=True)
    service = api.Slug(required=False, allow_null=True)
    comparison = api.Slug(required=False, allow_null=True)
    expected = serializers.FloatField(
        min_value=-LARGEST_EFFECT, max_value=LARGEST_EFFECT, help_text="−0.2: a fifth less."
    )
    effective_on = api.Day()
    triggered_from = api.Day(required=False, allow_null=True)
    owner = serializers.EmailField()


class NewPlanBody(PlanBody):
    department = api.Slug()


class ImprovementActionBody(api.StrictSerializer):
    what = api.Text(max_length=LONGEST_NAME * 2)
    owner = serializers.EmailField()
    due_on = api.Day()


class ImprovementMoveBody(api.StrictSerializer):
    move = serializers.ChoiceField(IMPROVEMENT_MOVES)
    note = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)


def _named(person: Person, values: dict[str, Any], department_id: int) -> dict[str, Any]:
    """Slugs and addresses turned into rows, or WrongInput naming the one that is not there."""
    places = {"other": departments_for(person), "service": services_for(person), "comparison": departments_for(person)}
    for name, rows in places.items():
        if values.get(name) is not None:
            values[name] = rows.filter(slug=values[name]).first()
            if values[name] is None:
                raise WrongInput({name: [_("There is none of this name. Give the short name, such as “it”.")]})
    if "owner" in values:
        values["owner"] = agents_of(department_id).filter(email__iexact=values["owner"]).first()
    return values


@extend_schema(tags=["Improvements"])
@extend_schema_view(
    get=extend_schema(
        operation_id="improvements_list",
        summary="Improvement plans you may read, newest first",
        parameters=[ImprovementsQuery],
        responses={200: api.page_of(ImprovementShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="improvements_plan",
        summary="Plan an improvement (the head of the department)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=NewPlanBody,
        responses={201: ImprovementPageShape, **api.refusals(403, 422)},
    ),
)
class ImprovementList(api.Address):
    query = ImprovementsQuery

    def get(self, request: Request) -> Response:
        slug = self.asked.get("department")
        department = get_department(person=request.user, slug=slug) if slug else None
        rows = selectors.improvements_for(request.user, department=department, ended="ended" in self.asked)
        rows = rows.prefetch_related(None).prefetch_related("effects").order_by()
        return self.page(rows, ("-pk",), lambda row: brief(request.user, row))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(NewPlanBody)
        department = departments_for(request.user).filter(slug=values.pop("department")).first()
        if department is None:
            raise WrongInput({"department": [_("There is no such department. Give its slug.")]})
        policies.require_lead(request.user, department)
        plan = Plan(**_named(request.user, values, department.pk))
        made = services.plan_improvement(by=request.user, department=department, plan=plan)
        return Response(whole(request.user, made.pk), status=201, headers={"ETag": api.tag(made.version)})


@extend_schema(tags=["Improvements"])
@extend_schema_view(
    get=extend_schema(
        operation_id="improvements_marks",
        summary="Marks of progress: whether improvements reached their goal, and whether it held",
        parameters=[MarksQuery],
        responses={200: ProgressMarksShape, **api.refusals(403, 404)},
    ),
)
class ImprovementMarks(api.Address):
    query = MarksQuery

    def get(self, request: Request) -> Response:
        page = marks_of(person=request.user, slug=self.asked.get("department", ""))
        sums = [{"horizon": one.horizon, "n": one.n, "counts": one.counts} for one in page.sums]
        return Response({"sums": sums, "results": [_mark_shape(mark) for mark in page.rows]})


def _mark_shape(mark: Mark) -> dict[str, Any]:
    row = mark.improvement
    plain = {name: getattr(row, name) for name in ("name", "figure", "effective_on", "expected")}
    marks = {"goal": mark.goal, "three_months": mark.three, "six_months": mark.six}
    return {"id": row.pk, "department": row.department.slug, **plain, **marks}


class OneImprovement(api.Address):
    def find(self, pk: int, **more: Any) -> Improvement:
        return selectors.get_improvement(person=self.request.user, pk=pk)

    def answer(self, request: Request, status: int = 200) -> Response:
        found = whole(request.user, self.found.pk)
        return Response(found, status=status, headers={"ETag": api.tag(found["version"])})


@extend_schema(tags=["Improvements"])
@extend_schema_view(
    get=extend_schema(
        operation_id="improvements_read",
        summary="One improvement plan with what it came to",
        responses={200: ImprovementPageShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="improvements_change",
        summary="Change a plan; once it runs only name, goal and owner",
        parameters=[api.IF_MATCH],
        request=PlanBody,
        responses={200: ImprovementPageShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class ImprovementAddress(OneImprovement):
    def get(self, request: Request, **names) -> Response:
        return self.answer(request)

    def patch(self, request: Request, **names) -> Response:
        row = self.found
        policies.require_lead(request.user, row.department)
        values = _named(request.user, self.body(PlanBody, partial=True), row.department_id)
        plan = Plan(**{name: getattr(row, name) for name in services.PLANNED_FIELDS} | values)
        services.change_improvement(
            by=request.user, improvement=row, plan=plan, expected_version=api.expected_version(request)
        )
        return self.answer(request)


@extend_schema(tags=["Improvements"])
@extend_schema_view(
    post=extend_schema(
        operation_id="improvements_move",
        summary="Take a move: start, judge, close, cancel",
        description="`moves` of the plan names what the caller could do now. judge and cancel need a note; judging "
        "waits until there are weeks enough.",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=ImprovementMoveBody,
        responses={200: ImprovementPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class ImprovementMoves(OneImprovement):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(ImprovementMoveBody)
        services.take_move(
            by=request.user, improvement=self.found, name=values["move"], note=values.get("note", ""),
            expected_version=api.expected_version(request),
        )  # fmt: skip
        return self.answer(request)


@extend_schema(tags=["Improvements"])
@extend_schema_view(
    post=extend_schema(
        operation_id="improvements_add_action",
        summary="Add something to do",
        parameters=[api.IDEMPOTENCY_KEY],
        request=ImprovementActionBody,
        responses={201: ImprovementPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class ImprovementActions(OneImprovement):
    @once
    def post(self, request: Request, **names) -> Response:
        policies.require_lead(request.user, self.found.department)
        values = _named(request.user, self.body(ImprovementActionBody), self.found.department_id)
        services.add_action(by=request.user, improvement=self.found, **values)
        return self.answer(request, 201)


class _OneAction(OneImprovement):
    def find(self, pk: int, action: int) -> Improvement:
        found = super().find(pk)
        self.action = found.actions.filter(pk=action).first()
        if self.action is None:
            raise Http404
        return found


@extend_schema(tags=["Improvements"])
@extend_schema_view(
    patch=extend_schema(
        operation_id="improvements_change_action",
        summary="Say otherwise what is to do, by whom or until when",
        request=ImprovementActionBody,
        responses={200: ImprovementPageShape, **api.refusals(403, 404, 409)},
    )
)
class ImprovementActionAddress(_OneAction):
    def patch(self, request: Request, **names) -> Response:
        policies.require_lead(request.user, self.found.department)
        values = _named(request.user, self.body(ImprovementActionBody, partial=True), self.found.department_id)
        stands = {name: getattr(self.action, name) for name in ("what", "owner", "due_on")}
        services.change_action(by=request.user, action=self.action, **stands | values)
        return self.answer(request)


@extend_schema(tags=["Improvements"])
@extend_schema_view(
    post=extend_schema(
        operation_id="improvements_finish_action",
        summary="Say that an action is done (who carries it out, or the head)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=None,
        responses={200: ImprovementPageShape, **api.refusals(403, 404, 422)},
    )
)
class ImprovementActionDone(_OneAction):
    @once
    def post(self, request: Request, **names) -> Response:
        services.finish_action(by=request.user, action=self.action)
        return self.answer(request)


urlpatterns = [
    path("improvements/", ImprovementList.as_view(), name="improvements"),
    path("improvements/marks/", ImprovementMarks.as_view(), name="improvement_marks"),
    path("improvements/<row:pk>/", ImprovementAddress.as_view(), name="improvement"),
    path("improvements/<row:pk>/moves/", ImprovementMoves.as_view(), name="improvement_moves"),
    path("improvements/<row:pk>/actions/", ImprovementActions.as_view(), name="improvement_actions"),
    path("improvements/<row:pk>/actions/<row:action>/", ImprovementActionAddress.as_view(), name="improvement_action"),
    path("improvements/<row:pk>/actions/<row:action>/done/", ImprovementActionDone.as_view(),
         name="improvement_action_done"),
]  # fmt: skip
