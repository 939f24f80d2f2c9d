"""Needs over pages: the board of a department, the list, proposing, working on one, rating it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.needs import policies, selectors, services
from feedback.needs.forms import FilterForm, NeedForm, RatingForm, SourceForm, StepForm
from feedback.needs.sources import Found, find_source
from feedback.needs.states import SourceKind, State, move_of
from feedback.voice.selectors import get_voice
from requests_app.catalogue.states import Privacy
from requests_app.desk.selectors.requests import get_service_request
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, get_department

LIST, BOARD, PAGE, EDIT = (f"feedback/needs/{name}.html" for name in ("list", "board", "page", "form"))
PAGE_SIZE = 30


@login_required
def needs(request: HttpRequest) -> HttpResponse:
    """Needs of all boards that the reader may see, the weightiest first."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    chosen = {
        name: get_department(person=request.user, slug=wanted[name]) if wanted.get(name) else None
        for name in ("department", "customer")
    }
    state, mine = wanted.get("state", ""), bool(wanted.get("mine"))
    rows = selectors.needs_for(request.user, state=state, mine=mine, **chosen)
    page = keyset_page(rows, order=selectors.BY_PRIORITY, cursor=wanted.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "page": page,
        "lines": selectors.lines_of(page.rows),
        "state": state,
        "states": State.choices,
        "mine": mine,
        "departments": departments_for(request.user),
        "may_propose": policies.can_propose(request.user),
        **chosen,
    }
    return render(request, LIST, context)


@login_required
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The board of a department: what is collected, analysed, decided, carried out and evaluated."""
    department = get_department(person=request.user, slug=slug)
    found = selectors.board_page(person=request.user, department=department)
    context = {"board": found, "department": department, "may_propose": policies.can_propose(request.user)}
    return render(request, BOARD, context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Propose a need; the address may name the request or the entry that it was heard of in, and the department."""
    policies.require_propose(request.user, *_nowhere(request))
    source, initial = _heard_of(request)
    data = request.POST if request.method == "POST" else None
    own = standing(request.user).supplies_for
    departments = departments_for(request.user)
    form = NeedForm(data, initial=initial, departments=departments, customers=departments if own else None)
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        with refusals_beside(form):
            need = services.propose(by=request.user, source=source, **values)
            messages.success(request, _("It is on the board."))
            return redirect("needs:need", pk=need.pk)
    context = {"form": form, "source": source}
    return render(request, EDIT, context, status=400 if form.errors else 200)


def _nowhere(request: HttpRequest) -> tuple[Any, list]:
    """Whoever belongs to no department is told so before anything is typed."""
    return departments_for(request.user).first(), []


def _heard_of(request: HttpRequest) -> tuple[Found | None, dict[str, Any]]:
    """What the address names, and what of it may stand in the form: nothing of what not everybody reads."""
    number, said = request.GET.get("request", ""), request.GET.get("voice", "")
    initial = {"department": request.GET.get("department", "")}
    if number:
        row = get_service_request(person=request.user, number=number)
        title = row.title if row.privacy == Privacy.DEPARTMENT else ""
        return Found(SourceKind.REQUEST, row), initial | {"department": row.supplier.slug, "title": title}
    if said.isascii() and said.isdigit() and 0 < len(said) < 18:
        voice = get_voice(person=request.user, pk=int(said))
        title = "" if voice.kind == "complaint" else voice.title
        return Found(SourceKind.VOICE, voice), initial | {"department": voice.department.slug, "title": title}
    return None, initial


@login_required
def need(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(
    request: HttpRequest, pk: int, bound: StepForm | None = None, *, source: Any = None, rating: Any = None
) -> HttpResponse:
    page = selectors.need_page(person=request.user, pk=pk)
    steps = [bound if bound and bound.move == move else StepForm(move=move, need=page.need) for move in page.moves]
    mine = [line.department for line in page.ratings if line.may_rate]
    context = {
        "page": page,
        "need": page.need,
        "steps": steps,
        "refused": bound if bound and bound.move not in page.moves else None,
        "source_form": source or (SourceForm() if page.may_change else None),
        "rating_form": rating or (RatingForm(need=page.need, departments=mine) if mine else None),
    }
    return render(request, PAGE, context, status=400 if bound or source or rating else 200)


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise, or name other departments that need it."""
    found = selectors.get_need(person=request.user, pk=pk)
    policies.require_change(request.user, found)
    initial = {
        "title": found.title, "text": found.text, "version": found.version,
        "customers": [row.slug for row in found.customers.all()],
    }  # fmt: skip
    works = policies.can_work(request.user, found)
    customers = departments_for(request.user).exclude(pk=found.department_id) if works else None
    form = NeedForm(request.POST if request.method == "POST" else None, initial=initial, customers=customers)
    if form.is_valid():
        values = dict(form.cleaned_data)
        with refusals_beside(form):
            services.change_need(by=request.user, need=found, expected_version=values.pop("version"), **values)
            messages.success(request, _("Kept."))
            return redirect("needs:need", pk=pk)
    return render(request, EDIT, {"form": form, "need": found}, status=400 if form.errors else 200)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; what was typed stays when it is refused."""
    found = selectors.get_need(person=request.user, pk=pk)
    move = move_of(name)
    policies.require_move(request.user, found, move)
    form = StepForm(request.POST, move=move, need=found)
    if form.is_valid():
        with refusals_beside(form):
            services.take_step(
                by=request.user, need=found, name=name, words=form.words(),
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
            messages.success(request, _("Kept."))
            return redirect("needs:need", pk=pk)
    return _page(request, pk, form)


@login_required
@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """How much it counts and how well it is met, for a department of the reader's."""
    found = selectors.get_need(person=request.user, pk=pk)
    policies.require_rate(request.user, found, None)
    form = RatingForm(request.POST, need=found, departments=policies.rates_for(request.user, found))
    if form.is_valid():
        with refusals_beside(form):
            services.rate(by=request.user, need=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("needs:need", pk=pk)
    return _page(request, pk, rating=form)


@login_required
@require_POST
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Name where it was heard of."""
    found = selectors.get_need(person=request.user, pk=pk)
    policies.require_change(request.user, found)
    form = SourceForm(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            named = find_source(person=request.user, **form.cleaned_data)
            services.add_source(by=request.user, need=found, source=named)
            return redirect("needs:need", pk=pk)
    return _page(request, pk, source=form)


@login_required
@require_POST
def drop_source(request: HttpRequest, pk: int, source_pk: int) -> HttpResponse:
    """Take back where it was heard of."""
    found = selectors.get_need(person=request.user, pk=pk)
    services.remove_source(by=request.user, need=found, pk=source_pk)
    return redirect("needs:need", pk=pk)
