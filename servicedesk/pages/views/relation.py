"""The page of two departments, the same for both sides."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from metrics.dashboards.states import SPAN_WORDS
from metrics.rollups.links import relation_link
from requests_app.kernel.errors import WrongInput
from requests_app.org.selectors import get_department
from servicedesk.pages.relations import relation_page


@login_required
@require_GET
def relation(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """404 for a department that the reader does not know of, or with itself."""
    if one == other:
        raise Http404
    if (one, other) != tuple(sorted((one, other))):
        query = request.META.get("QUERY_STRING", "")
        return redirect(relation_link(one, other) + (f"?{query}" if query else ""))
    pair = {
        "one": get_department(person=request.user, slug=one),
        "other": get_department(person=request.user, slug=other),
    }
    try:
        page, wrong = relation_page(person=request.user, choice=request.GET.get("period", ""), **pair), None
    except WrongInput as error:
        page, wrong = relation_page(person=request.user, **pair), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "pages/relation.html", context, status=400 if wrong else 200)
