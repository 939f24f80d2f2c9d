"""What departments offer each other, over HTTP."""

import hashlib

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import get_service, services_for
from requests_app.catalogue.services import FIELDS, change_service, create_service
from requests_app.catalogue.states import MOST_FIELDS, FieldType, FormField, NeedType, Privacy
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for, people_for


class FormFieldShape(api.Shape):
    key = serializers.CharField()
    label = serializers.CharField()
    type = serializers.ChoiceField(FieldType.choices)
    help = serializers.CharField()
    required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField())


class FormShape(api.Shape):
    version = serializers.IntegerField()
    fields = FormFieldShape(many=True)


class ServiceLinks(api.Shape):
    self = serializers.URLField()
    html = serializers.URLField()
    department = serializers.URLField()
    agreements = serializers.URLField(help_text="What its department promises.")


class ServiceShape(api.Shape):
    slug = serializers.CharField()
    department = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    description = serializers.CharField()
    quality = serializers.CharField(help_text="Acceptance criteria, one a line.")
    keywords = serializers.CharField()
    need_type = serializers.ChoiceField(NeedType.choices)
    privacy = serializers.ChoiceField(Privacy.choices)
    open_to_partners = serializers.BooleanField()
    is_published = serializers.BooleanField()
    owner = serializers.EmailField(allow_null=True)
    form = FormShape(help_text="What filing asks for, by key; answers go into `form` of the request.")
    links = ServiceLinks()


def service_shape(request: Request, service: Service) -> dict:
    department = service.department.slug
    paths = {
        "self": f"/api/v1/services/{service.slug}/",
        "html": f"/services/{service.slug}/",
        "department": f"/api/v1/departments/{department}/",
        "agreements": f"/api/v1/agreements/?supplier={department}",
    }
    plain = ("slug", "name", "summary", "description", "quality", "keywords", "need_type", "privacy")
    return {name: getattr(service, name) for name in plain} | {
        "department": department,
        "open_to_partners": service.open_to_partners,
        "is_published": service.is_published,
        "owner": service.owner.email if service.owner else None,
        "form": {"version": service.form.number if service.form else 0, "fields": _questions(service)},
        "links": {name: api.link(request, path) for name, path in paths.items()},
    }


def _questions(service: Service) -> list[dict]:
    return [question.as_json() for question in service.form.questions] if service.form else []


def version_of(service: Service) -> str:
    values = [getattr(service, field) for field in (*FIELDS, "form_id")]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


class ServiceQuery(api.PageQuery):
    q = serializers.CharField(required=False, max_length=200, help_text="Words of what is needed, any spelling.")
    department = serializers.CharField(required=False, max_length=80)
    need_type = serializers.ChoiceField(NeedType.choices, required=False)


class FormFieldBody(api.StrictSerializer):
    key = api.Text(max_length=40, help_text="Small letters, digits and _; the name under which the answer is sent.")
    label = api.Text(max_length=200)
    type = serializers.ChoiceField(FieldType.choices, default=FieldType.TEXT)
    help = api.Text(max_length=500, default="", allow_blank=True)
    required = api.YesOrNo(default=False)
    choices = serializers.ListField(child=api.Text(max_length=200), default=list, max_length=200)


class ServiceBody(api.StrictSerializer):
    name = api.Text(max_length=120)
    summary = api.Text(max_length=200, required=False, allow_blank=True)
    description = api.Text(max_length=20_000, required=False, allow_blank=True)
    quality = api.Text(max_length=20_000, required=False, allow_blank=True)
    keywords = api.Text(max_length=300, required=False, allow_blank=True)
    need_type = serializers.ChoiceField(NeedType.choices, required=False)
    privacy = serializers.ChoiceField(Privacy.choices, required=False)
    open_to_partners = api.YesOrNo(required=False)
    is_published = api.YesOrNo(required=False)
    owner = serializers.EmailField(required=False, allow_null=True)
    form = FormFieldBody(many=True, required=False, max_length=MOST_FIELDS)

    def validate_owner(self, value: str | None) -> Person | None:
        if value is None:
            return None
        found = people_for(self.context["person"]).filter(email__iexact=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is nobody with this address."))
        return found

    def validate_form(self, value: list[dict]) -> list[FormField]:
        return [FormField(**{**field, "choices": tuple(field["choices"])}) for field in value]

    def validate(self, attrs: dict) -> dict:
        if "owner" in attrs:
            owner = attrs.pop("owner")
            attrs["owner_id"] = owner.pk if owner else None
        if "form" in attrs:
            attrs["fields"] = attrs.pop("form")
        return attrs


class NewServiceBody(ServiceBody):
    slug = serializers.SlugField(max_length=80, required=False)
    department = api.Slug()

    def validate_department(self, value: str) -> Department:
        found = departments_for(self.context["person"]).filter(slug=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such department."))
        return found


@extend_schema(tags=["Catalogue"])
@extend_schema_view(
    get=extend_schema(
        operation_id="services_list",
        summary="Search the catalogue",
        parameters=[ServiceQuery],
        responses={200: api.page_of(ServiceShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="services_create",
        summary="Offer a new service (administrators; heads for their department)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=NewServiceBody,
        responses={201: ServiceShape, **api.refusals(403, 409, 422)},
    ),
)
class ServiceList(api.Address):
    query = ServiceQuery

    def get(self, request: Request) -> Response:
        filters = {name: self.asked[name] for name in ("q", "department", "need_type") if name in self.asked}
        rows = services_for(request.user, **filters)
        return self.page(rows, ("name", "id"), lambda row: service_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(NewServiceBody, context={"person": request.user})
        service = create_service(by=request.user, **values)
        shape = service_shape(request, service)
        headers = {"Location": shape["links"]["self"], "ETag": api.tag(version_of(service))}
        return Response(shape, status=status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["Catalogue"])
@extend_schema_view(
    get=extend_schema(
        operation_id="services_read",
        summary="Read a service and its form",
        responses={200: ServiceShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="services_change",
        summary="Change a service (administrators; heads for their department)",
        description="A different `form` becomes its next version; requests filed before keep theirs.",
        parameters=[api.IF_MATCH],
        request=ServiceBody,
        responses={200: ServiceShape, **api.refusals(403, 404, 412)},
    ),
)
class ServiceAddress(api.Address):
    def find(self, slug: str) -> Service:
        return get_service(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> Response:
        return self._answer(self.found)

    def patch(self, request: Request, **names) -> Response:
        values = self.body(ServiceBody, partial=True, context={"person": request.user})
        with api.unchanged(request, self.found, version_of):
            return self._answer(change_service(by=request.user, service=self.found, **values))

    def _answer(self, service: Service) -> Response:
        return Response(service_shape(self.request, service), headers={"ETag": api.tag(version_of(service))})


urlpatterns = [
    path("services/", ServiceList.as_view(), name="services"),
    path("services/<ascii:slug>/", ServiceAddress.as_view(), name="service"),
]
