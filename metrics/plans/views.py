"""The four plans over pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics.plans.selectors import company_plans, department_plans
from metrics.plans.states import COMPLETENESS, COVERAGE, DONE_WHEN, Plan

FORMULAS = {"completeness": COMPLETENESS, "coverage": COVERAGE, "done_when": [(p.label, DONE_WHEN[p]) for p in Plan]}


@login_required
@require_GET
def department(request: HttpRequest, slug: str) -> HttpResponse:
    page = department_plans(person=request.user, slug=slug)
    return render(request, "metrics/plans/department.html", {"page": page, **FORMULAS})


@login_required
@require_GET
def company(request: HttpRequest) -> HttpResponse:
    return render(request, "metrics/plans/company.html", {"page": company_plans(person=request.user), **FORMULAS})
