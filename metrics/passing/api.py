"""Handoffs and holders over HTTP: the same numbers as on the page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.dashboards.states import SPANS
from metrics.passing.selectors import PassingPage, passing_of_company, passing_of_department
from metrics.passing.states import HELD, Bars, Held, Live
from metrics.rollups.api.shapes import FigureShape, figure_shape
from requests_app.kernel import api


class PassingQuery(api.Query):
    period = serializers.ChoiceField(
        sorted(SPANS), required=False, help_text="The last days. 30 of a department, year of the company."
    )

    def get_fields(self):
        fields = super().get_fields()
        fields["from"] = serializers.DateField(required=False, help_text="The first day, instead of a period.")
        fields["to"] = serializers.DateField(required=False, help_text="The last day, which is part of it.")
        return fields


class PingPongShape(api.Shape):
    one = serializers.CharField(help_text="The department it left, by name.")
    other = serializers.CharField(help_text="The one from which it came straight back.")
    n = serializers.IntegerField(help_text="How often.")
    requests = serializers.IntegerField(help_text="With how many requests.")
    seconds = serializers.IntegerField(
        allow_null=True, help_text="Working time from leaving to return, all of them together; null for fewer than 5."
    )


class PassedServiceShape(api.Shape):
    service = serializers.CharField()
    figures = FigureShape(many=True)


class ReasonShape(api.Shape):
    words = serializers.CharField(help_text="As given, at least three times; never of confidential requests.")
    n = serializers.IntegerField()


class HeldPartShape(api.Shape):
    holder = serializers.ChoiceField(HELD)
    seconds = serializers.IntegerField()
    share = serializers.FloatField()


class HeldShape(api.Shape):
    name = serializers.CharField()
    n = serializers.IntegerField(help_text="Delivered requests.")
    seconds = serializers.IntegerField(allow_null=True, help_text="Of all together; null for fewer than 5.")
    parts = HeldPartShape(many=True, help_text="They add up to the whole.")


class WaitedShape(api.Shape):
    department = serializers.CharField()
    n = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of the working time until delivery, that of waiting for the customer.")
    low = serializers.FloatField(help_text="99.8 % limits of the funnel round the company's share.")
    high = serializers.FloatField()
    outlier = serializers.BooleanField(help_text="More than chance explains.")


class LiveRowShape(api.Shape):
    number = serializers.CharField()
    department = serializers.CharField()
    since = serializers.DateTimeField()


class LiveShape(api.Shape):
    n = serializers.IntegerField()
    rows = LiveRowShape(many=True, help_text="Those that you may see, the oldest first, eight at most.")


class PassingShape(api.Shape):
    department = serializers.CharField(allow_null=True)
    figures = FigureShape(many=True)
    pairs = PingPongShape(many=True)
    services = PassedServiceShape(many=True)
    handed_over_because = ReasonShape(many=True)
    given_back_because = ReasonShape(many=True)
    held_by_service = HeldShape(many=True)
    held_by_pair = HeldShape(many=True)
    waited_for_customers = WaitedShape(many=True)
    unowned_now = LiveShape()
    bouncing_now = LiveShape()
    as_of = serializers.DateTimeField()

    def get_fields(self):
        days = {"from": serializers.DateField(), "to": serializers.DateField(help_text="The day after the last one.")}
        return super().get_fields() | days


def _held(bars: Bars) -> list[dict[str, Any]]:
    return [_held_shape(row) for row in bars.rows]


def _held_shape(row: Held) -> dict[str, Any]:
    parts = zip(HELD, row.parts, row.shares, strict=True)
    return {
        "name": row.name,
        "n": row.n,
        "seconds": row.whole if row.told else None,
        "parts": [{"holder": key, "seconds": part, "share": share} for key, part, share in parts] if row.told else [],
    }


def _plain(rows: Iterable[Any], *names: str) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in names} for row in rows]


def _live(live: Live) -> dict[str, Any]:
    return {"n": live.n, "rows": _plain(live.rows, "number", "department", "since")}


def passing_shape(page: PassingPage, request: Request) -> dict[str, Any]:
    counted, period = page.counted, page.stretch.period
    return {
        "department": page.department and page.department.slug,
        "from": period.start,
        "to": period.end,
        "figures": [
            figure_shape(tile.figure, api.link(request, tile.url) if tile.url else None)
            for tile in (*counted.tiles, counted.late)
        ],
        "pairs": _plain(counted.pairs, "one", "other", "n", "requests", "seconds"),
        "services": [
            {"service": row.name, "figures": [figure_shape(figure) for figure in _told(row.figures)]}
            for row in counted.services
        ],
        "handed_over_because": _plain(counted.handed, "words", "n"),
        "given_back_because": _plain(counted.given_back, "words", "n"),
        "held_by_service": _held(counted.by_service),
        "held_by_pair": _held(counted.by_pair),
        "waited_for_customers": [
            {"department": row.name, **one}
            for row, one in zip(
                counted.waits, _plain(counted.waits, "n", "share", "low", "high", "outlier"), strict=True
            )
        ],
        "unowned_now": _live(page.unowned),
        "bouncing_now": _live(page.bouncing),
        "as_of": page.as_of,
    }


def _told(figures: Any) -> Sequence[Any]:
    return [figure for key, figure in figures.items() if key not in HELD]


class _Passing(api.Address):
    query = PassingQuery

    def days(self) -> dict[str, str]:
        first, last = (str(self.asked.get(name) or "") for name in ("from", "to"))
        return {"choice": self.asked.get("period", ""), "start": first, "end": last}


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_passing_department",
        summary="Handoffs, bounces and time per holder of a department",
        parameters=[PassingQuery],
        responses={200: PassingShape, **api.refusals(403, 404)},
    )
)
class OfDepartment(_Passing):
    def get(self, request: Request, slug: str) -> Response:
        return Response(passing_shape(passing_of_department(person=request.user, slug=slug, **self.days()), request))


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_passing",
        summary="Handoffs, bounces and time per holder of the company",
        parameters=[PassingQuery],
        responses={200: PassingShape, **api.refusals(403)},
    )
)
class OfCompany(_Passing):
    def get(self, request: Request) -> Response:
        return Response(passing_shape(passing_of_company(person=request.user, **self.days()), request))


urlpatterns = [
    path("figures/departments/<ascii:slug>/passing/", OfDepartment.as_view(), name="figures-passing-department"),
    path("figures/passing/", OfCompany.as_view(), name="figures-passing"),
]
