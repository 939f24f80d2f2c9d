"""Wall checks over HTTP: what came of them, as far as the reader reads the results of the survey."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.dashboards.asked_walls import AskedCheck, checks_for, get_check, results
from metrics.dashboards.states import SPANS, stretch_of
from metrics.rollups import policies
from requests_app.kernel import api


class WallChecksQuery(api.Query):
    period = serializers.ChoiceField(list(SPANS), required=False, help_text="The last days; a year without it.")


class WallCheckShape(api.Shape):
    campaign = serializers.IntegerField(help_text="The campaign of the survey.")
    title = serializers.CharField()
    departments = serializers.ListField(child=serializers.CharField(), help_text="Who was asked of their common work.")
    closed_at = serializers.DateTimeField()
    n = serializers.IntegerField(allow_null=True, help_text="How many answered; null: too few, so nothing is told.")
    measured = serializers.IntegerField(help_text="Of the five criteria, how many at least five people answered.")
    failing = serializers.IntegerField(help_text="Of these, in which the whole 95 % interval lies below 3 of 5.")
    is_wall = serializers.BooleanField(help_text="Three or more criteria fail.")


class WallCriterionShape(api.Shape):
    criterion = serializers.CharField()
    text = serializers.CharField(help_text="As it was asked, in the caller's language.")
    n = serializers.IntegerField()
    mean = serializers.FloatField()
    low = serializers.FloatField(allow_null=True, help_text="95 % interval by Student's t.")
    high = serializers.FloatField(allow_null=True)
    fails = serializers.BooleanField()


class WallCheckPageShape(WallCheckShape):
    criteria = WallCriterionShape(many=True, help_text="Those that at least five people answered.")


class WallChecksShape(api.Shape):
    results = WallCheckShape(many=True)

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


def check_shape(check: AskedCheck) -> dict:
    return {
        "campaign": check.campaign.pk, "title": check.title,
        "departments": [department.slug for department in check.departments], "closed_at": check.campaign.closed_at,
        "n": check.n, "measured": check.measured, "failing": len(check.signs), "is_wall": check.is_wall,
    }  # fmt: skip


class WallCheckList(api.Address):
    query = WallChecksQuery

    @extend_schema(
        tags=["Figures"],
        operation_id="figures_wall_checks",
        summary="The newest closed wall check of each circle of departments in the period",
        description="Of surveys whose results you may read. Those that show a wall stand on the page of the company.",
        parameters=[WallChecksQuery],
        responses={200: WallChecksShape, **api.refusals(403)},
    )
    def get(self, request: Request) -> Response:
        policies.require_company(request.user)
        today = timezone.now().astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()
        period = stretch_of(self.asked.get("period", "year"), "", "", today=today).period
        rows = [check_shape(check) for check in results(checks_for(request.user, period))]
        return Response({"from": period.start, "to": period.end, "results": rows})


class WallCheckAddress(api.Address):
    @extend_schema(
        tags=["Figures"],
        operation_id="figures_wall_check",
        summary="What came of one wall check",
        responses={200: WallCheckPageShape, **api.refusals(403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        policies.require_company(request.user)
        [check] = results([get_check(request.user, pk)])
        criteria = [
            {"criterion": one.key, "text": one.text, "n": one.n, "mean": one.mean, "low": one.low, "high": one.high,
             "fails": one.fails}
            for one in check.told
        ]  # fmt: skip
        return Response(check_shape(check) | {"criteria": criteria})


urlpatterns = [
    path("figures/wall-checks/", WallCheckList.as_view(), name="figures-wall_checks"),
    path("figures/wall-checks/<row:pk>/", WallCheckAddress.as_view(), name="figures-wall_check"),
]
