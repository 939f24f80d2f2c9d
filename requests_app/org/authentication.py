"""`Authorization: Bearer <token>`. A token is its owner's rights, or only the reading ones, never more.

That a reading token only reads is seen to by `kernel.api.Address`, once it is known what the address names.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from requests_app.kernel.written import written_once
from requests_app.org.models import ApiToken, Person
from requests_app.org.services import digest_of


@written_once
def _alive(*, digest: str, now: datetime) -> QuerySet[ApiToken]:
    rows = ApiToken.objects.select_related("person")
    return rows.filter(digest=digest, expires_at__gt=now, person__is_active=True)


class BearerToken(BaseAuthentication):
    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed("The Authorization header must be: Bearer <token>.")
        found = _alive(digest=digest_of(parts[1].decode("latin-1")), now=timezone.now())
        if not found:
            raise exceptions.AuthenticationFailed("This token is unknown, expired or withdrawn.")
        return found[0].person, found[0]

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
