"""Working calendars over HTTP. A change of hours is a new version; the past keeps its own."""

from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.calendars.ics_export import CONTENT_TYPE, write_ics
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.questions import MOST_ROWS, answers
from requests_app.calendars.selectors import calendars_for, departments_using, get_calendar, versions_of
from requests_app.calendars.services import FIELDS, change_calendar, create_calendar, revise_calendar
from requests_app.calendars.states import MOST_SPECIAL_DAYS, MOST_WINDOWS
from requests_app.events.api import once
from requests_app.kernel import api


def _windows(field: type[serializers.Field], **options) -> serializers.ListField:
    """[["09:00", "12:30"], ["13:00", "17:00"]]"""
    pair = serializers.ListField(child=field(max_length=5), min_length=2, max_length=2)
    return serializers.ListField(child=pair, max_length=MOST_WINDOWS, **options)


class SpecialDayShape(api.Shape):
    date = serializers.DateField()
    name = serializers.CharField()
    windows = _windows(serializers.CharField, help_text="Other hours of that day; none is closed.")


class DayRuleShape(api.Shape):
    cutoff = serializers.CharField(help_text="A start at or after it counts as the next working day's; 24:00: never.")
    restart = serializers.CharField(help_text="The clock time such a start is taken to have on that day.")
    workdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        allow_null=True,
        help_text="0 is Monday; null: the weekdays with hours.",
    )
    holidays_off = serializers.BooleanField(help_text="Days that are closed do not count.")


class CalendarLinks(api.Shape):
    self = serializers.URLField()
    versions = serializers.URLField()
    ics = serializers.URLField()


