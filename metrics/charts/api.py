"""Control charts over the API: what is watched, one chart, and what a head says of it."""

from typing import Any

from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.charts import policies, selectors, services
from metrics.charts.selectors import CHOICES, ControlChart, SignalLine
from metrics.charts.states import LONGEST_REASON, LONGEST_TITLE, Answer, SignalState, Verdict, can_be_charted, scale_of
from metrics.charts.statistics import RULES, Limits
from metrics.rollups.states import Side
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department
from requests_app.org.selectors import departments_for, get_department


class ChartsQuery(api.Query):
    side = serializers.ChoiceField(Side.ALL, required=False, help_text="supplier when it is left out")


class ChartQuery(ChartsQuery):
    other = api.Slug(required=False, help_text="Only with this department on the other side.")
    service = api.Slug(required=False)
    weeks = serializers.ChoiceField(list(CHOICES), required=False, help_text="The last 26, 52 or 104.")


class LimitsShape(api.Shape):
    centre = serializers.FloatField()
    lower = serializers.FloatField()
    upper = serializers.FloatField()


class WeekShape(api.Shape):
    week = serializers.DateField(help_text="Its Monday.")
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    judged = serializers.BooleanField(help_text="false: too few to say anything; no rule looks at it.")
    limits = LimitsShape(allow_null=True, help_text="null while there are too few weeks.")


class PhaseShape(api.Shape):
    starts_on = serializers.DateField()
    frozen = serializers.BooleanField()
    weeks = serializers.IntegerField(help_text="How many weeks its limits are made of.")
    centre = serializers.FloatField(allow_null=True)


class SignalShape(api.Shape):
    week = serializers.DateField(help_text="The week that completed it.")
    since = serializers.DateField()
    rule = serializers.ChoiceField(RULES, help_text="By Nelson's count.")
    verdict = serializers.ChoiceField(Verdict.choices)
    words = serializers.CharField()
    state = serializers.ChoiceField(SignalState.choices)
    reason = serializers.CharField()


class ChartShape(api.Shape):
    department = serializers.CharField()
    side = serializers.ChoiceField(Side.ALL)
    figure = serializers.CharField()
    scale = serializers.CharField(help_text="log, plain, share (Laney's p′) or rate (u′).")
    weeks = WeekShape(many=True)
    phases = PhaseShape(many=True)
    signals = SignalShape(many=True)
    rules = serializers.ListField(
        child=serializers.IntegerField(min_value=min(RULES), max_value=max(RULES)),
        help_text="What counts as a signal on it.",
    )
    watched = serializers.BooleanField(help_text="Whether heads are told of its signals.")
    as_of = serializers.DateTimeField()


class ChartLineShape(api.Shape):
    figure = serializers.CharField()
    week = serializers.DateField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    centre = serializers.FloatField(allow_null=True)
    frozen = serializers.BooleanField()
    signal = SignalShape(allow_null=True, help_text="The newest that nobody has answered.")


class ChartListShape(api.Shape):
    results = ChartLineShape(many=True)


class RulesBody(api.StrictSerializer):
    side = serializers.ChoiceField(Side.ALL, required=False, help_text="supplier when it is left out")
    other = api.Slug(required=False, help_text="Of the chart with this department alone.")
    service = api.Slug(required=False, help_text="Of the chart of this service alone.")
    rules = serializers.ListField(
        child=serializers.IntegerField(min_value=min(RULES), max_value=max(RULES)), min_length=1, max_length=len(RULES),
        help_text="By Nelson's count; 1, 2, 3 and 5 are usual.",
    )  # fmt: skip


class AnswerBody(api.StrictSerializer):
    side = serializers.ChoiceField(Side.ALL, required=False, help_text="supplier when it is left out")
    other = api.Slug(required=False, help_text="Of the chart with this department alone.")
    service = api.Slug(required=False, help_text="Of the chart of this service alone.")
    do = serializers.ChoiceField(Answer.values)
    week = api.Day(help_text="Of the signal; for a phase, its first.")
    rule = serializers.ChoiceField(RULES, required=False)
    reason = api.Text(max_length=LONGEST_REASON, required=False, allow_blank=True, help_text="Needed to dismiss.")
    title = api.Text(max_length=LONGEST_TITLE, required=False, help_text="Of the corrective action.")
    customer = api.Slug(required=False, help_text="Who says whether the corrective action worked.")


def signal_shape(line: SignalLine) -> dict[str, Any]:
    plain = {name: getattr(line, name) for name in ("week", "since", "rule", "verdict", "words", "state")}
    return plain | {"reason": line.row.reason if line.row else ""}


