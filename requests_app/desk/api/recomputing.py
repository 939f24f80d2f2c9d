"""Moving open requests to the present hours of a calendar, over HTTP."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.calendars.models import Calendar
from requests_app.calendars.policies import require_edit_calendar
from requests_app.calendars.selectors import get_calendar
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
    clocks = serializers.IntegerField(help_text="Running clocks measured by an older version.")
    requests = serializers.IntegerField()
    changes = ChangeShape(many=True, help_text="The first 50.")
    started = serializers.BooleanField()


class Recompute(api.Address):
    def find(self, slug: str) -> Calendar:
        return get_calendar(person=self.request.user, slug=slug)

    @extend_schema(
        tags=["Calendars"],
        operation_id="calendars_recompute",
        summary="Measure open requests by the calendar's present hours, or say what that would change",
        parameters=[api.IDEMPOTENCY_KEY],
        request=RecomputeBody,
        responses={200: RecomputeShape, 202: RecomputeShape, **api.refusals(403, 404, 409)},
    )
    @once
    def post(self, request: Request, **names) -> Response:
        dry = self.body(RecomputeBody)["dry_run"]
        require_edit_calendar(request.user, self.found)
        found = preview(self.found, request.user)
        if not dry:
            start_recomputation(by=request.user, calendar=self.found)
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


urlpatterns = [path("calendars/<slug:slug>/recompute/", Recompute.as_view(), name="calendar-recompute")]
