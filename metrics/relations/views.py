"""The list of a department's relations over HTTP; the page of two departments is the roof's."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.dashboards.states import SPAN_WORDS
from metrics.relations.listing import relations_of
from requests_app.kernel.errors import WrongInput


@login_required
@require_GET
def relations(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        page, wrong = relations_of(person=request.user, slug=slug, choice=request.GET.get("period", "")), None
    except WrongInput as error:
        page, wrong = relations_of(person=request.user, slug=slug), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/relations.html", context, status=400 if wrong else 200)
