"""What departments are to each other, over HTTP."""

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.dashboards.states import SPANS, Tile
from metrics.relations.listing import relations_of
from metrics.relations.selectors import relation_of
from metrics.rollups.api.shapes import FigureShape, figure_shape
from requests_app.kernel import api
from requests_app.org.models import Department
from requests_app.org.selectors import get_department

VERDICTS = ["better", "worse", "unclear"]


class SpanQuery(api.Query):
    period = serializers.ChoiceField(list(SPANS), required=False, help_text="The last days; 30 when it is left out.")


class ComparedShape(FigureShape):
    change = serializers.FloatField(allow_null=True, help_text="Since as many days before; null where it has no value.")
    verdict = serializers.ChoiceField(
        VERDICTS, allow_null=True, help_text="unclear: no more than chance explains. null: neither way is better."
    )


class WayShape(api.Shape):
    supplier = serializers.CharField()
    customer = serializers.CharField()
    figures = ComparedShape(many=True)


class RelationShape(api.Shape):
    ways = WayShape(many=True, help_text="Each of the two as the other's supplier.")
    as_of = serializers.DateTimeField()

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


class RelationsShape(RelationShape):
    department = serializers.CharField()


def compared_shape(tile: Tile) -> dict[str, Any]:
    rows = figure_shape(tile.figure)
    return rows | {"change": tile.change, "verdict": tile.verdict or None}


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_relation",
        summary="What two departments are to each other",
        parameters=[SpanQuery],
        responses={200: RelationShape, **api.refusals(403, 404)},
    )
)
class OfTwo(api.Address):
    """The same for both, whoever asks and in whichever order they are named."""

    query = SpanQuery

    def find(self, one: str, other: str) -> tuple[Department, Department]:
        if one == other:
            raise Http404
        first, second = (get_department(person=self.request.user, slug=slug) for slug in sorted((one, other)))
        return first, second

    def get(self, request: Request, **names) -> Response:
        one, other = self.found
        found = relation_of(person=request.user, one=one, other=other, choice=self.asked.get("period", ""))
        ways = [
            {
                "supplier": supplier.slug,
                "customer": customer.slug,
                "figures": [compared_shape(line.tiles[place]) for line in found.lines],
            }
            for place, (supplier, customer) in enumerate(found.pairs)
        ]
        period = found.stretch.period
        return Response({"from": period.start, "to": period.end, "ways": ways, "as_of": found.as_of})


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_relations",
        summary="All relations of a department",
        parameters=[SpanQuery],
        responses={200: RelationsShape, **api.refusals(403, 404)},
    )
)
class OfDepartment(api.Address):
    """First those it supplies, then those that supply it; the busiest first."""

    query = SpanQuery

    def find(self, slug: str) -> Department:
        return get_department(person=self.request.user, slug=slug)

    def get(self, request: Request, slug: str) -> Response:
        found = relations_of(person=request.user, slug=slug, choice=self.asked.get("period", ""))
        ways = [
            {
                "supplier": found.department.slug if side == "supplier" else line.department.slug,
                "customer": line.department.slug if side == "supplier" else found.department.slug,
                "figures": [compared_shape(tile) for tile in line.tiles.values()],
            }
            for side, lines in found.sides.items()
            for line in lines
        ]
        period = found.stretch.period
        return Response(
            {
                "department": found.department.slug,
                "from": period.start,
                "to": period.end,
                "ways": ways,
                "as_of": found.as_of,
            }
        )


urlpatterns = [
    path("figures/relations/<ascii:one>/<ascii:other>/", OfTwo.as_view(), name="figures-relation"),
    path("figures/departments/<ascii:slug>/relations/", OfDepartment.as_view(), name="figures-relations"),
]
