"""Exports of facts over HTTP: ask, see how far it is, download."""

from typing import Any

from django.http import FileResponse
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.exports import selectors, services
from metrics.exports.models import FactExport
from metrics.exports.states import SIDES
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department
from requests_app.org.selectors import departments_for

DAYS = {"first": "from", "last": "to"}


class _WithDays:
    """`from` is no name in Python."""

    def get_fields(self):
        return {DAYS.get(name, name): field for name, field in super().get_fields().items()}


class ExportBody(_WithDays, api.StrictSerializer):
    department = serializers.CharField(max_length=80, help_text="Its slug.")
    side = serializers.ChoiceField(SIDES, required=False, default=SIDES[0])
    first = serializers.DateField(help_text="The first day on which requests were filed.")
    last = serializers.DateField(help_text="The last one, included.")


class ExportShape(_WithDays, api.Shape):
    id = serializers.IntegerField()
    department = serializers.CharField()
    side = serializers.ChoiceField(SIDES)
    first = serializers.DateField()
    last = serializers.DateField()
    finished = serializers.BooleanField(help_text="false: a worker is at it; ask again.")
    failed = serializers.BooleanField(help_text="true: it could not be written, and is not tried again.")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text="Requests that you may not read.")
    size = serializers.IntegerField(allow_null=True, help_text="Bytes of the packed file.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="Until then the file waits.")
    links = serializers.DictField(child=serializers.URLField())


def export_shape(request: Request, export: FactExport, slug: str) -> dict[str, Any]:
    here = f"/api/v1/exports/{export.pk}/"
    content = {"content": api.link(request, f"{here}content/")} if export.storage_key else {}
    plain = {
        name: getattr(export, name) for name in ("id", "side", "done", "total", "left_out", "created_at", "expires_at")
    }
    return plain | {
        "department": slug,
        "from": export.first,
        "to": export.last,
        "finished": export.finished_at is not None,
        "failed": bool(export.failed),
        "size": export.size if export.storage_key else None,
        "links": {"self": api.link(request, here)} | content,
    }


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="exports_list",
        summary="Your exports of facts",
        parameters=[api.PageQuery],
        responses={200: api.page_of(ExportShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="exports_ask",
        summary="Have the facts of a department's requests written to a file",
        parameters=[api.IDEMPOTENCY_KEY],
        request=ExportBody,
        responses={201: ExportShape, **api.refusals(403, 409, 422)},
    ),
)
class Exports(api.Address):
    """The file is CSV packed with gzip; docs/sql-views.md says what its columns mean. A worker writes it."""

    query = api.PageQuery

    def get(self, request: Request) -> Response:
        slugs = dict(Department.objects.values_list("pk", "slug"))
        rows = selectors.exports_of(request.user).order_by()
        return self.page(rows, ("-id",), lambda row: export_shape(request, row, slugs.get(row.department_id, "")))

    @once
    def post(self, request: Request) -> Response:
        body = self.body(ExportBody)
        department = departments_for(request.user).filter(slug=body["department"]).first()
        if department is None:
            raise WrongInput({"department": [_("There is no such department. Give its slug.")]})
        made = services.ask(
            by=request.user, department=department, side=body["side"], first=body["from"], last=body["to"]
        )
        made.refresh_from_db()
        return Response(export_shape(request, made, department.slug), status=status.HTTP_201_CREATED)


class _Export(api.Address):
    def find(self, pk: int) -> FactExport:
        return selectors.get_export(person=self.request.user, pk=pk)


class Export(_Export):
    @extend_schema(
        tags=["Figures"],
        operation_id="exports_read",
        summary="How far an export is",
        responses={200: ExportShape, **api.refusals(404)},
    )
    def get(self, request: Request, **names) -> Response:
        slug = Department.objects.values_list("slug", flat=True).get(pk=self.found.department_id)
        return Response(export_shape(request, self.found, slug))


class Content(_Export):
    @extend_schema(
        tags=["Figures"],
        operation_id="exports_download",
        summary="Download the file of an export",
        responses={
            (200, "application/gzip"): OpenApiResponse(OpenApiTypes.BINARY, description="The file."),
            **api.refusals(403, 404),
        },
    )
    def get(self, request: Request, **names) -> FileResponse:
        return selectors.file_answer(request.user, self.found)


urlpatterns = [
    path("exports/", Exports.as_view(), name="exports"),
    path("exports/<row:pk>/", Export.as_view(), name="export"),
    path("exports/<row:pk>/content/", Content.as_view(), name="export-content"),
]
