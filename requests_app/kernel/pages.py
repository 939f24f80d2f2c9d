"""Whole page or only the part that changed: the single place that knows htmx."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page_or_part(
    request: HttpRequest, page: str, part: str, context: dict, *, status: int = 200
) -> HttpResponse:
    """`part` for a request by htmx that is not a whole-page swap, else `page`; same context."""
    wants_part = bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, part if wants_part else page, context, status=status)
    response["Vary"] = "HX-Request"
    return response
