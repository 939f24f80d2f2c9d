"""The scorecard over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.dashboards.states import SPAN_WORDS
from metrics.scorecard.selectors import scorecard_of
from requests_app.kernel.errors import WrongInput


@login_required
@require_GET
def scorecard(request: HttpRequest, slug: str) -> HttpResponse:
    given = request.GET
    days = {"choice": given.get("period", ""), "start": given.get("from", ""), "end": given.get("to", "")}
    try:
        page, wrong = scorecard_of(person=request.user, slug=slug, **days), None
    except WrongInput as error:
        page, wrong = scorecard_of(person=request.user, slug=slug), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/scorecard.html", context, status=400 if wrong else 200)
