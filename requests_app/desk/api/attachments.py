"""Files on a request."""

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.desk.api.part import RequestPart
from requests_app.desk.models import Attachment
from requests_app.desk.selectors.conversation import attachments_of
from requests_app.desk.selectors.requests import get_attachment
from requests_app.desk.services.attachments import MOST_FILES, path_of
from requests_app.desk.services.conversation import attach
from requests_app.events.api import once
from requests_app.kernel import api


class AttachmentLinks(api.Shape):
    content = serializers.URLField(help_text="The file itself, as a download.")
    request = serializers.URLField()


class AttachmentShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    internal = serializers.BooleanField()
    message = serializers.IntegerField(allow_null=True)
    uploaded_by = serializers.EmailField()
    at = serializers.DateTimeField()
    links = AttachmentLinks()


class AttachmentsShape(api.Shape):
    results = AttachmentShape(many=True)


class AttachmentBody(api.StrictSerializer):
    files = serializers.ListField(
        child=api.Upload(allow_empty_file=True, max_length=1000), min_length=1, max_length=MOST_FILES
    )
    internal = serializers.BooleanField(default=False)


def attachment_shape(request: Request, attachment: Attachment, number: str) -> dict:
    here = f"/api/v1/requests/{number}/"
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "internal": attachment.internal,
        "message": attachment.message_id,
        "uploaded_by": attachment.uploaded_by.email,
        "at": attachment.at,
        "links": {
            "content": api.link(request, f"/api/v1/attachments/{attachment.pk}/content/"),
            "request": api.link(request, here),
        },
    }


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="attachments_list",
        summary="List the files, oldest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(AttachmentShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="attachments_add",
        summary="Add files",
        description=f"Up to {MOST_FILES} files named `files`, each at most 25 MB, of the kinds that can be stored.",
        parameters=[api.IDEMPOTENCY_KEY],
        request={"multipart/form-data": AttachmentBody},
        responses={201: AttachmentsShape, **api.refusals(403, 404, 413, 422)},
    ),
)
class AttachmentList(RequestPart):
    query = api.PageQuery
    parser_classes = [MultiPartParser]

    def get(self, request: Request, **names) -> Response:
        row = self.found
        rows = attachments_of(request.user, row)
        return self.page(rows, ("id",), lambda attachment: attachment_shape(request, attachment, row.number))

    @once
    def post(self, request: Request, **names) -> Response:
        row = self.found
        added = attach(by=request.user, service_request=row, **self.body(AttachmentBody))
        fresh = attachments_of(request.user, row).filter(pk__in=[attachment.pk for attachment in added]).order_by("pk")
        shapes = [attachment_shape(request, attachment, row.number) for attachment in fresh]
        return Response({"results": shapes}, status=status.HTTP_201_CREATED)


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="attachments_download",
        summary="Download a file",
        responses={
            (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="The file."),
            **api.refusals(404),
        },
    )
)
class AttachmentContent(api.Address):
    def find(self, pk: int) -> Attachment:
        return get_attachment(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> FileResponse:
        attachment = self.found
        try:
            content = path_of(attachment).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(
            content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
        )
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
