"""Departments with their calendar, which lies above them, and with what was changed about them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.calendars.selectors import calendars_for
from requests_app.kernel.forms import refusals_beside
from requests_app.org.forms import AgentForm, DepartmentForm
from requests_app.org.models import Department, Person
from requests_app.org.policies import require_admin, require_edit_department, require_set_up
from requests_app.org.selectors import department_tree, get_department_to_edit, hats_in
from requests_app.org.services import save_department, set_hats
from servicedesk.pages.settings.changes import changes_of

PAGE = "settings/department.html"


@login_required
def departments(request: HttpRequest) -> HttpResponse:
    require_set_up(request.user, "department.edit_settings")
    calendars = {calendar.pk: calendar for calendar in calendars_for(request.user)}
    standard = next((calendar for calendar in calendars.values() if calendar.is_default), None)
    rows = [
        {"branch": branch, "calendar": calendars.get(branch.department.calendar_id, standard)}
        for branch in department_tree(request.user)
    ]
    return render(request, "settings/departments.html", {"rows": rows})


@login_required
def new_department(request: HttpRequest) -> HttpResponse:
    require_admin(request.user)
    form = _form(request)
    if form.is_valid():
        with refusals_beside(form):
            department = save_department(by=request.user, **form.wanted())
            messages.success(request, _("%(name)s is made.") % {"name": department.name})
            return redirect("settings:department", slug=department.slug)
    return render(request, PAGE, {"form": form}, status=400 if form.errors else 200)


@login_required
def department(request: HttpRequest, slug: str) -> HttpResponse:
    found = _department(request.user, slug)
    form = _form(request, found)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: _fresh(request, found)):
            changed = save_department(by=request.user, department=found, based_on=form.based_on, **form.wanted())
            messages.success(request, _("Saved."))
            return redirect("settings:department", slug=changed.slug)
    return _shown(request, found, form, AgentForm(department=found))


@login_required
@require_POST
def agents(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody becomes an agent, or is none any more."""
    found = _department(request.user, slug)
    form = AgentForm(request.POST, department=found)
    if form.is_valid():
        with refusals_beside(form):
            set_hats(by=request.user, **form.wanted())
            messages.success(request, _said(form, found))
            return redirect("settings:department", slug=slug)
    return _shown(request, found, _form(request, found, unbound=True), form)


def _said(form: AgentForm, department: Department) -> str:
    names = {"name": form.cleaned_data["email"].name, "department": department.name}
    if form.cleaned_data["agent"]:
        return _("%(name)s works on requests to %(department)s from now on.") % names
    return _("%(name)s works on requests to %(department)s no more.") % names


def _department(person: Person, slug: str) -> Department:
    found = get_department_to_edit(person=person, slug=slug)
    require_edit_department(person, found.pk)
    return found


def _form(request: HttpRequest, found: Department | None = None, *, unbound: bool = False) -> DepartmentForm:
    calendars = [(str(calendar.pk), calendar.name) for calendar in calendars_for(request.user)]
    data = None if unbound or request.method != "POST" else request.POST
    return DepartmentForm(data, by=request.user, department=found, calendars=calendars)


def _fresh(request: HttpRequest, found: Department) -> DepartmentForm:
    found = Department.objects.select_related("parent").get(pk=found.pk)
    return _form(request, found, unbound=True)


def _shown(request: HttpRequest, found: Department, form: DepartmentForm, agent_form: AgentForm) -> HttpResponse:
    context = {
        "form": form,
        "agent_form": agent_form,
        "department": found,
        "hats": hats_in(found),
        "changes": changes_of("department", found.pk),
    }
    return render(request, PAGE, context, status=400 if form.errors or agent_form.errors else 200)
