"""Whole page or only the part that changed: the single place that knows htmx."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """As django-htmx's middleware leaves it."""

    htmx: HtmxDetails


def render_page_or_part(
    request: HttpRequest, page: str, part: str, context: dict, *, status: int = 200
) -> HttpResponse:
    """`part` for a request by htmx that is not a whole-page swap, else `page`; same context."""
    htmx = cast(HtmxRequest, request).htmx
    wants_part = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    response = render(request, part if wants_part else page, context, status=status)
    response["Vary"] = "HX-Request"
    return response
