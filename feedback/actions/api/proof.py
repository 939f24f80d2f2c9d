"""Files that show what was done, over HTTP."""

from django.http import FileResponse, Http404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.actions import policies, selectors
from feedback.actions.models import ActionFile, CorrectiveAction
from feedback.actions.proof import add_files, get_file, remove_file
from feedback.actions.states import move_of
from requests_app.desk.services.attachments import MOST_FILES, path_of
from requests_app.events.api import once
from requests_app.kernel import api


class ProofShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    at = serializers.DateTimeField()


class ProofListShape(api.Shape):
    results = ProofShape(many=True)


class ProofBody(api.StrictSerializer):
    files = serializers.ListField(
        child=api.Upload(allow_empty_file=True, max_length=1000), min_length=1, max_length=MOST_FILES
    )


def proof_shape(row: ActionFile) -> dict:
    return {
        "id": row.pk, "name": row.name, "content_type": row.content_type, "size": row.size, "sha256": row.sha256,
        "at": row.at,
    }  # fmt: skip


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    post=extend_schema(
        operation_id="corrective_actions_show",
        summary="Add files that show what was done (the supplier)",
        description=f"Up to {MOST_FILES} files named `files`, of the kinds and size that requests take.",
        parameters=[api.IDEMPOTENCY_KEY],
        request={"multipart/form-data": ProofBody},
        responses={201: ProofListShape, **api.refusals(403, 404, 409, 413, 422)},
    )
)
class ProofList(api.Address):
    parser_classes = [MultiPartParser]

    def find(self, pk: int) -> CorrectiveAction:
        return selectors.get_action(person=self.request.user, pk=pk)

    @once
    def post(self, request: Request, **names) -> Response:
        policies.require_move(request.user, self.found, move_of("finish"))
        added = add_files(by=request.user, action=self.found, files=self.body(ProofBody)["files"])
        rows = ActionFile.objects.filter(pk__in=[row.pk for row in added]).order_by("pk")
        return Response({"results": [proof_shape(row) for row in rows]}, status=201)


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    delete=extend_schema(
        operation_id="corrective_actions_hide",
        summary="Take a file away again (who added it); the history keeps its name",
        responses={204: None, **api.refusals(403, 404, 409)},
    )
)
class ProofAddress(api.Address):
    def find(self, pk: int) -> ActionFile:
        return get_file(person=self.request.user, pk=pk)

    def delete(self, request: Request, **names) -> Response:
        remove_file(by=request.user, file=self.found)
        return Response(status=204)


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="corrective_actions_file",
        summary="Download a file that shows what was done",
        responses={
            (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="The file."),
            **api.refusals(404),
        },
    )
)
class ProofContent(api.Address):
    def find(self, pk: int) -> ActionFile:
        return get_file(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> FileResponse:
        row = self.found
        try:
            content = path_of(row).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.content_type)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


urlpatterns = [
    path("corrective-actions/<row:pk>/files/", ProofList.as_view(), name="corrective_action_files"),
    path("corrective-action-files/<row:pk>/", ProofAddress.as_view(), name="corrective_action_one_file"),
    path("corrective-action-files/<row:pk>/content/", ProofContent.as_view(), name="corrective_action_file"),
]
