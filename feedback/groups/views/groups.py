"""Joint groups over pages: the list, founding one, its page with board, meetings and wall checks."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.groups import policies, selectors, services, working
from feedback.groups.forms import (
    BringForm,
    FilterForm,
    GroupForm,
    JoinForm,
    PassForm,
    PlanForm,
    StepForm,
    TaskForm,
    WallForm,
)
from feedback.groups.models import JointGroup
from feedback.groups.selectors import GroupPage
from feedback.groups.states import State, move_of
from requests_app.events.forms import take_once
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.models import Department
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, get_department

LIST, PAGE, EDIT, PASS = (f"feedback/groups/{name}.html" for name in ("list", "group", "form", "pass"))
PAGE_SIZE = 30


@login_required
def groups(request: HttpRequest) -> HttpResponse:
    """Groups that everybody may know of, the newest first."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    slug, state = wanted.get("department", ""), wanted.get("state", "")
    department = get_department(person=request.user, slug=slug) if slug else None
    rows = selectors.groups_for(request.user, state=state, department=department)
    page = keyset_page(rows, order=selectors.NEWEST, cursor=wanted.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "page": page, "lines": selectors.lines_of(page.rows), "state": state, "states": State.choices,
        "department": department, "departments": departments_for(request.user),
        "may_found": policies.can_found(request.user),
    }  # fmt: skip
    return render(request, LIST, context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    policies.require_found(request.user)
    own = Department.objects.filter(pk__in=standing(request.user).head_of, is_active=True).order_by("name", "pk")
    initial = {"others": [request.GET.get("other", "")]}
    data = request.POST if request.method == "POST" else None
    form = GroupForm(data, initial=initial, own=own, others=departments_for(request.user))
    if form.is_valid():
        with refusals_beside(form):
            values = form.typed()
            values.pop("version")
            pk = take_once(form, by=request.user, about="group", make=lambda: _found(request, values))
            messages.success(request, _("The group is founded. Now choose who else sits in it."))
            return redirect("groups:group", pk=pk)
    return render(request, EDIT, {"form": form}, status=400 if form.errors else 200)


def _found(request: HttpRequest, values: dict[str, Any]) -> int:
    return services.found(by=request.user, **values | {"others": list(values["others"])}).pk


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_whole(person=request.user, pk=pk)
    policies.require_lead(request.user, found)
    names = ("name", "goal", "starts_on", "ends_on", "every_weeks", "version")
    initial = {name: getattr(found, name) for name in names}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        values = form.typed()
        with refusals_beside(form):
            services.change_group(by=request.user, group=found, expected_version=values.pop("version"), **values)
            messages.success(request, _("Kept."))
            return redirect("groups:group", pk=pk)
    return render(request, EDIT, {"form": form, "group": found}, status=400 if form.errors else 200)


@login_required
def group(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, pk)


def page_of(request: HttpRequest, pk: int, bound: forms.Form | None = None, place: str = "") -> HttpResponse:
    """`bound`: the form that was refused, in its place among the others."""
    page = selectors.group_page(person=request.user, pk=pk)
    shown = _forms(request, page)
    refused = bound if bound is not None and place not in shown else None
    if bound is not None and place in shown:
        shown[place] = bound
    steps = [shown[f"step_{move.name}"] for move in page.moves]
    context = {"page": page, "group": page.group, "forms": shown, "steps": steps, "refused": refused}
    return render(request, PAGE, context, status=400 if bound is not None else 200)


def _forms(request: HttpRequest, page: GroupPage) -> dict[str, forms.Form]:
    """What this reader can fill in now, by its place on the page."""
    found: dict[str, forms.Form] = {f"step_{move.name}": StepForm(move=move, group=page.group) for move in page.moves}
    if not page.is_going or page.inside is None:
        return found
    if page.may_work:
        found["task"] = TaskForm(group=page.group)
    if page.may_lead:
        others = departments_for(request.user).exclude(pk__in=[row.pk for row in page.line.departments])
        found |= {"join": JoinForm(group=page.group), "bring": BringForm(departments=others)}
        if page.inside.next_meeting is None:
            found["plan"] = PlanForm(group=page.group)
    check = page.inside.open_check
    if page.me is not None and check is not None and not check.answered:
        found["wall"] = WallForm()
    return found


def _of(request: HttpRequest, pk: int) -> JointGroup:
    return selectors.get_whole(person=request.user, pk=pk)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Begin, finish or give up; what was typed stays when it is refused."""
    found, move = _of(request, pk), move_of(name)
    policies.require_lead(request.user, found)
    form = StepForm(request.POST, move=move, group=found)
    if form.is_valid():
        with refusals_beside(form):
            words, version = form.cleaned_data.get("note", ""), form.cleaned_data["version"]
            services.take_step(by=request.user, group=found, name=name, words=words, expected_version=version)
            messages.success(request, _("Kept."))
            return redirect("groups:group", pk=pk)
    return page_of(request, pk, form, f"step_{name}")


@login_required
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    found = _of(request, pk)
    policies.require_lead(request.user, found)
    form = JoinForm(request.POST, group=found)
    if form.is_valid():
        seat, leads = form.cleaned_data["seat"], form.cleaned_data["leads"]
        with refusals_beside(form):
            services.bring_in(by=request.user, group=found, person=seat.person, department=seat.department, leads=leads)
            return redirect("groups:group", pk=pk)
    return page_of(request, pk, form, "join")


@login_required
@require_POST
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Another department, through its head."""
    found = _of(request, pk)
    policies.require_lead(request.user, found)
    form = BringForm(request.POST, departments=departments_for(request.user))
    if form.is_valid():
        with refusals_beside(form):
            services.bring_in(by=request.user, group=found, person=None, department=form.cleaned_data["department"])
            return redirect("groups:group", pk=pk)
    return page_of(request, pk, form, "bring")


@login_required
@require_POST
def leave(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    found = _of(request, pk)
    member = selectors.get_member(found, member_pk)
    form = forms.Form(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            services.let_go(by=request.user, group=found, member=member)
            return redirect("groups:group", pk=pk)
    return page_of(request, pk, form, "leave")


@login_required
@require_POST
def task(request: HttpRequest, pk: int) -> HttpResponse:
    found = _of(request, pk)
    policies.require_work(request.user, found)
    form = TaskForm(request.POST, group=found)
    if form.is_valid():
        with refusals_beside(form):
            give = lambda: working.give_task(by=request.user, group=found, **form.typed()).pk  # noqa: E731
            take_once(form, by=request.user, about=("task", pk), make=give)
            messages.success(request, _("It is on the board."))
            return redirect("groups:group", pk=pk)
    return page_of(request, pk, form, "task")


@login_required
@require_POST
def move(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """A task goes into another column."""
    found = selectors.get_task(person=request.user, pk=pk)
    form = forms.Form(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            working.move_task(by=request.user, task=found, state=state)
            return redirect("groups:group", pk=found.owner.group_id)
    return page_of(request, found.owner.group_id, form, "move")


@login_required
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A task goes to another member, or gets another day."""
    found = selectors.get_task(person=request.user, pk=pk)
    group = found.owner.group
    policies.require_work(request.user, group)
    form = PassForm(request.POST if request.method == "POST" else None, task=found)
    if form.is_valid():
        with refusals_beside(form):
            working.pass_task(by=request.user, task=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("groups:group", pk=group.pk)
    return render(request, PASS, {"form": form, "task": found, "group": group}, status=400 if form.errors else 200)


@login_required
@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = _of(request, pk)
    policies.require_lead(request.user, found)
    form = PlanForm(request.POST, group=found)
    if form.is_valid():
        with refusals_beside(form):
            made = working.plan_meeting(by=request.user, group=found, **form.cleaned_data)
            messages.success(request, _("Planned. Everybody gets an invitation."))
            return redirect("groups:meeting", pk=made.pk)
    return page_of(request, pk, form, "plan")


@login_required
@require_POST
def check(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Open or close a wall check."""
    found = _of(request, pk)
    acts = {"open": working.open_check, "close": working.close_check}
    if name not in acts:
        raise Http404
    form = forms.Form(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            acts[name](by=request.user, group=found)
            return redirect("groups:group", pk=pk)
    return page_of(request, pk, form, "check")


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = _of(request, pk)
    policies.require_member(request.user, found)
    form = WallForm(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            working.answer_check(by=request.user, group=found, values=form.cleaned_data)
            messages.success(request, _("Thank you. Only means of at least five answers are shown."))
            return redirect("groups:group", pk=pk)
    return page_of(request, pk, form, "wall")
