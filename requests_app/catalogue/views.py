"""Setting up services: the texts, and the questions with a preview."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.catalogue import selectors, services
from requests_app.catalogue.forms.editing import DepartmentChoice, FormBuilder, NewServiceForm, ServiceEditForm
from requests_app.catalogue.models import Service, ServiceForm
from requests_app.kernel.errors import DomainError, NotAllowed
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pages import render_page_or_part
from requests_app.org.policies import require_set_up

LIST, PAGE, FORM, PREVIEW = (
    f"settings/{name}.html" for name in ("services", "service", "service_form", "_service_preview")
)


@login_required
def service_list(request: HttpRequest) -> HttpResponse:
    require_set_up(request.user, "catalogue.edit_own_service")
    wanted = request.GET.get("department", "")[:60]
    rows = selectors.services_to_edit(request.user, department=wanted)
    groups = [
        {"department": department, "services": list(found)}
        for department, found in groupby(rows, key=lambda service: service.department)
    ]
    context = {"groups": groups, "departments": selectors.departments_to_offer(request.user), "wanted": wanted}
    return render(request, LIST, context)


@login_required
def new_service(request: HttpRequest) -> HttpResponse:
    """First in whose name, then the texts; the questions come on the page after."""
    require_set_up(request.user, "catalogue.edit_own_service")
    choice = DepartmentChoice(request.GET or None, person=request.user)
    if not choice.is_valid():
        return render(request, "settings/service_department.html", {"form": choice})
    department = choice.cleaned_data["department"]
    form = NewServiceForm(request.POST if request.method == "POST" else None, department=department)
    if form.is_valid():
        with refusals_beside(form):
            made = services.create_service(by=request.user, department=department, **form.wanted())
            messages.success(request, _("%(name)s is made. Now its questions.") % {"name": made.name})
            return redirect("settings:service_form", slug=made.slug)
    context = {"form": form, "department": department}
    return render(request, PAGE, context, status=400 if form.errors else 200)


@login_required
def service(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.get_service_to_edit(person=request.user, slug=slug)
    form = _texts(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: _texts(Service.objects.get(pk=found.pk))):
            services.change_service(by=request.user, service=found, based_on=form.based_on, **form.wanted())
            messages.success(request, _("Saved."))
            return redirect("settings:service", slug=slug)
    context = {"form": form, "service": found, "department": found.department}
    return render(request, PAGE, context, status=400 if form.errors else 200)


def _texts(found: Service, data=None) -> ServiceEditForm:
    return ServiceEditForm(data, department=found.department, service=found)


@login_required
def service_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The form builder. Every button posts all rows; only saving makes a version."""
    found = selectors.get_service_to_edit(person=request.user, slug=slug)
    versions = list(selectors.forms_of(found))
    if request.method != "POST":
        chosen = _chosen(request, found, versions)
        return _builder_page(request, found, versions, FormBuilder.of(found, chosen.questions if chosen else []))
    button = request.POST.get("do", "save")
    builder = FormBuilder.typed(request.POST).pressed(button)
    if button == "save" and builder.is_valid() and _saved(request, found, builder):
        return redirect("settings:service_form", slug=slug)
    return _builder_page(request, found, versions, builder, status=400 if button == "save" else 200)


def _chosen(request: HttpRequest, found: Service, versions: list[ServiceForm]) -> ServiceForm | None:
    """The version to begin from: today's, or an earlier one that is asked for."""
    asked = request.GET.get("version", "")
    return next((form for form in versions if str(form.number) == asked), found.form)


def _saved(request: HttpRequest, found: Service, builder: FormBuilder) -> bool:
    try:
        changed = services.change_service(
            by=request.user, service=found, fields=builder.questions, based_on=builder.version or None
        )
    except NotAllowed:
        raise
    except DomainError as error:
        now = FormBuilder.of(Service.objects.get(pk=found.pk), []).version
        builder.add_refusal(error, prefix="fields.", version=now)
        return False
    if changed.form_id == found.form_id:
        messages.info(request, _("Nothing was changed, so there is no new version."))
    else:
        messages.success(
            request, _("Saved as version %(n)s. Requests filed from now on ask this.") % {"n": changed.form.number}
        )
    return True


def _builder_page(
    request: HttpRequest, found: Service, versions: list[ServiceForm], builder: FormBuilder, *, status: int = 200
) -> HttpResponse:
    count = len(builder.rows)
    context = {
        "service": found,
        "builder": builder,
        "preview": builder.preview(),
        "versions": versions,
        "asked": ngettext("%(n)s question", "%(n)s questions", count) % {"n": count},
    }
    return render_page_or_part(request, FORM, PREVIEW, context, status=status)
