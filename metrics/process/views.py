"""The observed process over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.dashboards.states import SPAN_WORDS
from metrics.process.selectors import process_page
from requests_app.kernel.errors import WrongInput

PARAMS = {"choice": "period", "start": "from", "end": "to"} | {
    name: name for name in ("side", "service", "other", "split", "time")
}


@login_required
@require_GET
def process(request: HttpRequest, slug: str) -> HttpResponse:
    """What was typed stays where it cannot be; the page below then shows the usual days."""
    given = {name: request.GET.get(param, "").replace("\x00", "") for name, param in PARAMS.items()}
    try:
        page, wrong = process_page(person=request.user, slug=slug, **given), None
    except WrongInput as error:
        page, wrong = process_page(person=request.user, slug=slug), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong, "typed": given}
    return render(request, "metrics/process.html", context, status=400 if wrong else 200)
