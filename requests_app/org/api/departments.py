"""Who supplies and who asks: the departments."""

import hashlib
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import Department
from requests_app.org.selectors import departments_to_edit, get_department_to_edit
from requests_app.org.services import DEPARTMENT_FIELDS, save_department, snapshot
from requests_app.org.states import DepartmentKind

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class DepartmentLinks(api.Shape):
    self = serializers.URLField()
    html = serializers.URLField(help_text="Its figures as supplier.")
    services = serializers.URLField()
    people = serializers.URLField()
    as_supplier = serializers.URLField(help_text="Figures of what it does for others.")
    as_customer = serializers.URLField(help_text="Figures of what it asks of others.")


class DepartmentShape(api.Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(DepartmentKind.choices)
    parent = serializers.CharField(allow_null=True, help_text="The department above it.")
    mission = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    cost_centre = serializers.CharField()
    is_active = serializers.BooleanField()
    links = DepartmentLinks()


def department_shape(request: Request, department: Department) -> dict:
    slug = department.slug
    paths = {
        "self": f"/api/v1/departments/{slug}/",
        "html": f"/departments/{slug}/as-supplier/",
        "services": f"/api/v1/services/?department={slug}",
        "people": f"/api/v1/people/?department={slug}",
        "as_supplier": f"/api/v1/figures/departments/{slug}/supplier/",
        "as_customer": f"/api/v1/figures/departments/{slug}/customer/",
    }
    return {
        "slug": slug,
        "name": department.name,
        "kind": department.kind,
        "parent": department.parent.slug if department.parent else None,
        "mission": department.mission,
        "language": department.language,
        "time_zone": department.time_zone,
        "cost_centre": department.cost_centre,
        "is_active": department.is_active,
        "links": {name: api.link(request, path) for name, path in paths.items()},
    }


def version_of(department: Department) -> str:
    """Departments carry no version number; what they say is their version."""
    return hashlib.sha256(repr(snapshot(department, DEPARTMENT_FIELDS)).encode()).hexdigest()[:16]


def known_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):  # not found; not a name; a folder of names
        raise serializers.ValidationError(_("There is no such time zone. Give one such as Europe/Berlin.")) from None


class DepartmentBody(api.StrictSerializer):
    slug = serializers.SlugField(max_length=60)
    name = api.Text(max_length=120)
    kind = serializers.ChoiceField(DepartmentKind.choices, required=False)
    parent = api.Slug(required=False, allow_null=True)
    mission = api.Text(max_length=20_000, required=False, allow_blank=True)
    language = serializers.ChoiceField(LANGUAGES, required=False)
    time_zone = api.Text(max_length=60, required=False)
    cost_centre = api.Text(max_length=40, required=False, allow_blank=True)
    is_active = api.YesOrNo(required=False)

    def validate_time_zone(self, value: str) -> str:
        return known_zone(value)

    def validate_parent(self, value: str | None) -> Department | None:
        if value is None:
            return None
        found = departments_to_edit(self.context["person"]).filter(slug=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such department."))
        return found


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="departments_list",
        summary="List departments",
        parameters=[api.PageQuery],
        responses={200: api.page_of(DepartmentShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="departments_create",
        summary="Make a department (administrators)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=DepartmentBody,
        responses={201: DepartmentShape, **api.refusals(403, 409, 422)},
    ),
)
class DepartmentList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        rows = departments_to_edit(request.user)
        return self.page(rows, ("name", "id"), lambda row: department_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(DepartmentBody, context={"person": request.user})
        department = save_department(by=request.user, **values)
        shape = department_shape(request, department)
        headers = {"Location": shape["links"]["self"], "ETag": api.tag(version_of(department))}
        return Response(shape, status=status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="departments_read",
        summary="Read a department",
        responses={200: DepartmentShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="departments_change",
        summary="Change a department (administrators; its heads)",
        parameters=[api.IF_MATCH],
        request=DepartmentBody,
        responses={200: DepartmentShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class DepartmentAddress(api.Address):
    def find(self, slug: str) -> Department:
        return get_department_to_edit(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> Response:
        return self._answer(self.found)

    def patch(self, request: Request, **names) -> Response:
        values = self.body(DepartmentBody, partial=True, context={"person": request.user})
        with api.unchanged(request, self.found, version_of):
            return self._answer(save_department(by=request.user, department=self.found, **values))

    def _answer(self, department: Department) -> Response:
        return Response(department_shape(self.request, department), headers={"ETag": api.tag(version_of(department))})
