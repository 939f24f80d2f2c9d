"""Corrective actions over pages: the list of both sides, starting one, its steps."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.actions import policies, selectors, services
from feedback.actions.board import board_of
from feedback.actions.causes import cause_tree
from feedback.actions.forms import FilterForm, OpenForm, ProofForm, StepForm
from feedback.actions.models import CorrectiveAction
from feedback.actions.policies import require_open
from feedback.actions.proof import add_files, get_file, remove_file
from feedback.actions.requests import source_of
from feedback.actions.states import move_of
from requests_app.catalogue.selectors import services_for
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_service_request
from requests_app.desk.services.attachments import path_of
from requests_app.kernel.errors import NotAllowed
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.models import Department, Person
from requests_app.org.policies import own_departments, standing
from requests_app.org.selectors import departments_for, get_department

LIST, BOARD, PAGE, NEW = (f"feedback/actions/{name}.html" for name in ("list", "board", "page", "new"))
PAGE_SIZE = 50
BACK = frozenset({"send_back", "recur", "cancel"})  # steps that stand folded beside the usual one


@login_required
def actions(request: HttpRequest) -> HttpResponse:
    """What a department owes, what it is owed, or all that the reader may read."""
    rows, context = _chosen(request)
    page = keyset_page(rows, order=("-pk",), cursor=context["cursor"], size=PAGE_SIZE)
    return render(request, LIST, context | {"page": page, "lines": selectors.lines_of(page.rows)})


@login_required
def board(request: HttpRequest) -> HttpResponse:
    """The same actions, a column for each state."""
    rows, context = _chosen(request)
    columns = board_of(rows, ended=bool(context["ended"]))
    return render(request, BOARD, context | {"columns": columns, "lines": any(one.lines for one in columns)})


def _chosen(request: HttpRequest) -> tuple[QuerySet[CorrectiveAction], dict[str, Any]]:
    """The actions that the address asks for, and what list and board say of the choice."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    slug = wanted.get("department")
    department = get_department(person=request.user, slug=slug) if slug else None
    side, ended, late = wanted.get("side", ""), bool(wanted.get("ended")), bool(wanted.get("late"))
    rows = selectors.actions_for(request.user, side=side, department=department, ended=ended, late=late)
    return rows, {
        "side": side,
        "department": department,
        "ended": ended,
        "late": late,
        "cursor": wanted.get("cursor", ""),
        "own": own_departments(request.user),
        "may_open": bool(standing(request.user).head_of),
        "may_propose": policies.can_propose_causes(request.user),
    }


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
            action = services.open_action(by=request.user, **_wanted(form, request.user, source))
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


def _wanted(form: OpenForm, person: Person, source: ServiceRequest | None) -> dict:
    if source is None:
        return form.cleaned_data
    return form.cleaned_data | source_of(person, source)


@login_required
def action(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: StepForm | None = None, proof: ProofForm | None = None) -> HttpResponse:
    page = selectors.action_page(person=request.user, pk=pk)
    causes = cause_tree(action=page.action) if any("cause" in move.needs for move in page.moves) else []
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
        "proof": proof or ProofForm(),
    }
    wrong = (bound and bound.errors) or (proof and proof.errors)
    return render(request, PAGE, context, status=400 if wrong else 200)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; what was typed stays when it is refused."""
    found = selectors.get_action(person=request.user, pk=pk)
    form = StepForm(request.POST, move=move_of(name), action=found, causes=cause_tree(action=found))
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
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Files that show what was done."""
    found = selectors.get_action(person=request.user, pk=pk)
    policies.require_move(request.user, found, move_of("finish"))
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_beside(form):
            add_files(by=request.user, action=found, files=form.cleaned_data["files"])
            messages.success(request, _("Kept."))
            return redirect("actions:action", pk=pk)
    return _page(request, pk, proof=form)


@login_required
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, to be saved and never to be run: our own type, no sniffing, a sandbox around it."""
    found = get_file(person=request.user, pk=pk)
    try:
        content = path_of(found).open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A file goes, by who added it."""
    found = get_file(person=request.user, pk=pk)
    remove_file(by=request.user, file=found)
    messages.success(request, _("%(name)s is taken away.") % {"name": found.name})
    return redirect("actions:action", pk=found.action_id)