def chart_shape(page: ControlChart) -> dict[str, Any]:
    by_place = {place: one.limits for one in page.stretches for place in range(one.first, one.last + 1)}
    return {
        "department": page.department.slug,
        "side": page.side,
        "figure": page.definition.key,
        "scale": scale_of(page.definition).value,
        "weeks": [
            {"week": week.starts_on, "n": week.n, "value": week.value, "judged": week.is_judged,
             "limits": _limits(by_place.get(place), week.n)}
            for place, week in enumerate(page.weeks)
        ],
        "phases": [
            {"starts_on": one.starts_on, "frozen": one.is_frozen, "weeks": one.weeks,
             "centre": one.limits.centre if one.limits else None}
            for one in page.stretches
        ],
        "signals": [signal_shape(line) for line in page.signals],
        "rules": list(page.rules),
        "watched": page.is_watched,
        "as_of": page.as_of,
    }  # fmt: skip


def _limits(limits: Limits | None, n: int) -> dict[str, float] | None:
    if limits is None:
        return None
    return {"centre": limits.centre, "lower": limits.lower(max(n, 1)), "upper": limits.upper(max(n, 1))}


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="charts_list",
        summary="What is watched of a department",
        parameters=[ChartsQuery],
        responses={200: ChartListShape, **api.refusals(403, 404)},
    )
)
class ChartList(api.Address):
    query = ChartsQuery

    def get(self, request: Request, slug: str) -> Response:
        page = selectors.charts_of(person=request.user, slug=slug, side=self.asked.get("side", Side.SUPPLIER))
        rows = [
            {
                "figure": card.definition.key,
                "week": card.last.starts_on if card.last else None,
                "value": card.last.value if card.last else None,
                "centre": card.limits.centre if card.limits else None,
                "frozen": card.is_frozen,
                "signal": signal_shape(card.signal) if card.signal else None,
            }
            for card in page.cards
        ]
        return Response({"results": rows})


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="charts_read",
        summary="A figure week by week, with its limits and signals",
        parameters=[ChartQuery],
        responses={200: ChartShape, **api.refusals(403, 404)},
    )
)
class ChartAddress(api.Address):
    query = ChartQuery

    def get(self, request: Request, slug: str, figure: str) -> Response:
        return Response(chart_shape(selectors.chart_of(person=request.user, slug=slug, figure=figure, **self.asked)))


class _OfHeads(api.Address):
    """What only those change who answer for the department."""

    def find(self, slug: str, figure: str) -> Department:
        department = get_department(person=self.request.user, slug=slug)
        if not can_be_charted(figure):
            raise Http404
        policies.require_answering(self.request.user, department)
        return department


@extend_schema(tags=["Figures"])
@extend_schema_view(
    put=extend_schema(
        operation_id="charts_choose_rules",
        summary="Choose by which rules a chart is judged, and have it watched (heads)",
        request=RulesBody,
        responses={200: ChartShape, **api.refusals(403, 404, 422)},
    )
)
class ChartRules(_OfHeads):
    def put(self, request: Request, slug: str, figure: str) -> Response:
        values = self.body(RulesBody)
        rules = values.pop("rules")
        page = selectors.chart_of(person=request.user, slug=slug, figure=figure, **values)
        services.choose_rules(by=request.user, page=page, rules=rules)
        return Response(chart_shape(selectors.chart_of(person=request.user, slug=slug, figure=figure, **values)))


@extend_schema(tags=["Figures"])
@extend_schema_view(
    post=extend_schema(
        operation_id="charts_answer",
        summary="Say what a signal was, or begin a new phase (heads)",
        description="acknowledge and dismiss answer the signal of `week` and `rule`; correct opens a corrective action "
        "of it; phase begins new limits with `week`, after an improvement that led to a new level.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=AnswerBody,
        responses={200: ChartShape, **api.refusals(403, 404, 409, 422)},
    )
)
class ChartAnswers(_OfHeads):
    @once
    def post(self, request: Request, slug: str, figure: str) -> Response:
        values = self.body(AnswerBody)
        which = {name: values.pop(name) for name in ("side", "other", "service") if name in values}
        page = selectors.chart_of(person=request.user, slug=slug, figure=figure, **which)
        if "customer" in values:
            values["customer"] = departments_for(request.user).filter(slug=values["customer"]).first()
            if values["customer"] is None:
                raise WrongInput({"customer": [_("There is no such department. Give its slug.")]})
        services.answer(by=request.user, page=page, **values)
        return Response(chart_shape(selectors.chart_of(person=request.user, slug=slug, figure=figure, **which)))


urlpatterns = [
    path("figures/departments/<slug:slug>/charts/", ChartList.as_view(), name="charts"),
    path("figures/departments/<slug:slug>/charts/<slug:figure>/", ChartAddress.as_view(), name="chart"),
    path("figures/departments/<slug:slug>/charts/<slug:figure>/rules/", ChartRules.as_view(), name="chart_rules"),
    path("figures/departments/<slug:slug>/charts/<slug:figure>/answers/", ChartAnswers.as_view(), name="chart_answers"),
]
