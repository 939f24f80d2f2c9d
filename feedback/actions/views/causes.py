"""The tree of causes over pages: read and proposed for by whoever works on actions, changed by administrators."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.actions.causes import (
    add_cause,
    cause_tree,
    change_cause,
    get_cause,
    proposals_to,
    propose_cause,
    twig_of,
    values_of,
)
from feedback.actions.deciding import accept_cause, merge_cause, refuse_cause
from feedback.actions.forms import AcceptForm, CauseChangeForm, CauseForm, MergeForm, RefuseForm
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.policies import can_edit_causes, require_edit_causes, require_propose_causes
from feedback.actions.states import ACCEPTED, PROPOSED
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.versions import fingerprint

CAUSES, CAUSE, PROPOSAL = "settings/causes.html", "settings/cause.html", "settings/cause_proposed.html"
MOST_DECIDED = 20
DECISIONS = {"accept": accept_cause, "merge": merge_cause, "refuse": refuse_cause}


@login_required
def causes(request: HttpRequest) -> HttpResponse:
    """The tree, what is proposed for it, and the form for one more."""
    require_propose_causes(request.user)
    edits = can_edit_causes(request.user)
    form = CauseForm(request.POST if request.method == "POST" else None, causes=cause_tree())
    if form.is_valid():
        with refusals_beside(form):
            if edits:
                added = add_cause(by=request.user, **form.cleaned_data)
                messages.success(request, _("%(name)s is added.") % {"name": added.name})
            else:
                added = propose_cause(by=request.user, **form.cleaned_data)
                messages.success(
                    request, _("%(name)s is proposed. You are told what becomes of it.") % {"name": added.name}
                )
            return redirect("settings:causes")
    proposals = proposals_to(request.user)
    context = {
        "form": form,
        "edits": edits,
        "twigs": cause_tree(closed=True),
        "proposed": [twig_of(cause) for cause in proposals.filter(state=PROPOSED)],
        "decided": [twig_of(cause) for cause in proposals.exclude(state=PROPOSED)[:MOST_DECIDED]],
    }
    return render(request, CAUSES, context, status=400 if form.errors else 200)


@login_required
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """A cause of the tree to change, or a proposal with what became of it."""
    require_propose_causes(request.user)
    found = get_cause(pk, person=request.user)
    if request.method == "POST" or (found.state == ACCEPTED and can_edit_causes(request.user)):
        return _change(request, found)
    return _proposal(request, found)


def _change(request: HttpRequest, found: Cause) -> HttpResponse:
    require_edit_causes(request.user)
    form = CauseChangeForm(request.POST) if request.method == "POST" else _showing(found)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: _showing(get_cause(found.pk, person=request.user))):
            change_cause(by=request.user, cause=found, based_on=form.based_on, **form.values())
            messages.success(request, _("Saved."))
            return redirect("settings:causes")
    return render(request, CAUSE, {"form": form, "cause": found}, status=400 if form.errors else 200)


def _showing(found: Cause) -> CauseChangeForm:
    values = {"name": found.name, "is_active": found.is_active}
    return CauseChangeForm(initial=values | {"version": fingerprint(values_of(found))})


@login_required
@require_POST
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Accept, merge or refuse a proposal; what was typed stays when it is refused."""
    require_edit_causes(request.user)
    found = get_cause(pk, person=request.user)
    forms = _forms(found, name, request.POST)
    if name not in forms:
        raise Http404
    form = forms[name]
    if form.is_valid():
        with refusals_beside(form):
            DECISIONS[name](by=request.user, cause=found, **form.cleaned_data)
            messages.success(request, _("Decided. Whoever proposed it is told."))
            return redirect("settings:causes")
    return _proposal(request, found, forms)


def _forms(found: Cause, name: str = "", data: Any = None) -> dict[str, Any]:
    given = lambda one: data if one == name else None  # noqa: E731
    return {
        "accept": AcceptForm(given("accept"), initial={"name": found.name}, auto_id="id_accept_%s"),
        "merge": MergeForm(given("merge"), causes=cause_tree(), auto_id="id_merge_%s"),
        "refuse": RefuseForm(given("refuse"), auto_id="id_refuse_%s"),
    }


def _proposal(request: HttpRequest, found: Cause, forms: dict[str, Any] | None = None) -> HttpResponse:
    actions = CorrectiveAction.objects.visible_to(request.user)
    context = {
        "cause": found,
        "twig": twig_of(found),
        "action": actions.filter(pk=found.proposed_for_id).first() if found.proposed_for_id else None,
        "merged_into": twig_of(found.merged_into) if found.merged_into else None,
        "forms": (forms or _forms(found)) if found.is_proposed and can_edit_causes(request.user) else {},
    }
    context["late"] = (
        [] if context["forms"] else [error for form in (forms or {}).values() for error in form.non_field_errors()]
    )
    wrong = forms and any(form.errors for form in forms.values())
    return render(request, PROPOSAL, context, status=400 if wrong else 200)
