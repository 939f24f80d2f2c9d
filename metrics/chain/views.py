"""The declared and observed map over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.chain.selectors import map_page
from metrics.dashboards.states import SPAN_WORDS
from requests_app.kernel.errors import WrongInput

PARAMS = {"choice": "period", "start": "from", "end": "to", "department": "department"}


@login_required
@require_GET
def chain_map(request: HttpRequest) -> HttpResponse:
    """Where what was asked cannot be, the usual days of the whole company are shown and what is wrong is said."""
    given = {name: request.GET.get(param, "").replace("\x00", "") for name, param in PARAMS.items()}
    try:
        page, wrong = map_page(person=request.user, **given), None
    except WrongInput as error:
        page, wrong = map_page(person=request.user), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/chain.html", context, status=400 if wrong else 200)
