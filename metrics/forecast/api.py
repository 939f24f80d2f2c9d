"""Forecasts over HTTP."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.forecast.selectors import FEWEST_KNOWN, Line, NeedLine, Outlook, outlook_of
from metrics.forecast.states import Verdict
from requests_app.catalogue.models import Service
from requests_app.kernel import api


class WeekAhead(api.Shape):
    week = serializers.DateField(help_text="Its Monday.")
    days = serializers.FloatField(help_text="On which the department is open.")
    expected = serializers.FloatField()
    low = serializers.IntegerField(help_text="80 % interval.")
    high = serializers.IntegerField()


class TestShape(api.Shape):
    """Mean absolute errors, in requests a week, from past weeks forecast with what was known before them."""

    origins = serializers.IntegerField(help_text="How many past weeks it was computed from.")
    error = serializers.FloatField()
    naive = serializers.FloatField(help_text="Of guessing the count of the last week.")
    seasonal = serializers.FloatField(
        allow_null=True, help_text="Of guessing the same week of last year. null where too little is known."
    )
    coverage = serializers.FloatField(
        allow_null=True, help_text="Share of past weeks inside their 80 % interval. null where too little is known."
    )


class ForecastShape(api.Shape):
    service = serializers.CharField(allow_null=True, help_text="Slug; null for the whole department or a need type.")
    need_type = serializers.CharField(allow_null=True)
    verdict = serializers.ChoiceField(Verdict.values, help_text="Weeks are told only when it is better.")
    known = serializers.IntegerField(help_text="Whole weeks since the first request.")
    needed = serializers.IntegerField(help_text="Weeks that have to be known before anything is tested.")
    test = TestShape(allow_null=True)
    weeks = WeekAhead(many=True)


class NeedShape(api.Shape):
    service = serializers.CharField()
    supplier = serializers.CharField()
    counted = serializers.IntegerField(help_text="Requests in the last 13 weeks.")
    expected = serializers.FloatField(help_text="In the four weeks from the running one on, if it goes on as steadily.")
    low = serializers.IntegerField(help_text="80 % interval.")
    high = serializers.IntegerField()
    last_year = serializers.IntegerField(allow_null=True, help_text="In the same four weeks a year earlier.")
    recurs = serializers.BooleanField(help_text="Asked for clearly more often then than in the rest of that year.")


class OutlookShape(api.Shape):
    department = serializers.CharField()
    forecasts = ForecastShape(many=True, help_text="The whole department first. In outline nothing else.")
    needs = NeedShape(many=True, help_text="What the department itself will ask for.")
    computed_at = serializers.DateTimeField(allow_null=True)


def _forecast(line: Line, slugs: dict[int, str]) -> dict[str, Any]:
    row = line.forecast
    test = {
        "origins": row.origins, "error": row.error, "naive": row.error_naive, "seasonal": row.error_seasonal,
        "coverage": row.coverage,
    }  # fmt: skip
    return {
        "service": slugs.get(row.service_id),
        "need_type": row.need_type or None,
        "verdict": row.verdict,
        "known": row.weeks,
        "needed": FEWEST_KNOWN,
        "test": test if row.origins else None,
        "weeks": [
            {"week": at.monday, "days": at.days, "expected": at.expected, "low": at.low, "high": at.high}
            for at in line.points
        ],
    }


def _need(line: NeedLine, slugs: dict[int, str]) -> dict[str, Any]:
    plain = ("counted", "expected", "low", "high", "last_year", "recurs")
    return {
        "service": slugs[line.need.service_id],
        "supplier": line.supplier.slug,
        **{name: getattr(line.need, name) for name in plain},
    }


def _shape(page: Outlook) -> dict[str, Any]:
    lines = [*([page.whole] if page.whole else []), *page.services, *page.need_types]
    ids = {line.forecast.service_id for line in lines} | {line.need.service_id for line in page.needs}
    slugs = dict(Service.objects.filter(pk__in=ids).values_list("pk", "slug"))
    return {
        "department": page.department.slug,
        "forecasts": [_forecast(line, slugs) for line in lines],
        "needs": [_need(line, slugs) for line in page.needs],
        "computed_at": page.computed_at,
    }


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_forecast",
        summary="What a department will be asked for, and will ask for",
        responses={200: OutlookShape, **api.refusals(403, 404)},
    )
)
class OfDepartment(api.Address):
    def get(self, request: Request, slug: str) -> Response:
        return Response(_shape(outlook_of(person=request.user, slug=slug)))


urlpatterns = [
    path("figures/departments/<ascii:slug>/forecast/", OfDepartment.as_view(), name="figures-forecast"),
]
