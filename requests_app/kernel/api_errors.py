"""The one error shape of the API: {"code", "detail", "errors": {field: [sentence, ..]}}."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from requests_app.kernel.errors import DomainError, NotAllowed

log = logging.getLogger(__name__)


def answer_error(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler. None lets Django answer 500."""
    set_rollback()
    if isinstance(error, DomainError):
        return _answer(error.status, error.code, _told(error), getattr(error, "errors", {}))
    if isinstance(error, Http404):
        return _answer(404, "not_found", _("Nothing is here, or it is not yours to see."))
    if isinstance(error, PermissionDenied):
        return _answer(403, "not_allowed", _("This is not yours to do."))
    if isinstance(error, RequestDataTooBig):
        return _answer(413, "too_large", _("The body is too large: at most 1 MiB."))
    if isinstance(error, SuspiciousOperation):
        return _answer(400, "invalid", _("This cannot be read: it has too many parts, or parts that contradict."))
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    return _from_database(error)


def _from_database(error: Exception) -> Response | None:
    """The net below the checks. Each of these is logged: what falls into the net should have been checked before."""
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("the database could not answer: %s", error)
        response = _answer(503, "busy", _("The database is busy or away. Nothing was changed; try again shortly."))
        response["Retry-After"] = "5"
        return response
    if isinstance(error, DataError):
        log.warning("a value reached the database that it cannot store: %s", error)
        return _answer(400, "invalid", _("A value cannot be stored."))
    if isinstance(error, IntegrityError):
        log.warning("two wrote at once what can be only once: %s", error)
        return _answer(409, "conflict", _("Somebody saved the same at the same moment. Read it again, then decide."))
    return None


def _told(error: DomainError) -> str:
    return f"{error.message} {error.needed}".strip() if isinstance(error, NotAllowed) else error.message


def _from_framework(error: exceptions.APIException) -> Response:
    response = _answer(error.status_code, str(error.default_code), "")
    if isinstance(error, exceptions.ValidationError):
        response.data["code"] = "invalid"
        response.data["detail"] = _("Some of what was sent is not right.")
        response.data["errors"] = _by_field(error.detail)
    else:
        response.data["detail"] = str(error.detail)
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested serializer errors flattened to dotted field names."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, inner in detail.items():
            name = "body" if key == "non_field_errors" else str(key)
            found |= _by_field(inner, f"{prefix}.{name}" if prefix else name)
        return found
    if isinstance(detail, list):
        if any(isinstance(inner, dict | list) for inner in detail):
            found = {}
            for place, inner in enumerate(detail):
                found |= _by_field(inner, f"{prefix}.{place}" if prefix else str(place))
            return found
        return {prefix or "body": [str(inner) for inner in detail]}
    return {prefix or "body": [str(detail)]}


def _answer(code: int, name: str, detail: str, errors: dict | None = None) -> Response:
    return Response(
        {"code": name, "detail": detail, "errors": errors or {}}, status=code or status.HTTP_400_BAD_REQUEST
    )
