"""All figures of a department over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.dashboards.states import SPAN_WORDS
from metrics.figures.selectors import FIELDS, FiguresPage, figures_page
from requests_app.kernel.errors import WrongInput

DAYS = ("period", "from", "to")
ASKED = ("side", *DAYS, *FIELDS)


@login_required
@require_GET
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    asked = {name: value for name in ASKED if (value := request.GET.get(name, "").replace("\x00", ""))}
    try:
        page, wrong = figures_page(person=request.user, slug=slug, asked=asked), None
    except WrongInput as error:
        page, wrong = _without_wrong(request, slug, asked, error), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/figures.html", context, status=400 if wrong else 200)


def _without_wrong(request: HttpRequest, slug: str, asked: dict[str, str], error: WrongInput) -> FiguresPage:
    """The page by what was right; the days stand or fall together."""
    gone = set(DAYS) if error.errors.keys() & set(DAYS) else set(error.errors)
    left = {name: value for name, value in asked.items() if name not in gone}
    try:
        return figures_page(person=request.user, slug=slug, asked=left)
    except WrongInput:
        return figures_page(person=request.user, slug=slug, asked={})
