"""What happens around every request: an id for the log, the reader's language and zone, plain refusals."""

import secrets
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views import defaults

from requests_app.kernel.errors import DomainError, NotAllowed, WrongInput
from servicedesk.logs import request_id

Answer = Callable[[HttpRequest], HttpResponse]


class RequestId:
    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(secrets.token_hex(8))
        try:
            response = self.answer(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class ReaderLocale:
    """Language: the cookie set by the switch, else the person's own, else the browser's. Zone: the person's."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        timezone.activate(zoneinfo.ZoneInfo(self._zone(request)))
        try:
            response = self.answer(request)
        finally:
            timezone.deactivate()
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def _language(request: HttpRequest) -> str:
        offered = dict(settings.LANGUAGES)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen in offered:
            return chosen
        if not request.path.startswith("/api/") and request.user.is_authenticated and request.user.language in offered:
            return request.user.language
        return translation.get_language_from_request(request)

    @staticmethod
    def _zone(request: HttpRequest) -> str:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return settings.COMPANY_TIME_ZONE
        return request.user.time_zone or settings.COMPANY_TIME_ZONE


class PlainRefusals:
    """Turns refusals that escape a page into a page that says what happened, what was kept and what to do."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"refusal": error}, status=403)
        if isinstance(error, WrongInput):
            return render(request, "400.html", {"reason": str(error)}, status=400)
        if isinstance(error, DomainError):
            return render(request, "409.html", {"refusal": error}, status=error.status)
        if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
            return render(request, "400.html", {"reason": _("What you sent is too large.")}, status=400)
        if isinstance(error, DataError):
            return render(request, "400.html", {"reason": _("A value cannot be stored.")}, status=400)
        if isinstance(error, OperationalError):
            response = render(request, "503.html", status=503)
            response["Retry-After"] = "5"
            return response
        return None


class ResponseHeaders:
    """Pages of a signed-in person are never kept by caches; other hosts never embed us."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def api_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the form its reader understands."""
    if request.path.startswith("/api/"):
        return _plain_refusal(404, "not_found", _("Nothing is here."))
    return render(request, "404.html", status=404)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 for what is refused before any view: a wrong host, too many fields."""
    if request.path.startswith("/api/"):
        return _plain_refusal(400, "invalid", _("This could not be understood. Nothing was changed."))
    return defaults.bad_request(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault; the log has the details, the answer has none."""
    if request.path.startswith("/api/"):
        return _plain_refusal(500, "failed", _("Something went wrong here. It has been noted; try again later."))
    return defaults.server_error(request)


def _plain_refusal(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse({"code": code, "detail": detail, "errors": {}}, status=status)
