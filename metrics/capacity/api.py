"""Logged work against capacity over HTTP."""

from zoneinfo import ZoneInfo

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.capacity.selectors import load_of
from metrics.capacity.states import Load
from metrics.rollups import policies
from metrics.rollups.api.asked import PeriodQuery, period_of
from metrics.rollups.states import Scope, Side
from requests_app.kernel import api
from requests_app.org.models import Department
from requests_app.org.selectors import below, get_department


class LoadShape(api.Shape):
    department = serializers.CharField()
    n = serializers.IntegerField(help_text="Agents and heads today.")
    utilisation = serializers.FloatField(allow_null=True, help_text="Logged of available; may be more than 1.")
    logged_seconds = serializers.IntegerField(allow_null=True, help_text="null for fewer than five people.")
    available_seconds = serializers.IntegerField(
        allow_null=True, help_text="Hours by contract without holidays and absences; null for fewer than five people."
    )
    why = serializers.ChoiceField(
        ["", "small", "no_time", "none_logged"], help_text="Why there is no utilisation. small: fewer than five people."
    )

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


def load_shape(department: Department, scope: Scope, load: Load) -> dict:
    told = load.is_group
    return {
        "department": department.slug,
        "from": scope.period.start,
        "to": scope.period.end,
        "n": load.people,
        "utilisation": load.share,
        "logged_seconds": load.logged if told else None,
        "available_seconds": round(load.available) if told else None,
        "why": load.why,
    }


class DepartmentLoad(api.Address):
    query = PeriodQuery

    @extend_schema(
        tags=["Figures"],
        operation_id="figures_capacity",
        summary="Logged work against the time a department has",
        description="Open work is left out, because nobody estimates it.",
        parameters=[PeriodQuery],
        responses={200: LoadShape, **api.refusals(403, 404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        department = get_department(person=request.user, slug=slug)
        policies.require_sight(request.user, department)
        zone = ZoneInfo(department.time_zone)
        scope = Scope(Side.SUPPLIER, tuple(below(department)), period_of(self.asked, zone), timezone.now(), zone)
        return Response(load_shape(department, scope, load_of(scope)))


urlpatterns = [
    path("figures/departments/<ascii:slug>/capacity/", DepartmentLoad.as_view(), name="figures-capacity"),
]
