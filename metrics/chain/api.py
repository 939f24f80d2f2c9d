"""The declared and observed map over HTTP."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.chain.states import Match
from metrics.chain.selectors import Line, map_page
from metrics.chain.states import Gap
from metrics.dashboards.states import SPANS
from requests_app.kernel import api


class MapQuery(api.Query):
    period = serializers.ChoiceField(list(SPANS), required=False, help_text="The last days; quarter when left out.")
    department = api.Slug(required=False, help_text="Only what it supplies, and what it is supplied with.")


class LinkShape(api.Shape):
    supplier = serializers.CharField()
    customer = serializers.CharField(allow_null=True, help_text="null: the customers outside the company.")
    match = serializers.ChoiceField(Match.choices, help_text="How what both say of it fits together.")
    by_supplier = serializers.BooleanField(help_text="The supplier names this customer.")
    by_customer = serializers.BooleanField(help_text="The customer names this supplier.")
    gap = serializers.ChoiceField(Gap.choices, help_text="What the requests show otherwise.")
    n = serializers.IntegerField(help_text="Requests of this customer with this supplier in the period.")
    whole = serializers.IntegerField(help_text="Requests of all other departments with this supplier.")
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="95 % interval of the share.")
    high = serializers.FloatField(allow_null=True)


class DifferenceShape(api.Shape):
    kind = serializers.CharField()
    words = serializers.CharField()
    supplier = serializers.CharField()
    customer = serializers.CharField()


class MapShape(api.Shape):
    links = LinkShape(many=True, help_text="Every direction that somebody names or should; what differs first.")
    differences = DifferenceShape(many=True)
    light = serializers.IntegerField(help_text="Directions that are used, and neither named nor heavy.")
    as_of = serializers.DateTimeField()

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


class ChainMap(api.Address):
    query = MapQuery

    @extend_schema(
        tags=["Chain"],
        operation_id="chain_map",
        summary="The chain of suppliers and customers as departments say it is, beside what the requests show",
        parameters=[MapQuery],
        responses={200: MapShape, **api.refusals(403)},
    )
    def get(self, request: Request) -> Response:
        asked = {"choice": self.asked.get("period", ""), "department": self.asked.get("department", "")}
        page = map_page(person=request.user, **asked)
        slugs = {row.pk: row.slug for row in page.departments}
        differences = [
            {
                "kind": point.kind, "words": point.words, "supplier": slugs[point.supplier_id],
                "customer": slugs[point.customer_id],
            }
            for point in page.points
        ]  # fmt: skip
        period = page.stretch.period
        found = {"links": [_link(line) for line in page.lines], "differences": differences, "light": page.light}
        return Response(found | {"as_of": page.as_of, "from": period.start, "to": period.end})


def _link(line: Line) -> dict[str, Any]:
    way = line.way
    low, high = way.interval or (None, None)
    return {
        "supplier": line.supplier.slug, "customer": line.customer and line.customer.slug, "match": way.match,
        "by_supplier": bool(way.link and way.link.supplier_names_it),
        "by_customer": bool(way.link and way.link.customer_names_it),
        "gap": way.gap, "n": way.n, "whole": way.whole, "share": way.share, "low": low, "high": high,
    }  # fmt: skip


urlpatterns = [path("chain/", ChainMap.as_view(), name="chain_map")]
