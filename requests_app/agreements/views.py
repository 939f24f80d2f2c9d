"""Setting targets and priorities, each with a preview of what it comes to."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.agreements import selectors, services
from requests_app.agreements.forms.parties import PartiesForm
from requests_app.agreements.forms.priorities import MatrixForm
from requests_app.agreements.forms.targets import TargetsForm
from requests_app.agreements.policies import require_edit_targets
from requests_app.agreements.selectors import Parties
from requests_app.agreements.states import IMPACT, PRIORITY, URGENCY, Measure
from requests_app.catalogue.selectors import departments_to_offer, services_to_edit
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pages import render_page_or_part
from requests_app.org.models import Department, Person
from requests_app.org.policies import require_set_up
from requests_app.org.selectors import departments_for

LIST, TARGET, OUTLOOK, MATRIX, SQUARE = (
    f"settings/{name}.html" for name in ("targets", "target", "_outlook", "matrix", "_square")
)


@login_required
def targets(request: HttpRequest) -> HttpResponse:
    """What is in force, the company's default first; and the way to agree on something of its own."""
    require_set_up(request.user, "sla_policy.edit")
    form = PartiesForm(
        request.GET or None,
        suppliers=departments_to_offer(request.user),
        customers=departments_for(request.user),
        services=services_to_edit(request.user).select_related("department"),
    )
    if form.is_valid():
        return redirect(f"{reverse('settings:target')}?{urlencode(form.address())}")
    rows = [_listed(agreement) for agreement in selectors.agreements_to_edit(request.user)]
    context = {"form": form, "rows": rows, "priorities": PRIORITY.values()}
    return render(request, LIST, context, status=400 if form.errors else 200)


def _listed(agreement) -> dict:
    parties = Parties(agreement.supplier, agreement.customer, agreement.service)
    times = {(target.measure, target.priority): target.time for target in agreement.targets.all()}
    columns = [[times.get((measure, priority)) for priority in PRIORITY] for measure in Measure.values]
    return {"agreement": agreement, "parties": parties, "url": _address(parties), "columns": columns}


def _address(parties: Parties, page: str = "settings:target") -> str:
    named = {name: row.slug for name, row in parties.by_name.items() if row}
    return f"{reverse(page)}?{urlencode(named)}" if named else reverse(page)


def _parties(request: HttpRequest) -> Parties:
    """Those named in the address; NotAllowed when their targets are for others to set."""
    named = {name: request.GET.get(name, "")[:80] for name in ("supplier", "customer", "service")}
    found = selectors.get_parties(person=request.user, **named)
    require_edit_targets(request.user, found.supplier.pk if found.supplier else None)
    return found


@login_required
def target(request: HttpRequest) -> HttpResponse:
    """What one side promises alone. Between two departments heads negotiate; only administrators set it outright."""
    parties = _parties(request)
    if parties.customer and not request.user.is_admin:
        named = {name: row.slug for name, row in parties.by_name.items() if row}
        return redirect(f"{reverse('agreements:new')}?{urlencode(named | {'go': 'on'})}")
    form = _targets_form(parties, request.POST if request.method == "POST" else None)
    if request.POST.get("do") == "preview":
        form.is_valid()
        return _target_page(request, parties, form)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: _targets_form(parties)):
            _save(request, parties, form)
            return redirect(_address(parties))
    return _target_page(request, parties, form, status=400 if form.errors else 200)


def _save(request: HttpRequest, parties: Parties, form: TargetsForm) -> None:
    if form.in_force and not form.has_changed():
        messages.info(request, _("Nothing was changed, so there is no new version."))
        return
    made = services.set_targets(by=request.user, **parties.by_name, **form.wanted())
    said = _("Saved as version %(n)s. Requests filed before keep what they were promised.")
    messages.success(request, said % {"n": made.version})


def _targets_form(parties: Parties, data=None) -> TargetsForm:
    otherwise = selectors.holds_otherwise(parties, at=timezone.now())
    return TargetsForm(data, versions=selectors.versions_between(parties), otherwise=otherwise)


def _target_page(request: HttpRequest, parties: Parties, form: TargetsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "parties": parties,
        "here": _address(parties),
        "end": _address(parties, "settings:target_end"),
        "measures": [words for _code, words in Measure.choices],
        "rule": selectors.rule_of(**parties.ids),
        "outlook": selectors.outlook(parties.supplier, form.as_promised(), at=timezone.now()),
        "history": [_listed(agreement) for agreement in form.versions],
    }
    return render_page_or_part(request, TARGET, OUTLOOK, context, status=status)


@login_required
@require_POST
def target_end(request: HttpRequest) -> HttpResponse:
    parties = _parties(request)
    services.end_targets(by=request.user, **parties.by_name)
    messages.success(request, _("It has ended. What is less specific holds from now on."))
    return redirect("settings:targets")


@login_required
def matrix(request: HttpRequest) -> HttpResponse:
    """The company's priorities, or those of one supplier."""
    require_set_up(request.user, "sla_policy.edit")
    department = _matrix_department(request)
    form = _matrix_form(department, request.POST if request.method == "POST" else None)
    if request.POST.get("do") == "preview":
        form.is_valid()
    elif form.is_valid():
        with refusals_beside(form, newer=lambda: _matrix_form(department)):
            services.set_matrix(by=request.user, department=department, cells=form.cells(), based_on=form.based_on)
            messages.success(request, _("Saved. Requests filed from now on get these priorities."))
            return redirect(_matrix_address(department))
    return _matrix_page(request, department, form)


@login_required
@require_POST
def matrix_end(request: HttpRequest) -> HttpResponse:
    department = _matrix_department(request)
    services.drop_matrix(by=request.user, department=department)
    messages.success(request, _("The company's priorities hold again."))
    return redirect(_matrix_address(department))


def _matrix_department(request: HttpRequest) -> Department | None:
    """The one in the address; without one administrators set the company's, heads their own."""
    slug = request.GET.get("department", "")[:60]
    if not slug and not request.user.is_admin:
        slug = _own_slug(request.user)
    department = selectors.get_parties(person=request.user, supplier=slug).supplier
    require_edit_targets(request.user, department.pk if department else None)
    return department


def _own_slug(person: Person) -> str:
    first = departments_to_offer(person).first()
    return first.slug if first else ""


def _matrix_address(department: Department | None) -> str:
    return reverse("settings:matrix") + (f"?department={department.slug}" if department else "")


def _matrix_form(department: Department | None, data=None) -> MatrixForm:
    return MatrixForm(data, own=selectors.own_matrix(department), otherwise=selectors.matrix_of(None))


def _matrix_page(request: HttpRequest, department: Department | None, form: MatrixForm) -> HttpResponse:
    context = {
        "form": form,
        "department": department,
        "here": _matrix_address(department),
        "departments": departments_to_offer(request.user),
        "impacts": IMPACT.values(),
        "square": [
            {"words": URGENCY[urgency], "cells": [(IMPACT[impact], priority) for impact, priority in row.items()]}
            for urgency, row in form.cells().items()
        ],
    }
    refused = form.errors and request.POST.get("do") != "preview"
    return render_page_or_part(request, MATRIX, SQUARE, context, status=400 if refused else 200)
