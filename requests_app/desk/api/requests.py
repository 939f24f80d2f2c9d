"""Filing, finding, reading and changing requests."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import service_to_file
from requests_app.desk.api.part import RequestPart
from requests_app.desk.api.shapes import RequestShape, RowShape, new_request_shape, request_shape, row_shape
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.found import Filters, requests_found
from requests_app.desk.selectors.requests import request_as_it_is
from requests_app.desk.services.assignment import assign_request, edit_request, reprioritise_request
from requests_app.desk.services.filing import LONGEST_TITLE, Filing, file_request
from requests_app.desk.services.moves import lock_request
from requests_app.desk.states import Channel, Status
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for, people_for

LEVEL_HELP = "1 is the highest, 3 the lowest"


class RequestQuery(api.PageQuery):
    customer = api.Several(child=serializers.CharField(max_length=80), help_text="Department that asks, by slug.")
    supplier = api.Several(child=serializers.CharField(max_length=80), help_text="Department that owns it now.")
    service = api.Several(child=serializers.CharField(max_length=80))
    status = api.Several(child=serializers.ChoiceField(Status.choices))
    priority = api.Several(child=serializers.ChoiceField([str(number) for number in range(1, 6)]))
    requester = serializers.CharField(required=False, max_length=254, help_text="An address, or `me`.")
    assignee = serializers.CharField(required=False, max_length=254, help_text="An address, `me` or `none`.")
    q = serializers.CharField(required=False, max_length=200, help_text="Words of title, description or messages.")
    created = api.Day(required=False, help_text="Filed on this day, in the company's time zone.")
    created_from = api.Moment(required=False, help_text="Filed then or later; a date is its midnight.")
    created_to = api.Moment(required=False, help_text="Filed before.")
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    mine = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Asked or filed by me, or assigned to me."
    )

    def validate(self, attrs: dict) -> dict:
        day = attrs.pop("created", None)
        if day is not None:
            midnight = timezone.localtime().replace(day.year, day.month, day.day, 0, 0, 0, 0)
            attrs |= {"created_from": midnight, "created_to": midnight + timedelta(days=1)}
        attrs["priority"] = tuple(int(number) for number in attrs.get("priority", ()))
        return attrs


class FilingBody(api.StrictSerializer):
    service = api.Slug(help_text="What is asked for, by slug.")
    title = api.Text(max_length=LONGEST_TITLE)
    description = api.Text(max_length=20_000, default="", allow_blank=True)
    urgency = api.WholeNumber(min_value=1, max_value=3, default=3, help_text=LEVEL_HELP)
    impact = api.WholeNumber(min_value=1, max_value=3, default=3, help_text=LEVEL_HELP)
    form = serializers.DictField(default=dict, help_text="Answers by key of the service's form.")
    on_behalf_of = serializers.EmailField(required=False, allow_null=True, help_text="The colleague who needs it.")
    customer = api.Slug(required=False, allow_null=True, help_text="For which of the requester's departments.")

    def validate_service(self, value: str) -> Service:
        found = service_to_file(person=self.context["person"], slug=value)
        if found is None:
            raise serializers.ValidationError(_("There is no such service."))
        return found

    def validate_on_behalf_of(self, value: str | None) -> Person | None:
        return someone(self.context["person"], value)

    def validate_customer(self, value: str | None) -> Department | None:
        if value is None:
            return None
        found = departments_for(self.context["person"]).filter(slug=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such department."))
        return found


def someone(person: Person, email: str | None) -> Person | None:
    """Somebody whom `person` may find, by address; whoever is hidden is as unknown as whoever is not there."""
    if email is None:
        return None
    found = people_for(person).filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise serializers.ValidationError(_("There is nobody with this address."))
    return found


class ChangeBody(api.StrictSerializer):
    """What is left out stays. Each part has its own right: the words the requester's, the rest the supplier's."""

    title = api.Text(max_length=LONGEST_TITLE, required=False)
    description = api.Text(max_length=20_000, required=False, allow_blank=True)
    urgency = api.WholeNumber(min_value=1, max_value=3, required=False, help_text=LEVEL_HELP)
    impact = api.WholeNumber(min_value=1, max_value=3, required=False, help_text=LEVEL_HELP)
    reason = api.Text(max_length=2000, required=False, help_text="Why urgency or impact change; needed with them.")
    assignee = serializers.EmailField(required=False, allow_null=True, help_text="An agent of the supplier, or null.")

    def validate_assignee(self, value: str | None) -> Person | None:
        return someone(self.context["person"], value)

    def validate(self, attrs: dict) -> dict:
        levels = attrs.keys() & {"urgency", "impact"}
        if levels and "reason" not in attrs:
            raise serializers.ValidationError({"reason": _("Say why urgency or impact change.")})
        if "reason" in attrs and not levels:
            raise serializers.ValidationError({"reason": _("A reason goes with urgency or impact.")})
        return attrs


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="requests_list",
        summary="Find requests",
        description="What the caller may see, newest first.",
        parameters=[RequestQuery],
        responses={200: api.page_of(RowShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="requests_file",
        summary="File a request",
        parameters=[api.IDEMPOTENCY_KEY],
        request=FilingBody,
        responses={201: RequestShape, **api.refusals(403, 409, 422)},
    ),
)
class RequestList(api.Address):
    query = RequestQuery

    def get(self, request: Request) -> Response:
        asked = {name: value for name, value in self.asked.items() if name not in ("cursor", "limit")}
        rows = requests_found(request.user, Filters(**asked))
        return self.page(rows, ("-id",), lambda row: row_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(FilingBody, context={"person": request.user})
        filing = Filing(
            title=values["title"],
            description=values["description"],
            urgency=values["urgency"],
            impact=values["impact"],
            answers=values["form"],
        )
        row = file_request(
            by=request.user,
            service=values["service"],
            filing=filing,
            on_behalf_of=values.get("on_behalf_of"),
            customer=values.get("customer"),
            channel=Channel.API,
        )
        shape = new_request_shape(request, row)
        headers = {"Location": shape["links"]["self"], "ETag": api.tag(row.version)}
        return Response(shape, status=status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="requests_read",
        summary="Read a request",
        responses={200: RequestShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="requests_change",
        summary="Change words, urgency, impact or agent",
        parameters=[api.IF_MATCH],
        request=ChangeBody,
        responses={200: RequestShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class RequestAddress(RequestPart):
    def get(self, request: Request, **names) -> Response:
        return answer_with(request, self.found)

    def patch(self, request: Request, **names) -> Response:
        values = self.body(ChangeBody, context={"person": request.user})
        change(request.user, self.found, values, expected_version=api.expected_version(request))
        return answer_with(request, request_as_it_is(self.found.pk))


@transaction.atomic
def change(by: Person, row: ServiceRequest, values: dict, *, expected_version: int | None) -> None:
    """All parts or none of them. What was not sent is taken from the locked row, so nobody's change is lost."""
    row = lock_request(row.pk, expected_version=expected_version)
    if values.keys() & {"title", "description"}:
        words = {"title": row.title, "description": row.description} | _only(values, "title", "description")
        edit_request(by=by, service_request=row, **words)
    if values.keys() & {"urgency", "impact"}:
        levels = {"urgency": row.urgency, "impact": row.impact} | _only(values, "urgency", "impact")
        reprioritise_request(by=by, service_request=row, reason=values["reason"], **levels)
    if "assignee" in values:
        assign_request(by=by, service_request=row, assignee=values["assignee"])


def _only(values: dict, *names: str) -> dict:
    return {name: values[name] for name in names if name in values}


def answer_with(request: Request, row: ServiceRequest) -> Response:
    return Response(request_shape(request, row), headers={"ETag": api.tag(row.version)})