class CalendarShape(api.Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()
    region = serializers.CharField()
    is_default = serializers.BooleanField(help_text="Serves every department that chose none.")
    departments = serializers.ListField(child=serializers.CharField(), required=False, help_text="Who works by it.")
    version = serializers.IntegerField()
    effective_from = serializers.DateTimeField()
    zone = serializers.CharField()
    weekly = serializers.ListField(
        child=_windows(serializers.CharField), min_length=7, max_length=7, help_text="Monday first."
    )
    special_days = SpecialDayShape(many=True)
    day_rule = DayRuleShape(help_text="How targets in working days are counted.")
    links = CalendarLinks()


class CalendarVersionShape(api.Shape):
    version = serializers.IntegerField()
    effective_from = serializers.DateTimeField()
    reason = serializers.CharField()
    created_by = serializers.EmailField(allow_null=True)
    zone = serializers.CharField()
    weekly = serializers.ListField(child=_windows(serializers.CharField), min_length=7, max_length=7)
    special_days = SpecialDayShape(many=True)
    day_rule = DayRuleShape()


def calendar_shape(request: Request, calendar: Calendar) -> dict:
    here = f"/api/v1/calendars/{calendar.slug}/"
    return {
        "slug": calendar.slug,
        "name": calendar.name,
        "country": calendar.country,
        "region": calendar.region,
        "is_default": calendar.is_default,
        **hours_shape(calendar.current),
        "links": {
            "self": api.link(request, here),
            "versions": api.link(request, f"{here}versions/"),
            "ics": api.link(request, f"{here}ics/"),
        },
    }


def hours_shape(version: CalendarVersion) -> dict:
    return {
        "version": version.number,
        "effective_from": version.effective_from,
        "zone": version.zone,
        "weekly": version.weekly,
        "special_days": version.special_days,
        "day_rule": version.day_rule,
    }


def version_shape(version: CalendarVersion) -> dict:
    author = version.created_by.email if version.created_by else None
    return hours_shape(version) | {"reason": version.reason, "created_by": author}


class SpecialDayBody(api.StrictSerializer):
    date = api.Text(max_length=10, help_text="2026-12-24")
    name = api.Text(max_length=120)
    windows = _windows(api.Text, default=list)


class DayRuleBody(api.StrictSerializer):
    """What is left out stays as it is; for a new calendar, as usual."""

    cutoff = api.Text(max_length=5, required=False, help_text="17:00; 24:00: never.")
    restart = api.Text(max_length=5, required=False, help_text="08:30; earlier than the cutoff.")
    workdays = serializers.ListField(
        child=api.WholeNumber(min_value=0, max_value=6),
        required=False,
        allow_null=True,
        max_length=7,
        help_text="0 is Monday; null: the weekdays with hours.",
    )
    holidays_off = api.YesOrNo(required=False, help_text="Days that are closed do not count.")


class CalendarBody(api.StrictSerializer):
    """PUT: all of it as it shall be from now on. What is left out stays as it is."""

    name = api.Text(max_length=120, required=False)
    country = api.Text(max_length=2, required=False, allow_blank=True)
    region = api.Text(max_length=10, required=False, allow_blank=True)
    is_default = api.YesOrNo(required=False)
    zone = api.Text(max_length=60, required=False, help_text="Europe/Berlin")
    weekly = serializers.ListField(
        child=_windows(api.Text), required=False, min_length=7, max_length=7, help_text="Seven days, Monday first."
    )
    special_days = SpecialDayBody(many=True, required=False, max_length=MOST_SPECIAL_DAYS)
    day_rule = DayRuleBody(required=False, help_text="How targets in working days are counted.")
    reason = api.Text(max_length=500, required=False, allow_blank=True)


class NewCalendarBody(CalendarBody):
    slug = serializers.SlugField(max_length=60, required=False)
    name = api.Text(max_length=120)
    zone = api.Text(max_length=60, help_text="Europe/Berlin")
    weekly = serializers.ListField(
        child=_windows(api.Text), min_length=7, max_length=7, help_text="Seven days, Monday first."
    )
    reason = None


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="calendars_list",
        summary="List working calendars",
        parameters=[api.PageQuery],
        responses={200: api.page_of(CalendarShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="calendars_create",
        summary="Make a calendar (administrators)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=NewCalendarBody,
        responses={201: CalendarShape, **api.refusals(403, 409, 422)},
    ),
)
class CalendarList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        rows = calendars_for(request.user)
        return self.page(rows, ("name", "id"), lambda row: calendar_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        calendar = create_calendar(by=request.user, **self.body(NewCalendarBody))
        response = _answer(request, calendar)
        response.status_code = status.HTTP_201_CREATED
        response["Location"] = response.data["links"]["self"]
        return response


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="calendars_read",
        summary="Read a calendar with the hours in force",
        responses={200: CalendarShape, **api.refusals(404)},
    ),
    put=extend_schema(
        operation_id="calendars_replace",
        summary="Set other hours from now on (administrators; heads whose department uses it)",
        description="Other hours become the next version; no difference makes none. Open requests keep theirs.",
        parameters=[api.IF_MATCH],
        request=CalendarBody,
        responses={200: CalendarShape, **api.refusals(403, 404, 412)},
    ),
)
class CalendarAddress(api.Address):
    def find(self, slug: str) -> Calendar:
        return get_calendar(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> Response:
        return _answer(request, self.found)

    def put(self, request: Request, **names) -> Response:
        calendar = self.found
        values = self.body(CalendarBody)
        plain = {name: values.pop(name) for name in FIELDS if name in values}
        with transaction.atomic():
            if plain:  # this locks all calendars, so it comes before the lock of one
                change_calendar(by=request.user, calendar=calendar, **plain)
            revise_calendar(by=request.user, calendar=calendar, based_on=api.expected_version(request), **values)
        return _answer(request, self.find(**names))


def _answer(request: Request, calendar: Calendar) -> Response:
    using = [department.slug for department in departments_using(calendar)]
    shape = calendar_shape(request, calendar) | {"departments": using}
    return Response(shape, headers={"ETag": api.tag(calendar.current.number)})


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="calendars_versions",
        summary="The hours of a calendar as they were, newest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(CalendarVersionShape), **api.refusals(404)},
    )
)
class CalendarVersionList(api.Address):
    query = api.PageQuery

    def find(self, slug: str) -> Calendar:
        return get_calendar(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> Response:
        return self.page(versions_of(self.found), ("-number",), version_shape)


class WhateverIsAccepted(BaseContentNegotiation):
    """The address has one form only; clients of calendars ask for it by its type, and refusals stay JSON."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="calendars_ics",
        summary="The days that differ, as an .ics file",
        description="Closed days last all day; other hours are from opening to closing in the calendar's zone.",
        responses={
            (200, "text/calendar"): OpenApiResponse(OpenApiTypes.BINARY, description="The file."),
            **api.refusals(404),
        },
    )
)
class CalendarFile(api.Address):
    content_negotiation_class = WhateverIsAccepted

    def find(self, slug: str) -> Calendar:
        return get_calendar(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> HttpResponse:
        return HttpResponse(write_ics(self.found), content_type=CONTENT_TYPE)


class Rows(serializers.ListField):
    """Pairs, looked at one by one where they are answered: ten thousand nested fields would take seconds."""

    def __init__(self, **kwargs):
        super().__init__(child=serializers.JSONField(), required=False, max_length=MOST_ROWS, **kwargs)

    def run_child_validation(self, data):
        return data


class QuestionsBody(api.StrictSerializer):
    between = Rows(help_text="[[start, end], …] → seconds of working time between them, negative when swapped.")
    add_seconds = Rows(help_text="[[start, seconds], …] → the instant by which so many seconds are worked.")
    add_days = Rows(help_text="[[start, days], …] → the instant so many working days later, by the rule for days.")

    def validate(self, attrs: dict) -> dict:
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Ask one kind of question: between, add_seconds or add_days."))
        return attrs


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    post=extend_schema(
        operation_id="calendars_working_time",
        summary="Reckon working time by this calendar, up to 10 000 rows at once",
        description="Changes nothing. Answers a list, one element a row, by the hours in force now. Times are ISO 8601 "
        "with an offset.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=QuestionsBody,
        responses={200: serializers.ListSerializer(child=serializers.JSONField()), **api.refusals(404, 409, 422)},
    )
)
class WorkingTime(api.Address):
    changes_nothing = True

    def find(self, slug: str) -> Calendar:
        return get_calendar(person=self.request.user, slug=slug)

    @once
    def post(self, request: Request, **names) -> Response:
        ((kind, rows),) = self.body(QuestionsBody).items()
        return Response(answers(self.found.current, kind=kind, rows=rows))


urlpatterns = [
    path("calendars/", CalendarList.as_view(), name="calendars"),
    path("calendars/<ascii:slug>/", CalendarAddress.as_view(), name="calendar"),
    path("calendars/<ascii:slug>/working-time/", WorkingTime.as_view(), name="calendar-working-time"),
    path("calendars/<ascii:slug>/ics/", CalendarFile.as_view(), name="calendar-ics"),
    path("calendars/<ascii:slug>/versions/", CalendarVersionList.as_view(), name="calendar-versions"),
]
