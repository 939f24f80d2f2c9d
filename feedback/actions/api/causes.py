"""The causes of corrective actions over HTTP: the tree, one more, a change."""

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.actions import policies
from feedback.actions.causes import Twig, add_cause, cause_tree, change_cause, get_cause, values_of
from feedback.actions.models import Cause
from feedback.actions.states import LONGEST_CAUSE
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.versions import fingerprint


class CauseShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField(help_text="As it was named.")
    words = serializers.CharField(help_text="The name in the caller's language, for the causes it began with.")
    is_active = serializers.BooleanField(help_text="false: not chosen any more.")
    parent = serializers.IntegerField(allow_null=True)
    path = serializers.CharField(help_text="With the causes above it.")


class CauseListShape(api.Shape):
    results = CauseShape(many=True)


class CauseBody(api.StrictSerializer):
    name = api.Text(max_length=LONGEST_CAUSE)
    parent = api.WholeNumber(required=False, min_value=1, max_value=2**62)


class CauseChangeBody(api.StrictSerializer):
    name = api.Text(max_length=LONGEST_CAUSE, required=False)
    is_active = api.YesOrNo(required=False, help_text="false closes it: it is not chosen any more.")


def cause_shape(twig: Twig) -> dict:
    cause = twig.cause
    return {"id": cause.pk, "name": cause.name, "words": cause.words, "is_active": cause.is_active,
            "parent": cause.parent_id, "path": twig.path}  # fmt: skip


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="causes_list",
        summary="The tree of causes, each below the one it belongs to",
        responses={200: CauseListShape, **api.refusals()},
    ),
    post=extend_schema(
        operation_id="causes_add",
        summary="Add a cause (heads and administrators)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=CauseBody,
        responses={201: CauseShape, **api.refusals(403, 422)},
    ),
)
class CauseList(api.Address):
    def get(self, request: Request) -> Response:
        return Response({"results": [cause_shape(twig) for twig in cause_tree()]})

    @once
    def post(self, request: Request) -> Response:
        policies.require_edit_causes(request.user)
        values = self.body(CauseBody)
        parent = Cause.objects.filter(pk=values["parent"], is_active=True).first() if "parent" in values else None
        if "parent" in values and parent is None:
            raise WrongInput({"parent": [_("There is no such cause. Take one from the list.")]})
        added = add_cause(by=request.user, name=values["name"], parent=parent)
        twig = next(twig for twig in cause_tree() if twig.cause.pk == added.pk)
        return Response(cause_shape(twig), status=201)


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="causes_read", summary="One cause", responses={200: CauseShape, **api.refusals(404)}
    ),
    patch=extend_schema(
        operation_id="causes_change",
        summary="Rename a cause, close it or open it again (heads and administrators)",
        description="What was sorted under it keeps it.",
        parameters=[api.IF_MATCH],
        request=CauseChangeBody,
        responses={200: CauseShape, **api.refusals(403, 404, 412, 422)},
    ),
)
class CauseAddress(api.Address):
    def find(self, pk: int) -> Cause:
        return get_cause(pk)

    def get(self, request: Request, **names) -> Response:
        return self._answer(self.found.pk)

    def patch(self, request: Request, **names) -> Response:
        policies.require_edit_causes(request.user)
        values = self.body(CauseChangeBody, partial=True)
        api.require_match(request, fingerprint(values_of(self.found)))
        change_cause(by=request.user, cause=self.found, **values)
        return self._answer(self.found.pk)

    def _answer(self, pk: int) -> Response:
        twig = next(twig for twig in cause_tree(closed=True) if twig.cause.pk == pk)
        return Response(cause_shape(twig), headers={"ETag": api.tag(fingerprint(values_of(twig.cause)))})


urlpatterns = [
    path("causes/", CauseList.as_view(), name="causes"),
    path("causes/<row:pk>/", CauseAddress.as_view(), name="cause"),
]
