"""The comparison over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.benchmark.selectors import benchmark_page
from metrics.dashboards.states import SPAN_WORDS
from requests_app.kernel.errors import WrongInput

ASKED = ("figure", "need_type", "customer_kind")


@login_required
@require_GET
def benchmark(request: HttpRequest) -> HttpResponse:
    given = request.GET
    days = {"choice": given.get("period", ""), "start": given.get("from", ""), "end": given.get("to", "")}
    asked = {name: given.get(name, "") for name in ASKED}
    try:
        page, wrong = benchmark_page(person=request.user, asked=asked, **days), None
    except WrongInput as error:
        page, wrong = benchmark_page(person=request.user, asked={}), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/benchmark.html", context, status=400 if wrong else 200)
