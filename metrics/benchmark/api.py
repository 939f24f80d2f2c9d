"""The comparison as data."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.benchmark.selectors import FIGURES, Benchmark, benchmark_of
from metrics.rollups import policies
from metrics.rollups.api.asked import PeriodQuery, company_zone, period_of
from metrics.rollups.definitions import Unit
from requests_app.catalogue.states import NeedType
from requests_app.kernel import api
from requests_app.org.states import CustomerKind


class BenchmarkQuery(PeriodQuery):
    figure = serializers.ChoiceField(list(FIGURES))
    need_type = serializers.ChoiceField(NeedType.values, required=False)
    customer_kind = serializers.ChoiceField(CustomerKind.values, required=False)


class PlaceShape(api.Shape):
    department = serializers.CharField()
    n = serializers.IntegerField()
    raw = serializers.FloatField(help_text="As counted; of durations the geometric mean in seconds.")
    value = serializers.FloatField(
        help_text="On the company's mix, of answers as counted; pulled toward the company where little is known."
    )
    low = serializers.FloatField(help_text="95 % interval.")
    high = serializers.FloatField()
    covered = serializers.FloatField(help_text="Share of the company's requests that are of kinds it has.")
    groups = serializers.CharField(help_text="Letters; who shares one cannot be told apart.")


class LeftOutShape(api.Shape):
    department = serializers.CharField()
    n = serializers.IntegerField()
    reason = serializers.CharField()


class BenchmarkShape(api.Shape):
    figure = serializers.CharField()
    unit = serializers.ChoiceField([unit.value for unit in Unit])
    company = serializers.FloatField(allow_null=True)
    departments = PlaceShape(many=True, help_text="By the bound that the true value is worse than with 5 %.")
    left_out = LeftOutShape(many=True)
    as_of = serializers.DateTimeField()

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


def _shape(found: Benchmark) -> dict[str, Any]:
    plain = ("n", "raw", "value", "low", "high", "covered", "groups")
    return {
        "figure": found.definition.key,
        "unit": found.definition.unit.value,
        "company": found.company,
        "departments": [
            {"department": row.department.slug, **{name: getattr(row, name) for name in plain}} for row in found.rows
        ],
        "left_out": [
            {"department": department.slug, "n": n, "reason": str(reason)} for department, n, reason in found.left_out
        ],
        "as_of": found.as_of,
    }


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_benchmark",
        summary="Departments compared like with like",
        parameters=[BenchmarkQuery],
        responses={200: BenchmarkShape, **api.refusals(403)},
    )
)
class OfCompany(api.Address):
    query = BenchmarkQuery

    def get(self, request: Request) -> Response:
        policies.require_company(request.user)
        period = period_of(self.asked, company_zone())
        asked = {name: self.asked[name] for name in ("figure", "need_type", "customer_kind") if name in self.asked}
        found = benchmark_of(person=request.user, period=period, **asked)
        return Response(_shape(found) | {"from": period.start, "to": period.end})


urlpatterns = [path("figures/benchmark/", OfCompany.as_view(), name="figures-benchmark")]
