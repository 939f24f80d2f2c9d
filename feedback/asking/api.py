"""How a request was asked, over HTTP."""

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.asking.models import AskingRating
from feedback.asking.services import rate_asking
from feedback.asking.states import LONGEST_NOTE, Asking
from requests_app.desk.api.part import RequestPart
from requests_app.events.api import once
from requests_app.kernel import api


class AskingBody(api.StrictSerializer):
    complete = api.YesOrNo(help_text="Was everything there that was needed?")
    in_time = api.YesOrNo(help_text="Did it come early enough?")
    right_place = api.YesOrNo(help_text="Did it come to the right department?")
    note = api.Text(max_length=LONGEST_NOTE, required=False, allow_blank=True, help_text="Whoever asked reads this.")


class AskingShape(api.Shape):
    request = serializers.CharField()
    supplier = serializers.CharField(help_text="The department that was asked.")
    customer = serializers.CharField(help_text="The department that asked.")
    complete = serializers.BooleanField()
    in_time = serializers.BooleanField()
    right_place = serializers.BooleanField()
    note = serializers.CharField()
    at = serializers.DateTimeField()


def asking_shape(row: AskingRating) -> dict:
    return {
        "request": row.service_request.number,
        "supplier": row.supplier.slug,
        "customer": row.customer.slug,
        "complete": row.complete,
        "in_time": row.in_time,
        "right_place": row.right_place,
        "note": row.note,
        "at": row.at,
    }


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="requests_asking_read",
        summary="Read how it was asked (the supplying department; who asked, and their head)",
        responses={200: AskingShape, **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="requests_asking_rate",
        summary="Say how it was asked (who worked on it, within 30 days of the delivery)",
        description="Said once for each request; what was said is never replaced.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=AskingBody,
        responses={201: AskingShape, **api.refusals(403, 404, 409, 422)},
    ),
)
class AskingAddress(RequestPart):
    def get(self, request: Request, **names) -> Response:
        rows = AskingRating.objects.visible_to(request.user).select_related("service_request", "supplier", "customer")
        row = rows.filter(service_request=self.found).first()
        if row is None:
            raise Http404
        return Response(asking_shape(row))

    @once
    def post(self, request: Request, **names) -> Response:
        found = rate_asking(by=request.user, service_request=self.found, asking=Asking(**self.body(AskingBody)))
        return Response(asking_shape(found), status=201)


urlpatterns = [path("requests/<sr:number>/asking/", AskingAddress.as_view(), name="asking")]
