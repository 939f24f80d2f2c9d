"""Pages of figures over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from metrics.dashboards.company import CompanyPage, company_page
from metrics.dashboards.memory import BODIES
from metrics.dashboards.selectors import DepartmentPage, department_page
from metrics.dashboards.states import SPAN_WORDS
from metrics.rollups.states import Side
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.panels import Panel, panels_for


def _days(request: HttpRequest) -> dict[str, str]:
    given = request.GET
    return {"choice": given.get("period", ""), "start": given.get("from", ""), "end": given.get("to", "")}


def _department(request: HttpRequest, slug: str, side: str) -> HttpResponse:
    try:
        page, wrong = department_page(person=request.user, slug=slug, side=side, **_days(request)), None
    except WrongInput as error:
        page, wrong = department_page(person=request.user, slug=slug, side=side), error
    return _shown(request, "department", page, wrong)


def _more(request: HttpRequest, page: DepartmentPage | CompanyPage, place: str) -> list[Panel]:
    """What other packages show of this department: for this reader, so never remembered for others."""
    if isinstance(page, CompanyPage):
        return []
    return panels_for(place, person=request.user, department=page.department, side=page.side)


def _shown(
    request: HttpRequest, name: str, page: DepartmentPage | CompanyPage, wrong: WrongInput | None
) -> HttpResponse:
    """The frame is drawn for the reader; the figures in it once for all who see the same."""
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    more = {"panels": _more(request, page, "department"), "facts": _more(request, page, "department facts")}
    key = (*page.key, name, request.GET.urlencode())
    body = BODIES.of(key, lambda: render_to_string(f"metrics/_{name}.html", context, request))
    context |= {"body": body, **more}
    return render(request, f"metrics/{name}.html", context, status=400 if wrong else 200)


@login_required
@require_GET
def as_supplier(request: HttpRequest, slug: str) -> HttpResponse:
    return _department(request, slug, Side.SUPPLIER)


@login_required
@require_GET
def as_customer(request: HttpRequest, slug: str) -> HttpResponse:
    return _department(request, slug, Side.CUSTOMER)


@login_required
@require_GET
def company(request: HttpRequest) -> HttpResponse:
    try:
        page, wrong = company_page(person=request.user, figure=request.GET.get("figure", ""), **_days(request)), None
    except WrongInput as error:
        page, wrong = company_page(person=request.user), error
    return _shown(request, "company", page, wrong)


@login_required
@require_GET
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """The bare address of a department leads to what it supplies."""
    return redirect("dashboards:supplier", slug=slug)
