"""One's own absences, and the hours and absences of a department's people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.capacity import selectors, services
from requests_app.capacity.forms import AbsenceForm, HoursForm
from requests_app.kernel.forms import refusals_beside
from requests_app.org.models import Department
from requests_app.org.policies import require_edit_department
from requests_app.org.selectors import get_department

MINE, TEAM = "capacity/mine.html", "capacity/department.html"


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """When I am away."""
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_beside(form):
            services.enter_absence(by=request.user, person=request.user, **form.cleaned_data)
            messages.success(request, _("Entered."))
            return redirect("capacity:mine")
    rows = selectors.absences_of(request.user, since=timezone.localdate())
    return render(request, MINE, {"form": form, "absences": rows}, status=400 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to where it was listed: one's own page, or that of the department it was withdrawn on."""
    absence = selectors.get_absence(person=request.user, pk=pk)
    services.withdraw_absence(by=request.user, absence=absence)
    messages.success(request, _("Withdrawn."))
    slug = request.POST.get("department", "")
    known = Department.objects.filter(slug=slug).exists() if slug and "\x00" not in slug else False
    return redirect("capacity:department", slug=slug) if known else redirect("capacity:mine")


@login_required
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works how many hours a week for it, and who is away when; for its head."""
    row = _led(request, slug)
    form = AbsenceForm(request.POST if request.method == "POST" else None, department=row)
    if form.is_valid():
        with refusals_beside(form):
            services.enter_absence(by=request.user, **form.cleaned_data)
            messages.success(request, _("Entered."))
            return redirect("capacity:department", slug=slug)
    return _team(request, row, form=form)


@login_required
@require_POST
def hours(request: HttpRequest, slug: str) -> HttpResponse:
    row = _led(request, slug)
    form = HoursForm(request.POST, department=row)
    if form.is_valid():
        with refusals_beside(form):
            who, since = form.cleaned_data["person"], form.cleaned_data["since"]
            services.set_hours(by=request.user, person=who, department=row, minutes=form.minutes, since=since)
            messages.success(request, _("Saved."))
            return redirect("capacity:department", slug=slug)
    return _team(request, row, hours_form=form)


def _led(request: HttpRequest, slug: str) -> Department:
    row = get_department(person=request.user, slug=slug)
    require_edit_department(request.user, row.pk)
    return row


def _team(request: HttpRequest, row: Department, **forms) -> HttpResponse:
    context = {
        "department": row,
        "agents": selectors.agents_with_hours(row, today=timezone.localdate()),
        "form": forms.get("form") or AbsenceForm(department=row),
        "hours_form": forms.get("hours_form") or HoursForm(department=row),
    }
    refused = any(form.errors for form in forms.values())
    return render(request, TEAM, context, status=400 if refused else 200)
