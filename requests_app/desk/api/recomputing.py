"""Moving open requests to the present hours of a calendar or to an agreement, over HTTP."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import get_agreement
from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import get_calendar
from requests_app.desk.policies import require_recompute
from requests_app.desk.services.recomputing import preview, start_recomputation
from requests_app.events.api import once
from requests_app.kernel import api


class RecomputeBody(api.StrictSerializer):
    dry_run = api.YesOrNo(required=False, default=False, help_text="true: only say what would change.")


class ChangeShape(api.Shape):
    request = serializers.CharField()
    measure = serializers.CharField()
    before = serializers.DateTimeField(allow_null=True)
    after = serializers.DateTimeField(allow_null=True)


class RecomputeShape(api.Shape):
    clocks = serializers.IntegerField(help_text="Running clocks measured by something older.")
    requests = serializers.IntegerField()
    changes = ChangeShape(many=True, help_text="The first 50 whose due time changes.")
    started = serializers.BooleanField()


def _described(tag: str, operation: str, summary: str):
    return extend_schema(
        tags=[tag],
        operation_id=operation,
        summary=summary,
        parameters=[api.IDEMPOTENCY_KEY],
        request=RecomputeBody,
        responses={200: RecomputeShape, 202: RecomputeShape, **api.refusals(403, 404, 409)},
    )


class Recompute(api.Address):
    def answer(self, request: Request) -> Response:
        dry = self.body(RecomputeBody)["dry_run"]
        require_recompute(request.user, self.found)
        found = preview(self.found, request.user)
        if not dry:
            start_recomputation(by=request.user, rule=self.found)
        shape = {
            "clocks": found.clocks,
            "requests": found.requests,
            "changes": [
                {"request": one.number, "measure": one.measure, "before": one.before, "after": one.after}
                for one in found.changes
            ],
            "started": not dry,
        }
        return Response(shape, status=status.HTTP_200_OK if dry else status.HTTP_202_ACCEPTED)


class ByCalendar(Recompute):
    def find(self, slug: str) -> Calendar:
        return get_calendar(person=self.request.user, slug=slug)

    @_described("Calendars", "calendars_recompute",
                "Measure open requests by the calendar's present hours, or say what that would change")  # fmt: skip
    @once
    def post(self, request: Request, **names) -> Response:
        return self.answer(request)


class ByAgreement(Recompute):
    def find(self, pk: int) -> Agreement:
        return get_agreement(person=self.request.user, pk=pk)

    @_described("Agreements", "agreements_recompute",
                "Have open requests follow the agreement that is in force, or say what that would change")  # fmt: skip
    @once
    def post(self, request: Request, **names) -> Response:
        return self.answer(request)


urlpatterns = [
    path("calendars/<slug:slug>/recompute/", ByCalendar.as_view(), name="calendar-recompute"),
    path("agreements/<row:pk>/recompute/", ByAgreement.as_view(), name="agreement_recompute"),
]
