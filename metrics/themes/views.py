"""What people say over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.themes.selectors import themes_of


@login_required
@require_GET
def themes(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "metrics/themes.html", {"page": themes_of(person=request.user, slug=slug)})
