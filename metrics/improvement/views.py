"""Improvement plans over pages: the list of a department, a new one, its page with chart and verdict, its moves."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from metrics.improvement import selectors, services
from metrics.improvement.forms import ActionForm, MoveForm, PlanForm, asked_for
from metrics.improvement.models import Improvement, ImprovementAction
from metrics.improvement.policies import require_lead
from metrics.improvement.progress import marks_of
from metrics.improvement.states import move_of
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.selectors import get_department

PAGE_SIZE = 50


@login_required
@require_GET
def improvements(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.department_improvements(person=request.user, slug=slug)
    page = keyset_page(found.rows, order=("-pk",), cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    context = {"found": found, "page": page, "lines": selectors.lines_of(request.user, page.rows)}
    return render(request, "metrics/improvements.html", context)


@login_required
@require_GET
def marks(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Marks of progress: of a department, or without one of all that the reader may see."""
    return render(request, "metrics/improvement_marks.html", {"page": marks_of(person=request.user, slug=slug)})


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A link from a chart fills in figure, side, other, service and day."""
    department = get_department(person=request.user, slug=slug)
    require_lead(request.user, department)
    form = PlanForm(
        request.POST if request.method == "POST" else None, person=request.user, department=department,
        initial=asked_for(request.GET, timezone.localdate(), request.user),
    )  # fmt: skip
    if form.is_valid():
        with refusals_beside(form):
            made = services.plan_improvement(by=request.user, department=department, plan=form.plan())
            messages.success(request, _("It is planned. Add what is to do, then start it."))
            return redirect("improvement:page", pk=made.pk)
    context = {"form": form, "department": department, "here": request.get_full_path()}
    return render(request, "metrics/improvement_form.html", context, status=400 if form.errors else 200)


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_improvement(person=request.user, pk=pk)
    require_lead(request.user, found.department)
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, person=request.user, department=found.department, stands=found)
    if form.is_valid():
        with refusals_beside(form):
            services.change_improvement(
                by=request.user, improvement=found, plan=form.plan(), expected_version=form.cleaned_data["version"]
            )
            messages.success(request, _("Saved."))
            return redirect("improvement:page", pk=pk)
    context = {"form": form, "department": found.department, "improvement": found, "here": request.path}
    return render(request, "metrics/improvement_form.html", context, status=400 if form.errors else 200)


@login_required
@require_GET
def improvement(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: Any = None) -> HttpResponse:
    page = selectors.improvement_page(person=request.user, pk=pk)
    row = page.improvement
    forms = [
        bound if getattr(bound, "move", None) == move else MoveForm(move=move, version=row.version)
        for move in page.moves
    ]
    action_form = bound if isinstance(bound, ActionForm) else ActionForm(department=row.department)
    context = {
        "page": page,
        "improvement": row,
        "forms": forms,
        "refused": bound if bound is not None and bound not in [*forms, action_form] else None,
        "action_form": action_form if page.may_change else None,
    }
    return render(request, "metrics/improvement.html", context, status=400 if bound is not None else 200)


@login_required
@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One move; what was typed stays when it is refused."""
    found = selectors.get_improvement(person=request.user, pk=pk)
    form = MoveForm(request.POST, move=move_of(name), version=found.version)
    if form.is_valid():
        with refusals_beside(form):
            services.take_move(
                by=request.user, improvement=found, name=name, note=form.cleaned_data.get("note", ""),
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
            messages.success(request, _("Kept."))
            return redirect("improvement:page", pk=pk)
    require_lead(request.user, found.department)
    return _page(request, pk, form)


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_improvement(person=request.user, pk=pk)
    require_lead(request.user, found.department)
    form = ActionForm(request.POST, department=found.department)
    if form.is_valid():
        with refusals_beside(form):
            services.add_action(by=request.user, improvement=found, **form.cleaned_data)
            messages.success(request, _("Added."))
            return redirect("improvement:page", pk=pk)
    return _page(request, pk, form)


@login_required
def change_action(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    found = selectors.get_improvement(person=request.user, pk=pk)
    require_lead(request.user, found.department)
    row = _action(found, action)
    form = ActionForm(request.POST if request.method == "POST" else None, department=found.department, stands=row)
    if form.is_valid():
        with refusals_beside(form):
            services.change_action(by=request.user, action=row, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("improvement:page", pk=pk)
    context = {"form": form, "improvement": found}
    return render(request, "metrics/improvement_action.html", context, status=400 if form.errors else 200)


def _action(found: Improvement, pk: int) -> ImprovementAction:
    row = found.actions.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@login_required
@require_POST
def done(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    found = selectors.get_improvement(person=request.user, pk=pk)
    services.finish_action(by=request.user, action=_action(found, action))
    messages.success(request, _("Kept."))
    return redirect("improvement:page", pk=pk)
