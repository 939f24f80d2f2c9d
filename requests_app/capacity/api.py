"""Absences and hours a week over HTTP."""

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.capacity.models import Absence
from requests_app.capacity.policies import visible_absences
from requests_app.capacity.selectors import Agent, agents_with_hours, get_absence
from requests_app.capacity.services import enter_absence, set_hours, withdraw_absence
from requests_app.capacity.states import MOST_MINUTES, Kind
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import Department, Person
from requests_app.org.policies import require_edit_department
from requests_app.org.selectors import get_department, people_for


def _someone(asking: Person, email: str) -> Person:
    found = people_for(asking).filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise serializers.ValidationError(_("Nobody here has this address. Choose one from the list."))
    return found


class AbsenceShape(api.Shape):
    id = serializers.IntegerField()
    person = serializers.EmailField()
    kind = serializers.ChoiceField(Kind.choices)
    first = serializers.DateField()
    last = serializers.DateField(help_text="Inclusive.")


class AbsenceBody(api.StrictSerializer):
    person = serializers.EmailField(required=False, help_text="Left out: yourself.")
    kind = serializers.ChoiceField(Kind.choices)
    first = api.Day()
    last = api.Day()

    def validate_person(self, value: str) -> Person:
        return _someone(self.context["person"], value)


def absence_shape(row: Absence) -> dict:
    return {"id": row.pk, "person": row.person.email, "kind": row.kind, "first": row.first, "last": row.last}


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="absences_list",
        summary="List absences: your own, and of people of departments you lead",
        parameters=[api.PageQuery],
        responses={200: api.page_of(AbsenceShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="absences_enter",
        summary="Say when somebody is away",
        parameters=[api.IDEMPOTENCY_KEY],
        request=AbsenceBody,
        responses={201: AbsenceShape, **api.refusals(403, 422)},
    ),
)
class AbsenceList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        return self.page(visible_absences(request.user).select_related("person"), ("first", "id"), absence_shape)

    @once
    def post(self, request: Request) -> Response:
        given = self.body(AbsenceBody, context={"person": request.user})
        row = enter_absence(by=request.user, person=given.pop("person", request.user), **given)
        return Response(absence_shape(row), status=status.HTTP_201_CREATED)


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    delete=extend_schema(
        operation_id="absences_withdraw",
        summary="Somebody is there after all",
        responses={204: None, **api.refusals(403, 404)},
    )
)
class AbsenceAddress(api.Address):
    def find(self, pk: int) -> Absence:
        return get_absence(person=self.request.user, pk=pk)

    def delete(self, request: Request, **names) -> Response:
        withdraw_absence(by=request.user, absence=self.found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class HoursShape(api.Shape):
    person = serializers.EmailField()
    minutes = serializers.IntegerField(help_text="A week, as of today.")
    stated = serializers.BooleanField(help_text="false: nobody said so, the calendar's week is taken.")


class HoursListShape(api.Shape):
    results = HoursShape(many=True)


class HoursBody(api.StrictSerializer):
    person = serializers.EmailField()
    minutes = api.WholeNumber(min_value=0, max_value=MOST_MINUTES)
    since = api.Day(required=False, help_text="Left out: today.")

    def validate_person(self, value: str) -> Person:
        return _someone(self.context["person"], value)


def hours_shape(row: Agent) -> dict:
    return {"person": row.person.email, "minutes": round(row.minutes), "stated": row.stated}


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="hours_list",
        summary="List the hours a week of a department's people (its heads)",
        responses={200: HoursListShape, **api.refusals(403, 404)},
    ),
    post=extend_schema(
        operation_id="hours_set",
        summary="State the hours a week of somebody, from a day on (its heads)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=HoursBody,
        responses={201: HoursListShape, **api.refusals(403, 404, 422)},
    ),
)
class HoursList(api.Address):
    def find(self, slug: str) -> Department:
        return get_department(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> Response:
        require_edit_department(request.user, self.found.pk)
        return self._answer(status.HTTP_200_OK)

    @once
    def post(self, request: Request, **names) -> Response:
        require_edit_department(request.user, self.found.pk)
        given = self.body(HoursBody, context={"person": request.user})
        set_hours(by=request.user, department=self.found, **given)
        return self._answer(status.HTTP_201_CREATED)

    def _answer(self, code: int) -> Response:
        rows = agents_with_hours(self.found, today=timezone.localdate())
        return Response({"results": [hours_shape(row) for row in rows]}, status=code)


urlpatterns = [
    path("absences/", AbsenceList.as_view(), name="absences"),
    path("absences/<row:pk>/", AbsenceAddress.as_view(), name="absence"),
    path("departments/<ascii:slug>/hours/", HoursList.as_view(), name="hours"),
]
