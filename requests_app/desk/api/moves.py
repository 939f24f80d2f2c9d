"""Taking a step in a request's life."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.agreements.states import HoldReason
from requests_app.desk.api.part import RequestPart
from requests_app.desk.api.requests import answer_with
from requests_app.desk.api.shapes import ACTIONS, RequestShape
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.api import once
from requests_app.kernel import api


class MoveBody(api.StrictSerializer):
    action = serializers.ChoiceField(ACTIONS)
    reason = api.Text(
        max_length=20_000,
        required=False,
        allow_blank=True,
        help_text="Why; needed by decline and reopen. With deliver and hold, a note that both sides read.",
    )
    agreed = api.Text(max_length=20_000, required=False, allow_blank=True, help_text="reject: what was agreed")
    received = api.Text(max_length=20_000, required=False, allow_blank=True, help_text="reject: what came instead")
    remedy = api.Text(max_length=20_000, required=False, allow_blank=True, help_text="reject: what would put it right")
    hold_reason = serializers.ChoiceField(HoldReason.choices, required=False, help_text="hold: what is waited for")

    def validate(self, attrs: dict) -> dict:
        """A hold whose reason is itself one of the hold reasons has said what is waited for."""
        if attrs["action"] == "hold" and "hold_reason" not in attrs and attrs.get("reason") in HoldReason.values:
            attrs["hold_reason"] = attrs.pop("reason")
        return attrs


@extend_schema(tags=["Requests"])
@extend_schema_view(
    post=extend_schema(
        operation_id="requests_move",
        summary="Take a step: accept, start, hold, resume, deliver, confirm, reject, decline, cancel, reopen",
        description="`actions` of the request names what the caller could do now. Of two at once, one gets 409.",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=MoveBody,
        responses={200: RequestShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class MoveList(RequestPart):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(MoveBody)
        move_request(
            by=request.user,
            service_request=self.found,
            action=values.pop("action"),
            words=Words(**values),
            expected_version=api.expected_version(request),
        )
        return answer_with(request, self.find(**names))
