import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions

from requests_app.kernel.api_errors import answer_error
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (DomainError("No."), 409, {"code": "refused", "detail": "No.", "errors": {}}),
        (IllegalMove("Not now."), 409, {"code": "illegal_move", "detail": "Not now.", "errors": {}}),
        (StaleVersion("Old."), 412, {"code": "stale", "detail": "Old.", "errors": {}}),
        (
            NotAllowed("Not yours.", needed="Ask the head."),
            403,
            {"code": "not_allowed", "detail": "Not yours. Ask the head.", "errors": {}},
        ),
        (
            WrongInput({"title": ["Write one."]}),
            400,
            {
                "code": "invalid",
                "detail": "Some of what was entered is not right yet.",
                "errors": {"title": ["Write one."]},
            },
        ),
        (
            Http404("a secret"),
            404,
            {"code": "not_found", "detail": "Nothing is here, or it is not yours to see.", "errors": {}},
        ),
        (PermissionDenied(), 403, {"code": "not_allowed", "detail": "This is not yours to do.", "errors": {}}),
        (
            RequestDataTooBig(),
            413,
            {"code": "too_large", "detail": "The body is too large: at most 1 MiB.", "errors": {}},
        ),
        (
            TooManyFilesSent(),
            400,
            {
                "code": "invalid",
                "detail": "This cannot be read: it has too many parts, or parts that contradict.",
                "errors": {},
            },
        ),
        (
            exceptions.ValidationError({"a": {"b": [{}, {"c": ["Wrong."]}]}, "non_field_errors": ["Both."]}),
            400,
            {
                "code": "invalid",
                "detail": "Some of what was sent is not right.",
                "errors": {"a.b.1.c": ["Wrong."], "body": ["Both."]},
            },
        ),
        (
            exceptions.ValidationError("Wrong."),
            400,
            {"code": "invalid", "detail": "Some of what was sent is not right.", "errors": {"body": ["Wrong."]}},
        ),
        (
            exceptions.MethodNotAllowed("PUT"),
            405,
            {"code": "method_not_allowed", "detail": 'Method "PUT" not allowed.', "errors": {}},
        ),
    ],
)
def test_every_refusal_has_the_one_shape(error, status, body):
    answer = answer_error(error, {})
    assert (answer.status_code, answer.data) == (status, body)


@pytest.mark.parametrize("error", [OperationalError("deadlock"), InterfaceError("connection already closed")])
def test_a_busy_database_asks_to_come_back(error):
    answer = answer_error(error, {})
    assert (answer.status_code, answer.data["code"], answer["Retry-After"]) == (503, "busy", "5")
    assert "deadlock" not in str(answer.data)


@pytest.mark.parametrize(
    ("error", "status", "code"), [(DataError("x"), 400, "invalid"), (IntegrityError("x"), 409, "conflict")]
)
def test_what_falls_into_the_net_is_refused_and_noted(error, status, code, caplog):
    answer = answer_error(error, {})
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert len(caplog.records) == 1


def test_headers_of_the_framework_are_kept():
    unknown = exceptions.AuthenticationFailed("Unknown.")
    unknown.auth_header = "Bearer"
    assert answer_error(unknown, {})["WWW-Authenticate"] == "Bearer"
    assert answer_error(exceptions.Throttled(wait=7.5), {})["Retry-After"] == "8"


def test_what_nobody_foresaw_is_left_to_fail_loudly():
    assert answer_error(KeyError("bug"), {}) is None
