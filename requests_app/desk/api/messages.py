"""What people write on a request."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.desk.api.part import RequestPart
from requests_app.desk.models import Message
from requests_app.desk.selectors.conversation import messages_of
from requests_app.desk.services.conversation import post_message
from requests_app.events.api import once
from requests_app.kernel import api


class MessageShape(api.Shape):
    id = serializers.IntegerField()
    author = serializers.EmailField()
    department = serializers.CharField(help_text="For whom the author speaks.")
    body = serializers.CharField()
    internal = serializers.BooleanField(help_text="A note that only the supplying side reads.")
    at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


class MessageBody(api.StrictSerializer):
    body = api.Text(max_length=20_000)
    internal = api.YesOrNo(default=False)


def message_shape(message: Message) -> dict:
    return {
        "id": message.pk,
        "author": message.author.email,
        "department": message.department.slug,
        "body": message.body,
        "internal": message.internal,
        "at": message.at,
        "edited_at": message.edited_at,
    }


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="messages_list",
        summary="List the messages, oldest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(MessageShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="messages_post",
        summary="Write a reply, or a note for the supplying side",
        description=(
            "The supplier's first reply stops the response clock. The customer's reply ends waiting for the customer."
        ),
        parameters=[api.IDEMPOTENCY_KEY],
        request=MessageBody,
        responses={201: MessageShape, **api.refusals(403, 404, 422)},
    ),
)
class MessageList(RequestPart):
    query = api.PageQuery

    def get(self, request: Request, **names) -> Response:
        return self.page(messages_of(request.user, self.found), ("at", "id"), message_shape)

    @once
    def post(self, request: Request, **names) -> Response:
        message = post_message(by=request.user, service_request=self.found, **self.body(MessageBody))
        return Response(message_shape(message), status=status.HTTP_201_CREATED)
