"""Days off from the text of an .ics file, over HTTP: what it would do, or do it."""

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.calendars.ics_import import MOST_BYTES, Row, days_in, read_ics
from requests_app.calendars.models import Calendar
from requests_app.calendars.policies import require_edit_calendar
from requests_app.calendars.selectors import changes_by, get_calendar
from requests_app.calendars.services import add_special_days
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput


class DaysOffBody(api.StrictSerializer):
    ics = api.Text(max_length=MOST_BYTES, trim_whitespace=False, help_text="The text of an .ics file.")
    reason = api.Text(required=False, allow_blank=True, max_length=500)
    dry_run = api.YesOrNo(required=False, default=False, help_text="true: only say what would change.")


class DayOffShape(api.Shape):
    date = serializers.DateField()
    name = serializers.CharField()
    change = serializers.ChoiceField(["added", "changed", "same", "refused"])


class RefusedEventShape(api.Shape):
    event = serializers.IntegerField(help_text="Its place in the file, from 1.")
    name = serializers.CharField()
    why = serializers.CharField()


class DaysOffShape(api.Shape):
    days = DayOffShape(many=True)
    refused = RefusedEventShape(many=True)
    version = serializers.IntegerField(help_text="The version that holds now.")
    saved = serializers.BooleanField()


def _read(text: str, calendar: Calendar) -> list[Row]:
    """What is wrong with the file as a whole is said of the field it came in."""
    try:
        return read_ics(text.encode(), zone=calendar.current.zone, today=timezone.localdate())
    except WrongInput as error:
        raise WrongInput({"ics": [sentence for said in error.errors.values() for sentence in said]}) from error


class DaysOff(api.Address):
    def find(self, slug: str) -> Calendar:
        return get_calendar(person=self.request.user, slug=slug)

    @extend_schema(
        tags=["Organisation"],
        operation_id="calendars_days_off",
        summary="Add the days of an .ics file, or say what that would do",
        parameters=[api.IDEMPOTENCY_KEY],
        request=DaysOffBody,
        responses={200: DaysOffShape, **api.refusals(403, 404)},
    )
    @once
    def post(self, request: Request, **names) -> Response:
        body, calendar = self.body(DaysOffBody), self.found
        require_edit_calendar(request.user, calendar)
        rows = _read(body["ics"], calendar)
        changes = changes_by(calendar.current, days_in(rows))
        version, saves = calendar.current, bool(changes.days) and not body["dry_run"]
        if saves:
            reason = body.get("reason") or _("From a file over the API")
            version = add_special_days(
                by=request.user, calendar=calendar, days=changes.days, reason=reason, based_on=version.number
            )
        return Response(
            {
                "days": [{"date": line.day.date, "name": line.day.name, "change": line.kind} for line in changes.lines],
                "refused": [
                    {"event": place, "name": row.name, "why": row.refused}
                    for place, row in enumerate(rows, start=1)
                    if row.refused
                ],
                "version": version.number,
                "saved": saves,
            }
        )


urlpatterns = [path("calendars/<ascii:slug>/days-off/", DaysOff.as_view(), name="calendar-days-off")]
