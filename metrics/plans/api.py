"""The four plans over HTTP."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.plans.selectors import company_plans, department_plans
from metrics.plans.states import COMPLETENESS, COVERAGE, Coverage, Plan, Standing
from requests_app.kernel import api
from requests_app.org.models import Department


class MetShape(api.Shape):
    value = serializers.FloatField(allow_null=True, help_text="null: nobody to meet.")
    met = serializers.IntegerField()
    n = serializers.IntegerField(help_text="With at least five requests in the last twelve months.")


class PlansShape(api.Shape):
    department = serializers.CharField()
    done = serializers.ListField(child=serializers.ChoiceField(Plan.choices))
    completeness = serializers.FloatField(help_text=str(COMPLETENESS))
    customers = MetShape(help_text=str(COVERAGE))
    suppliers = MetShape()
    as_of = serializers.DateTimeField()


class CompanyPlansShape(api.Shape):
    results = PlansShape(many=True, help_text="In outline, departments of your own.")


def _coverage(found: Coverage) -> dict[str, Any]:
    return {"value": found.share, "met": found.count, "n": found.n}


def shape(department: Department, found: Standing, as_of: Any) -> dict[str, Any]:
    return {
        "department": department.slug,
        "done": [plan for plan in Plan if found.done[plan]],
        "completeness": found.completeness,
        "customers": _coverage(found.customers),
        "suppliers": _coverage(found.suppliers),
        "as_of": as_of,
    }


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="figures_plans",
        summary="The four plans of a department: what is done, whom it has met",
        responses={200: PlansShape, **api.refusals(403, 404)},
    )
)
class OfDepartment(api.Address):
    def get(self, request: Request, slug: str) -> Response:
        page = department_plans(person=request.user, slug=slug)
        return Response(shape(page.department, page.standing, page.as_of))


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="figures_company_plans",
        summary="The four plans of all departments",
        responses={200: CompanyPlansShape, **api.refusals(403)},
    )
)
class OfCompany(api.Address):
    def get(self, request: Request) -> Response:
        page = company_plans(person=request.user)
        return Response({"results": [shape(line.department, line.standing, page.as_of) for line in page.lines]})


urlpatterns = [
    path("figures/departments/<slug:slug>/plans/", OfDepartment.as_view(), name="figures-plans"),
    path("figures/company/plans/", OfCompany.as_view(), name="figures-company-plans"),
]
