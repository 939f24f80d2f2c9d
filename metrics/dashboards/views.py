"""Pages of figures over HTTP."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from metrics.dashboards.company import company_page
from metrics.dashboards.selectors import department_page
from metrics.dashboards.states import SPAN_WORDS
from metrics.rollups.states import Side
from requests_app.kernel.errors import WrongInput


def _days(request: HttpRequest) -> dict[str, str]:
    given = request.GET
    return {"choice": given.get("period", ""), "start": given.get("from", ""), "end": given.get("to", "")}


def _department(request: HttpRequest, slug: str, side: str) -> HttpResponse:
    try:
        page, wrong = department_page(person=request.user, slug=slug, side=side, **_days(request)), None
    except WrongInput as error:
        page, wrong = department_page(person=request.user, slug=slug, side=side), error
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/department.html", context, status=400 if wrong else 200)


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
    context = {"page": page, "spans": SPAN_WORDS, "wrong": wrong}
    return render(request, "metrics/company.html", context, status=400 if wrong else 200)


@login_required
@require_GET
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """The bare address of a department leads to what it supplies."""
    return redirect("dashboards:supplier", slug=slug)
