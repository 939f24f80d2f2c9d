"""The page of figure targets in the settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from metrics.targets import policies, services
from metrics.targets.forms import TargetsForm
from metrics.targets.selectors import targets_of
from requests_app.catalogue.selectors import departments_to_offer
from requests_app.kernel.forms import refusals_beside
from requests_app.org.models import Department
from requests_app.org.policies import require_set_up
from requests_app.org.selectors import get_department


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def figure_targets(request: HttpRequest) -> HttpResponse:
    """The company's targets, or those of one department."""
    require_set_up(request.user, "sla_policy.edit")
    department = _department(request)
    policies.require_set(request.user, department)
    form = TargetsForm(request.POST if request.method == "POST" else None, targets=targets_of(department))
    if form.is_valid():
        with refusals_beside(form, newer=lambda: TargetsForm(targets=targets_of(department))):
            services.set_targets(by=request.user, department=department, targets=form.chosen(), based_on=form.based_on)
            messages.success(request, _("Saved. Pages of figures show it within a minute."))
            return redirect(_address(department))
    context = {
        "form": form,
        "department": department,
        "departments": departments_to_offer(request.user),
        "here": _address(department),
    }
    return render(request, "settings/figure_targets.html", context, status=400 if form.errors else 200)


def _department(request: HttpRequest) -> Department | None:
    """The one in the address; without one administrators set the company's, heads their first own."""
    slug = request.GET.get("department", "")[:80]
    if slug:
        return get_department(person=request.user, slug=slug)
    return None if request.user.is_admin else departments_to_offer(request.user).first()


def _address(department: Department | None) -> str:
    return reverse("settings:figure_targets") + (f"?department={department.slug}" if department else "")
