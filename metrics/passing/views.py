"""The pages of handoffs and holders over HTTP."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.dashboards.states import SPAN_WORDS
from metrics.passing.selectors import PassingPage, passing_of_company, passing_of_department
from requests_app.kernel.errors import WrongInput


def _shown(request: HttpRequest, page_of: Callable[..., PassingPage], **which: str) -> HttpResponse:
    given = request.GET
    days = {"choice": given.get("period", ""), "start": given.get("from", ""), "end": given.get("to", "")}
    try:
        page, wrong = page_of(person=request.user, **which, **days), None
    except WrongInput as error:
        page, wrong = page_of(person=request.user, **which), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/passing.html", context, status=400 if wrong else 200)


@login_required
@require_GET
def department(request: HttpRequest, slug: str) -> HttpResponse:
    return _shown(request, passing_of_department, slug=slug)


@login_required
@require_GET
def company(request: HttpRequest) -> HttpResponse:
    return _shown(request, passing_of_company)
