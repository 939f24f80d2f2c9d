"""Figures across departments: the matrix, a figure over time, and what each figure means."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.rollups import policies, selectors
from metrics.rollups.api.asked import STEPS, FigureQuery, SeriesQuery, company_zone, named, period_of
from metrics.rollups.api.shapes import FigureShape, figure_shape
from metrics.rollups.definitions import DEFINITIONS, Definition, Direction, Unit
from metrics.rollups.kinds import kinds_asked
from metrics.rollups.meaning import ANCHORS, edge_cases
from metrics.rollups.states import Figure, Period, Scope, Side
from requests_app.kernel import api
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.org.models import Department
from requests_app.org.selectors import below, departments_for

MOST_POINTS = 1200


class DefinitionShape(api.Shape):
    key = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.ChoiceField([unit.value for unit in Unit])
    direction = serializers.ChoiceField([direction.value for direction in Direction], help_text="Which way is better.")
    formula = serializers.CharField(help_text="What it counts, in words.")
    anchor = serializers.CharField(help_text="By which date a request belongs to a period; snapshot: open at its end.")
    day = serializers.CharField(help_text="The same in words.")
    edge_cases = serializers.ListField(child=serializers.CharField(), help_text="What counts, is left out or hidden.")
    target = serializers.FloatField(allow_null=True, help_text="The usual one; departments may have their own.")
    calendar = serializers.BooleanField(help_text="Also told in calendar time.")
    answers = serializers.BooleanField(help_text="What people answered: hidden below five respondents.")


def definition_shape(definition: Definition) -> dict[str, Any]:
    return {
        "key": definition.key,
        "label": str(definition.label),
        "unit": definition.unit.value,
        "direction": definition.direction.value,
        "formula": str(definition.formula),
        "anchor": definition.anchor,
        "day": str(ANCHORS[definition.anchor]),
        "edge_cases": edge_cases(definition),
        "target": definition.target,
        "calendar": bool(definition.calendar),
        "answers": definition.personal,
    }


class DefinitionsShape(api.Shape):
    figures = DefinitionShape(many=True)


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_definitions",
        summary="What each figure means",
        responses={200: DefinitionsShape, **api.refusals()},
    )
)
class Definitions(api.Address):
    def get(self, request: Request) -> Response:
        return Response({"figures": [definition_shape(definition) for definition in DEFINITIONS.values()]})


# ── The matrix ───────────────────────────────────────────────────────────────


class MatrixCell(FigureShape):
    customer = serializers.CharField()
    supplier = serializers.CharField()


class MatrixShape(api.Shape):
    figure = serializers.CharField()
    unit = serializers.ChoiceField([unit.value for unit in Unit])
    cells = MatrixCell(many=True, help_text="Pairs between which there was something to count.")
    as_of = serializers.DateTimeField()

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_matrix",
        summary="One figure for every pair of departments",
        parameters=[FigureQuery],
        responses={200: MatrixShape, **api.refusals(403)},
    )
)
class Matrix(api.Address):
    query = FigureQuery

    def get(self, request: Request) -> Response:
        sight = policies.require_company(request.user)
        definition = DEFINITIONS[self.asked["figure"]]
        zone = company_zone()
        scope = Scope(Side.SUPPLIER, None, period_of(self.asked, zone), timezone.now(), zone)
        slugs = dict(departments_for(request.user).values_list("pk", "slug"))
        cells = selectors.figures_of_pairs(scope, [definition.key])[definition.key].cells
        if definition.personal and sight != policies.Sight.FULL:
            own = policies.own_departments(request.user)
            cells = {pair: figure for pair, figure in cells.items() if own & set(pair)}
        return Response(
            {
                "figure": definition.key,
                "unit": definition.unit.value,
                "from": scope.period.start,
                "to": scope.period.end,
                "cells": [
                    {"customer": slugs[customer], "supplier": slugs[supplier], **figure_shape(figure)}
                    for (customer, supplier), figure in sorted(cells.items())
                    if customer in slugs and supplier in slugs
                ],
                "as_of": selectors.as_of(scope.now),
            }
        )


# ── Over time ────────────────────────────────────────────────────────────────


class Point(FigureShape):
    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


class SeriesShape(api.Shape):
    figure = serializers.CharField()
    unit = serializers.ChoiceField([unit.value for unit in Unit])
    supplier = serializers.CharField(allow_null=True)
    customer = serializers.CharField(allow_null=True)
    step = serializers.ChoiceField(STEPS)
    points = Point(many=True)
    as_of = serializers.DateTimeField()


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_series",
        summary="One figure over time",
        parameters=[SeriesQuery],
        responses={200: SeriesShape, **api.refusals(403)},
    )
)
class Series(api.Address):
    """Weeks begin on Monday; the first and the last piece may be shorter."""

    query = SeriesQuery

    def get(self, request: Request) -> Response:
        definition = DEFINITIONS[self.asked["figure"]]
        if definition.is_snapshot and definition.key != "backlog":
            raise WrongInput({"figure": [_("Of open work only the backlog has a past. Choose another figure.")]})
        supplier, customer = (named(self.asked, name, request) for name in ("supplier", "customer"))
        kinds = kinds_asked(self.asked)
        _require_series(request, definition, supplier, customer, finer=bool(kinds))
        department = supplier or customer
        zone = ZoneInfo(department.time_zone) if department else company_zone()
        period, step = period_of(self.asked, zone), self.asked.get("step", "week")
        pieces = pieces_of(period, step)
        scope = replace(_scope(supplier, customer, period, zone), **kinds)
        return Response(
            {
                "figure": definition.key,
                "unit": definition.unit.value,
                "supplier": supplier and supplier.slug,
                "customer": customer and customer.slug,
                "step": step,
                "points": [
                    {"from": piece.start, "to": piece.end, **figure_shape(figure)}
                    for piece, figure in zip(pieces, _told(scope, definition, pieces), strict=True)
                ],
                "as_of": selectors.as_of(scope.now),
            }
        )


def _told(scope: Scope, definition: Definition, pieces: list[Period]) -> list[Figure]:
    return selectors.series(scope, [definition.key], pieces)[definition.key]


def _scope(supplier: Department | None, customer: Department | None, period: Period, zone: ZoneInfo) -> Scope:
    now = timezone.now()
    if supplier is None and customer is not None:
        return Scope(Side.CUSTOMER, tuple(below(customer)), period, now, zone)
    suppliers = tuple(below(supplier)) if supplier else None
    return Scope(Side.SUPPLIER, suppliers, period, now, zone, other_ids=tuple(below(customer)) if customer else None)


def _require_series(
    request: Request,
    definition: Definition,
    supplier: Department | None,
    customer: Department | None,
    *,
    finer: bool,
) -> None:
    """The strictest of what the reader may see of those named; of nobody named, of the company."""
    named_ones = [department for department in (supplier, customer) if department]
    sights = [policies.require_sight(request.user, department) for department in named_ones]
    best = max(sights, default=policies.require_company(request.user) if not sights else 0)
    if len(named_ones) == 2 and best != policies.Sight.FULL:
        raise NotAllowed(_("The part of two departments in each other is for their own agents and heads, "
                           "executives and auditors."))  # fmt: skip
    policies.require_narrowing(request.user, best, None, finer=finer)
    readable = [policies.may_read_answers(request.user, department) for department in named_ones]
    if definition.personal and not (any(readable) or (not named_ones and best == policies.Sight.FULL)):
        raise NotAllowed(_("What people answered is told to the department itself, executives and auditors."))


def pieces_of(period: Period, step: str) -> list[Period]:
    pieces = {"month": period.months, "week": period.weeks, "day": lambda: period.cut(1)}[step]()
    if len(pieces) > MOST_POINTS:
        raise WrongInput(
            {"step": [_("That makes more than %(n)s points. Take a longer step or fewer days.") % {"n": MOST_POINTS}]}
        )
    return pieces
