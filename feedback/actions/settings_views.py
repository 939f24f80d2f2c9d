"""The tree of causes in the settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from feedback.actions.causes import add_cause, cause_tree, change_cause, get_cause, values_of
from feedback.actions.forms import CauseChangeForm, CauseForm
from feedback.actions.models import Cause
from feedback.actions.policies import require_edit_causes
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.versions import fingerprint

LIST, PAGE = "settings/causes.html", "settings/cause.html"


@login_required
def causes(request: HttpRequest) -> HttpResponse:
    """The tree, and the form for one more."""
    require_edit_causes(request.user)
    form = CauseForm(request.POST if request.method == "POST" else None, causes=cause_tree())
    if form.is_valid():
        with refusals_beside(form):
            added = add_cause(by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s is added.") % {"name": added.name})
            return redirect("settings:causes")
    context = {"form": form, "twigs": cause_tree(closed=True)}
    return render(request, LIST, context, status=400 if form.errors else 200)


@login_required
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    require_edit_causes(request.user)
    found = get_cause(pk)
    form = CauseChangeForm(request.POST) if request.method == "POST" else _showing(found)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: _showing(get_cause(pk))):
            change_cause(by=request.user, cause=found, based_on=form.based_on, **form.values())
            messages.success(request, _("Saved."))
            return redirect("settings:causes")
    return render(request, PAGE, {"form": form, "cause": found}, status=400 if form.errors else 200)


def _showing(found: Cause) -> CauseChangeForm:
    values = {"name": found.name, "is_active": found.is_active}
    return CauseChangeForm(initial=values | {"version": fingerprint(values_of(found))})
