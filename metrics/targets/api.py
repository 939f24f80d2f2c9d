"""What figures are to reach, over HTTP."""

from typing import Any

from django.db import transaction
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.rollups.definitions import Unit
from metrics.targets import policies
from metrics.targets.selectors import own_targets, targets_of
from metrics.targets.services import set_targets
from metrics.targets.states import FIGURES
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for

WHOSE = "The slug of the department; the company's without one."


class TargetsQuery(api.Query):
    department = serializers.CharField(required=False, max_length=80, help_text=WHOSE)


class FigureTargetShape(api.Shape):
    figure = serializers.CharField()
    unit = serializers.ChoiceField([unit.value for unit in Unit], help_text="Durations are seconds of working time.")
    value = serializers.FloatField(allow_null=True, help_text="What holds; null: nothing is to be reached.")
    own = serializers.FloatField(allow_null=True, help_text="What was set here.")
    otherwise = serializers.FloatField(allow_null=True, help_text="What holds while nothing is set here.")


class FigureTargetsShape(api.Shape):
    department = serializers.CharField(allow_null=True)
    targets = FigureTargetShape(many=True)


class FigureTargetsBody(api.StrictSerializer):
    department = serializers.CharField(required=False, allow_null=True, max_length=80, help_text=WHOSE)
    targets = serializers.DictField(
        child=serializers.FloatField(allow_null=True), allow_empty=False,
        help_text="Figure to value; null takes the own target away. What is not named stays.",
    )  # fmt: skip


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="figures_targets",
        summary="What figures are to reach",
        parameters=[TargetsQuery],
        responses={200: FigureTargetsShape, **api.refusals()},
    ),
    put=extend_schema(
        operation_id="figures_targets_set",
        summary="Set what figures are to reach",
        parameters=[api.IF_MATCH],
        request=FigureTargetsBody,
        responses={200: FigureTargetsShape, **api.refusals(403, 412)},
    ),
)
class Targets(api.Address):
    query = TargetsQuery

    def get(self, request: Request) -> Response:
        return _answer(_named(request.user, self.asked.get("department")))

    def put(self, request: Request) -> Response:
        values = self.body(FigureTargetsBody)
        department = _named(request.user, values.get("department"))
        policies.require_set(request.user, department)
        unknown = values["targets"].keys() - FIGURES.keys()
        if unknown:
            raise WrongInput(
                {"targets": [_("No target is set for %(keys)s.") % {"keys": ", ".join(sorted(unknown))[:200]}]}
            )
        with transaction.atomic():
            try:
                versions = api.expected(request)
                set_targets(
                    by=request.user, department=department, targets=values["targets"],
                    based_on=versions[0] if versions else None,
                )  # fmt: skip
            except WrongInput as error:
                raise WrongInput({"targets": [f"{key}: {why[0]}" for key, why in error.errors.items()]}) from error
        return _answer(department)


def _named(person: Person, slug: str | None) -> Department | None:
    if not slug:
        return None
    found = departments_for(person).filter(slug=slug).first()
    if found is None:
        raise WrongInput({"department": [_("There is no such department. Give its slug.")]})
    return found


def _answer(department: Department | None) -> Response:
    shape: dict[str, Any] = {
        "department": department and department.slug,
        "targets": [
            {"figure": one.definition.key, "unit": one.definition.unit.value, "value": one.value, "own": one.own,
             "otherwise": one.otherwise}
            for one in targets_of(department)
        ],
    }  # fmt: skip
    return Response(shape, headers={"ETag": api.tag(fingerprint(own_targets(department)))})


urlpatterns = [path("figures/targets/", Targets.as_view(), name="figures-targets")]
