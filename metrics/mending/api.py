"""The recurrence rate over HTTP."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.mending.selectors import recurrence_page
from metrics.rollups.states import Side
from requests_app.kernel import api


class RecurrenceQuery(api.Query):
    side = serializers.ChoiceField(
        [(Side.SUPPLIER, Side.SUPPLIER), (Side.CUSTOMER, Side.CUSTOMER)],
        required=False,
        help_text="Owed by (supplier) or to the department.",
    )


class RecurrenceActionShape(api.Shape):
    action = serializers.IntegerField(allow_null=True, help_text="null: not yours to read.")
    confirmed_at = serializers.DateTimeField()
    back_at = serializers.DateTimeField(allow_null=True, help_text="null: it did not come back within 90 days.")


class RecurrenceShape(api.Shape):
    department = serializers.CharField()
    side = serializers.CharField()
    n = serializers.IntegerField(help_text="Confirmations whose 90 days ended in the last 12 months.")
    back = serializers.IntegerField(help_text="Of these, whose problem was there again within 90 days.")
    share = serializers.FloatField(allow_null=True, help_text="null: nothing to tell of yet.")
    low = serializers.FloatField(allow_null=True, help_text="95 % interval by Wilson.")
    high = serializers.FloatField(allow_null=True)
    early = serializers.IntegerField(help_text="Confirmed too lately to tell.")
    actions = RecurrenceActionShape(many=True)


class RecurrenceAddress(api.Address):
    query = RecurrenceQuery

    @extend_schema(
        tags=["Figures"],
        operation_id="figures_recurrence",
        summary="How often problems came back after they were confirmed to be solved",
        parameters=[RecurrenceQuery],
        responses={200: RecurrenceShape, **api.refusals(403, 404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        side = self.asked.get("side", Side.SUPPLIER)
        page = recurrence_page(person=request.user, slug=slug, side=side)
        figure = page.figure
        low, high = figure.interval or (None, None)
        lines = [
            {
                "action": line.action.pk if line.action else None,
                "confirmed_at": line.confirmed.at,
                "back_at": line.confirmed.back_at,
            }
            for line in page.lines
        ]
        return Response(
            {
                "department": page.department.slug, "side": side, "n": figure.n, "back": figure.back,
                "share": figure.share, "low": low, "high": high, "early": figure.early, "actions": lines,
            }
        )  # fmt: skip


urlpatterns = [
    path("figures/departments/<ascii:slug>/recurrence/", RecurrenceAddress.as_view(), name="figures-recurrence"),
]
