"""The chain of a department as it says it is, and the form in which its head says so."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from feedback.chain import policies, selectors, services
from feedback.chain.forms import DeclareForm
from feedback.chain.states import OUTSIDE, Side
from requests_app.kernel.forms import refusals_beside
from requests_app.org.models import Department
from requests_app.org.selectors import department_choices, departments_for, get_department


@login_required
@require_GET
def chain(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "feedback/chain/page.html", {"page": selectors.chain_page(person=request.user, slug=slug)})


@login_required
def declare(request: HttpRequest, slug: str) -> HttpResponse:
    """What the address names (side, other) is filled in, with what was said of it."""
    department = get_department(person=request.user, slug=slug)
    policies.require_declare(request.user, department)
    form = _form(request, department)
    if form.is_valid():
        values = form.cleaned_data
        with refusals_beside(form):
            services.declare(
                by=request.user, department=department, side=values["side"], other=_other(request, values["other"]),
                products=values["products"], demands=values["demands"], troubles=values["troubles"],
                holds=not values.get("gone"), expected_number=form.read_number,
            )  # fmt: skip
            messages.success(request, _("Kept. The other side sees it on your common page."))
            return redirect("chain:department", slug=slug)
    context = {"form": form, "department": department}
    return render(request, "feedback/chain/declare.html", context, status=400 if form.errors else 200)


def _form(request: HttpRequest, department: Department) -> DeclareForm:
    asked = request.POST if request.method == "POST" else request.GET
    side, named = asked.get("side", ""), asked.get("other", "")
    choices = [(slug, name) for slug, name in department_choices(request.user) if slug != department.slug]
    side = side if side in Side.values else Side.SUPPLIER.value
    known = named == OUTSIDE or named in dict(choices)
    before = selectors.current_of(department, side, _other(request, named)) if known else None
    initial = {"side": side, "other": named if known else "", "about": f"{side}/{named}", "number": 0}
    if before is not None:
        initial |= {name: getattr(before, name) for name in services.TEXTS} | {"number": before.number}
    data = request.POST if request.method == "POST" else None
    return DeclareForm(data, initial=initial, departments=choices, said_before=bool(before and before.holds))


def _other(request: HttpRequest, slug: str) -> Department | None:
    return None if slug == OUTSIDE else departments_for(request.user).filter(slug=slug).first()
