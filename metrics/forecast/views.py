"""The page of what is to come over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.forecast.selectors import outlook_of


@login_required
@require_GET
def outlook(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "metrics/outlook.html", {"page": outlook_of(person=request.user, slug=slug)})
