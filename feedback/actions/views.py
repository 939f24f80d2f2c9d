"""Corrective actions over pages: the list of both sides, starting one, its steps; the causes in the settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.actions import selectors, services
from feedback.actions.causes import add_cause, cause_tree, change_cause, get_cause, values_of
from feedback.actions.forms import CauseChangeForm, CauseForm, FilterForm, OpenForm, StepForm
from feedback.actions.models import Cause
from feedback.actions.policies import require_edit_causes, require_open
from feedback.actions.states import move_of
from requests_app.catalogue.selectors import services_for
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_service_request
from requests_app.kernel.errors import NotAllowed
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Department
from requests_app.org.policies import own_departments, standing
from requests_app.org.selectors import departments_for, get_department

LIST, PAGE, NEW = (f"feedback/actions/{name}.html" for name in ("list", "page", "new"))
CAUSES, CAUSE = "settings/causes.html", "settings/cause.html"
PAGE_SIZE = 50
BACK = frozenset({"send_back", "recur", "cancel"})  # steps that stand folded beside the usual one


@login_required
def actions(request: HttpRequest) -> HttpResponse:
    """What a department owes, what it is owed, or all that the reader may read."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    slug = wanted.get("department")
    department = get_department(person=request.user, slug=slug) if slug else None
    rows = selectors.actions_for(
        request.user, side=wanted.get("side", ""), department=department, ended=bool(wanted.get("ended"))
    )
    page = keyset_page(rows, order=("-pk",), cursor=wanted.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "page": page,
        "lines": selectors.lines_of(page.rows),
        "side": wanted.get("side", ""),
        "department": department,
        "ended": wanted.get("ended"),
        "own": own_departments(request.user),
        "may_open": bool(standing(request.user).head_of),
    }
    return render(request, LIST, context)


@login_required
def new(request: HttpRequest, number: str = "") -> HttpResponse:
    """About a request named in the address, or about anything."""
    source = get_service_request(person=request.user, number=number) if number else None
    if source is not None:
        require_open(request.user, source.supplier)
    elif not standing(request.user).head_of:
        raise NotAllowed(_("Heads start corrective actions of their departments."), needed=_("Ask your head."))
    form = _open_form(request, source)
    if form.is_valid():
        with refusals_beside(form):
            action = services.open_action(by=request.user, **_wanted(form, source))
            messages.success(request, _("It is open. First keep it from hurting further."))
            return redirect("actions:action", pk=action.pk)
    context = {"form": form, "source": source, "here": request.get_full_path()}
    return render(request, NEW, context, status=400 if form.errors else 200)


def _open_form(request: HttpRequest, source: ServiceRequest | None) -> OpenForm:
    data = request.POST if request.method == "POST" else None
    if source is not None:
        open_to_both = source.privacy != Privacy.CONFIDENTIAL  # else the title would say to the head what it is about
        return OpenForm(data, initial={"title": source.title if open_to_both else ""})
    leads = standing(request.user).head_of
    return OpenForm(
        data,
        suppliers=Department.objects.filter(pk__in=leads, is_active=True).order_by("name"),
        customers=departments_for(request.user),
        services=services_for(request.user).filter(department__in=leads),
    )


def _wanted(form: OpenForm, source: ServiceRequest | None) -> dict:
    if source is None:
        return form.cleaned_data
    return form.cleaned_data | selectors.source_of(source)


@login_required
def action(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: StepForm | None = None) -> HttpResponse:
    page = selectors.action_page(person=request.user, pk=pk)
    causes = cause_tree() if any("cause" in move.needs for move in page.moves) else []
    forms = [
        bound if bound and bound.move == move else StepForm(move=move, action=page.action, causes=causes)
        for move in page.moves
    ]
    context = {
        "page": page,
        "action": page.action,
        "steps": [form for form in forms if not form.is_change and form.move.name not in BACK],
        "others": [form for form in forms if form.is_change or form.move.name in BACK],
        "refused": bound if bound and bound.move not in page.moves else None,
    }
    return render(request, PAGE, context, status=400 if bound and bound.errors else 200)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; what was typed stays when it is refused."""
    found = selectors.get_action(person=request.user, pk=pk)
    form = StepForm(request.POST, move=move_of(name), action=found, causes=cause_tree())
    if form.is_valid():
        with refusals_beside(form):
            services.take_step(
                by=request.user, action=found, name=name, words=form.words(),
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
            messages.success(request, _("Kept."))
            return redirect("actions:action", pk=pk)
    return _page(request, pk, form)


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
    return render(request, CAUSES, context, status=400 if form.errors else 200)


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
    return render(request, CAUSE, {"form": form, "cause": found}, status=400 if form.errors else 200)


def _showing(found: Cause) -> CauseChangeForm:
    values = {"name": found.name, "is_active": found.is_active}
    return CauseChangeForm(initial=values | {"version": fingerprint(values_of(found))})
