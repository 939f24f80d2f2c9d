"""The scorecard as data."""

from typing import Any
from zoneinfo import ZoneInfo

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.rollups.api.asked import PeriodQuery, period_of
from metrics.rollups.definitions import Unit
from metrics.rollups.states import Figure
from metrics.scorecard.rates import Rate
from metrics.scorecard.selectors import Scorecard, scorecard_of
from metrics.scorecard.states import KEYS, Line, is_told, why_not
from requests_app.kernel import api
from requests_app.org.models import Department
from requests_app.org.selectors import get_department


class ToldShape(api.Shape):
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True, help_text="Null with a reason in `why`. Durations: median seconds.")
    low = serializers.FloatField(allow_null=True, help_text="95 % interval.")
    high = serializers.FloatField(allow_null=True)
    why = serializers.CharField(help_text="Why it is not told; empty when it is.")


class ScorecardLineShape(api.Shape):
    key = serializers.ChoiceField(KEYS)
    name = serializers.CharField()
    formula = serializers.CharField()
    unit = serializers.ChoiceField([unit.value for unit in Unit])
    target = serializers.FloatField(allow_null=True)
    state = serializers.CharField(help_text="good, warn (just short), bad, or empty without a target.")
    now = ToldShape()
    before = ToldShape(allow_null=True, help_text="As many days, right before; null where it is not told.")
    year_ago = ToldShape(allow_null=True, help_text="The same days of the year before.")
    company = ToldShape(allow_null=True)
    against_before = serializers.CharField(help_text="better, worse, unclear (no more than chance) or empty.")
    against_year_ago = serializers.CharField()


class ActionsShape(api.Shape):
    opened = serializers.IntegerField()
    confirmed = serializers.IntegerField(help_text="By the customer, in the period.")
    recurred = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Today.")
    n = serializers.IntegerField(help_text="Confirmations whose 90 days ended in the last 12 months.")
    back = serializers.IntegerField(help_text="Of these, whose problem was there again within 90 days.")
    recurrence = serializers.FloatField(allow_null=True, help_text="back ÷ n; null: nothing to tell of yet.")


class SaidShape(api.Shape):
    complaints = serializers.IntegerField()
    answered_in_time = serializers.IntegerField()
    waiting = serializers.IntegerField()
    suggestions = serializers.IntegerField()
    praise = serializers.IntegerField()


class RateShape(api.Shape):
    key = serializers.CharField(help_text="complaint_rate or praise_rate: per 100 requests filed in the period.")
    count = serializers.IntegerField()
    n = serializers.IntegerField(help_text="Requests filed.")
    value = serializers.FloatField(allow_null=True, help_text="null: fewer than ten requests.")
    low = serializers.FloatField(allow_null=True, help_text="95 % interval.")
    high = serializers.FloatField(allow_null=True)
    before = serializers.FloatField(allow_null=True)


class MeasuredShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    figure = serializers.CharField()
    effective_on = serializers.DateField()
    effect = serializers.CharField(help_text="In words, with its 95 % interval.")


class ScorecardShape(api.Shape):
    department = serializers.CharField()
    figures = ScorecardLineShape(many=True)
    actions = ActionsShape()
    said = SaidShape()
    rates = RateShape(many=True)
    improvements = MeasuredShape(many=True)
    unmeasured = serializers.IntegerField(help_text="Improvements of which nothing can be said yet.")
    as_of = serializers.DateTimeField()

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


def _told(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    value, low, high = (figure.value, figure.low, figure.high) if is_told(figure) else (None, None, None)
    return {"n": figure.n, "value": value, "low": low, "high": high, "why": why_not(figure)}


def _line(line: Line) -> dict[str, Any]:
    return {
        "key": line.definition.key,
        "name": str(line.definition.label),
        "formula": str(line.definition.formula),
        "unit": line.unit,
        "target": line.figure.target,
        "state": line.state,
        "now": _told(line.figure),
        "before": _told(line.before),
        "year_ago": _told(line.year_ago),
        "company": _told(line.company),
        "against_before": line.since_before,
        "against_year_ago": line.since_year,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval or (None, None)
    return {"key": rate.key, "count": rate.count, "n": rate.n, "value": rate.value, "low": low, "high": high,
            "before": rate.before}  # fmt: skip


def shape(page: Scorecard) -> dict[str, Any]:
    return {
        "department": page.department.slug,
        "from": page.stretch.period.start,
        "to": page.stretch.period.end,
        "figures": [_line(line) for line in page.lines],
        "actions": {name: getattr(page.actions, name) for name in ("opened", "confirmed", "recurred", "open")}
        | {"n": page.recurrence.n, "back": page.recurrence.back, "recurrence": page.recurrence.share},
        "said": vars(page.said),
        "rates": [_rate(rate) for rate in page.rates],
        "improvements": [
            {"id": line.improvement.pk, "name": line.improvement.name, "figure": line.definition.key,
             "effective_on": line.improvement.effective_on, "effect": line.effect}
            for line in page.improvements
        ],
        "unmeasured": page.unmeasured,
        "as_of": page.as_of,
    }  # fmt: skip


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="figures_scorecard",
        summary="The scorecard of a department for its appraisal",
        parameters=[PeriodQuery],
        responses={200: ScorecardShape, **api.refusals(403, 404, 409)},
    )
)
class OfDepartment(api.Address):
    query = PeriodQuery

    def find(self, slug: str) -> Department:
        return get_department(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> Response:
        period = period_of(self.asked, ZoneInfo(self.found.time_zone))
        days = {"start": period.start.isoformat(), "end": period.last.isoformat()}
        return Response(shape(scorecard_of(person=request.user, slug=self.found.slug, **days)))


urlpatterns = [
    path("figures/departments/<slug:slug>/scorecard/", OfDepartment.as_view(), name="figures-scorecard"),
]
