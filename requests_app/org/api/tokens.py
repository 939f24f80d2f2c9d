"""The tokens by which programs act for a person."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import ApiToken
from requests_app.org.selectors import get_person, get_token, tokens_for
from requests_app.org.services import MOST_DAYS, issue_token, withdraw_token


class TokenLinks(api.Shape):
    self = serializers.URLField()


class TokenShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    person = serializers.EmailField()
    read_only = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    links = TokenLinks()


class NewTokenShape(TokenShape):
    token = serializers.CharField(required=False, help_text="Shown this once; only its digest is kept.")


class TokenQuery(api.PageQuery):
    person = serializers.CharField(required=False, max_length=254, help_text="Whose; for administrators.")


class TokenBody(api.StrictSerializer):
    name = api.Text(max_length=80, help_text="What it is for.")
    days = api.WholeNumber(min_value=1, max_value=MOST_DAYS, default=90)
    read_only = api.YesOrNo(default=True)


def token_shape(request: Request, token: ApiToken) -> dict:
    return {
        "id": token.pk,
        "name": token.name,
        "person": token.person.email,
        "read_only": token.read_only,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "links": {"self": api.link(request, f"/api/v1/tokens/{token.pk}/")},
    }


@extend_schema(tags=["Tokens"])
@extend_schema_view(
    get=extend_schema(
        operation_id="tokens_list",
        summary="List one's tokens",
        parameters=[TokenQuery],
        responses={200: api.page_of(TokenShape), **api.refusals(403, 404)},
    ),
    post=extend_schema(
        operation_id="tokens_create",
        summary="Make a token for oneself",
        description=(
            "It reads only, unless `read_only` is false. A token made with a token does no more and lasts no longer. "
            "The answer is not kept: with an Idempotency-Key sent again, `token` is missing."
        ),
        parameters=[api.IDEMPOTENCY_KEY],
        request=TokenBody,
        responses={201: NewTokenShape, **api.refusals(403, 422)},
    ),
)
class TokenList(api.Address):
    query = TokenQuery

    def get(self, request: Request) -> Response:
        owner = get_person(person=request.user, email=self.asked["person"]) if "person" in self.asked else None
        rows = tokens_for(request.user, owner=owner)
        return self.page(rows, ("-id",), lambda row: token_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        under = request.auth if isinstance(request.auth, ApiToken) else None
        token, text = issue_token(by=request.user, under=under, **self.body(TokenBody))
        token.refresh_from_db()  # the database sets created_at
        shape = token_shape(request, token)
        headers = {"Location": shape["links"]["self"]}
        response = Response(shape | {"token": text}, status=status.HTTP_201_CREATED, headers=headers)
        response.kept = shape
        return response


@extend_schema(tags=["Tokens"])
@extend_schema_view(
    get=extend_schema(
        operation_id="tokens_read",
        summary="Read a token, but not its text",
        responses={200: TokenShape, **api.refusals(404)},
    ),
    delete=extend_schema(
        operation_id="tokens_withdraw",
        summary="Withdraw a token",
        responses={204: None, **api.refusals(404)},
    ),
)
class TokenAddress(api.Address):
    def find(self, pk: int) -> ApiToken:
        return get_token(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> Response:
        return Response(token_shape(request, self.found))

    def delete(self, request: Request, **names) -> Response:
        withdraw_token(by=request.user, token=self.found)
        return Response(status=status.HTTP_204_NO_CONTENT)
