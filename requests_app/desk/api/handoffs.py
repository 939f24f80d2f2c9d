"""Passing a request to another department, and the answer to that."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.desk.api.part import RequestPart
from requests_app.desk.api.shapes import HandoffShape, handoff_shape
from requests_app.desk.models import Handoff
from requests_app.desk.selectors.handoffs import handoff_as_it_is, handoffs_of, handoffs_to_answer
from requests_app.desk.selectors.requests import get_handoff
from requests_app.desk.selectors.underpinning import underpinning_of
from requests_app.desk.services.handoffs import accept_handoff, decline_handoff, offer_handoff, withdraw_handoff
from requests_app.desk.states import HandoffState
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import Department
from requests_app.org.selectors import departments_for


class OfferBody(api.StrictSerializer):
    to = api.Slug(help_text="The department that shall take over.")
    reason = api.Text(max_length=2000)

    def validate_to(self, value: str) -> Department:
        found = departments_for(self.context["person"]).filter(slug=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such department."))
        return found


class DeclineBody(api.StrictSerializer):
    reason = api.Text(max_length=2000)


class NoBody(api.StrictSerializer):
    """Nothing needs to be said."""


@extend_schema(tags=["Handoffs"])
@extend_schema_view(
    get=extend_schema(
        operation_id="handoffs_of_request",
        summary="List the handoffs of a request, newest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(HandoffShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="handoffs_offer",
        summary="Offer a request to another department",
        description="The sender owns it, clock and all, until the receiver accepts.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=OfferBody,
        responses={201: HandoffShape, **api.refusals(403, 404, 409, 422)},
    ),
)
class RequestHandoffs(RequestPart):
    query = api.PageQuery

    def get(self, request: Request, **names) -> Response:
        return self.page(handoffs_of(self.found), ("-id",), lambda handoff: handoff_shape(request, handoff))

    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(OfferBody, context={"person": request.user})
        handoff = offer_handoff(by=request.user, service_request=self.found, **values)
        shape = _fresh(request, handoff)
        return Response(shape, status=status.HTTP_201_CREATED, headers={"Location": shape["links"]["self"]})


@extend_schema(tags=["Handoffs"])
@extend_schema_view(
    get=extend_schema(
        operation_id="handoffs_to_answer",
        summary="List the offers that wait for the caller's departments",
        parameters=[api.PageQuery],
        responses={200: api.page_of(HandoffShape), **api.refusals()},
    )
)
class HandoffList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        return self.page(handoffs_to_answer(request.user), ("-id",), lambda handoff: handoff_shape(request, handoff))


@extend_schema(tags=["Handoffs"])
@extend_schema_view(
    get=extend_schema(
        operation_id="handoffs_read",
        summary="Read a handoff",
        responses={200: HandoffShape, **api.refusals(404)},
    )
)
class HandoffAddress(api.Address):
    def find(self, pk: int) -> Handoff:
        return get_handoff(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> Response:
        return Response(_fresh(request, self.found))


class HandoffAnswer(api.Address):
    """What the three answers have in common; each names its service and its body."""

    service: Callable
    serializer: type[api.StrictSerializer] = NoBody

    def find(self, pk: int) -> Handoff:
        return get_handoff(person=self.request.user, pk=pk)

    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(self.serializer)
        type(self).service(by=request.user, handoff=self.found, **values)
        return Response(_fresh(request, self.found))


def _answers(name: str, summary: str, body: type[api.StrictSerializer] | None) -> Callable:
    operation = extend_schema(
        tags=["Handoffs"],
        operation_id=f"handoffs_{name}",
        summary=summary,
        parameters=[api.IDEMPOTENCY_KEY],
        request=body,
        responses={200: HandoffShape, **api.refusals(403, 404, 409, 422)},
    )
    return extend_schema_view(post=operation)


@_answers("accept", "Take the request over", None)
class HandoffAccept(HandoffAnswer):
    service = accept_handoff


@_answers("decline", "Give the request back, with a reason", DeclineBody)
class HandoffDecline(HandoffAnswer):
    service = decline_handoff
    serializer = DeclineBody


@_answers("withdraw", "Take the offer back", None)
class HandoffWithdraw(HandoffAnswer):
    service = withdraw_handoff


def _fresh(request: Request, handoff: Handoff) -> dict:
    """Read again: whoever has just given it back may see the answer, though no longer the request."""
    there = handoff_as_it_is(handoff.pk)
    known = underpinning_of(there, timezone.now()) if there.state == HandoffState.OFFERED else None
    return handoff_shape(request, there) | {
        "promised_inside": known.inside if known else None,
        "promised_to_customer": known.customer if known else None,
    }
