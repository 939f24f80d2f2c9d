"""A meeting of a group on its page: planned, held with minutes and decisions, the tasks that grew out of it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.groups import policies, selectors, working
from feedback.groups.forms import MeetingStepForm, MinutesForm, TaskForm
from feedback.groups.ics import write_meeting
from feedback.groups.models import Meeting
from feedback.groups.states import HELD, MEETING_MOVES, PLANNED, move_of
from requests_app.calendars.ics_export import CONTENT_TYPE
from requests_app.events.forms import take_once
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.versions import fingerprint

PAGE = "feedback/groups/meeting.html"


@login_required
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: forms.Form | None = None, place: str = "") -> HttpResponse:
    """`bound`: the form that was refused, in its place among the others."""
    page = selectors.meeting_page(person=request.user, pk=pk)
    shown: dict[str, forms.Form] = {}
    if page.may_lead and page.meeting.state == PLANNED:
        for name, move in MEETING_MOVES.items():
            shown[name] = MeetingStepForm(move=move, meeting=page.meeting, suggested=page.suggested)
    if page.writable:
        shown["minutes"] = _minutes_form(page.meeting)
    if page.may_work and page.meeting.state == HELD:
        shown["task"] = TaskForm(group=page.group)
    refused = bound if bound is not None and place not in shown else None
    if bound is not None and place in shown:
        shown[place] = bound
    context = {"page": page, "meeting": page.meeting, "group": page.group, "forms": shown, "refused": refused}
    return render(request, PAGE, context, status=400 if bound is not None else 200)


def _minutes_form(found: Meeting, data: object = None) -> MinutesForm:
    values = selectors.notes_values(found)
    return MinutesForm(data, auto_id="id_minutes_%s", initial=values | {"version": fingerprint(values)})


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Put off, hold or call off. Who comes second finds what the first one did."""
    found, move = selectors.get_meeting(person=request.user, pk=pk), move_of(name, MEETING_MOVES)
    policies.require_lead(request.user, found.group)
    form = MeetingStepForm(request.POST, move=move, meeting=found)
    if form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        with refusals_beside(form):
            working.take_meeting_step(by=request.user, meeting=found, name=name, expected_version=version, **values)
            messages.success(request, _("Kept."))
            return redirect("groups:meeting", pk=pk)
    return _page(request, pk, form, name)


@login_required
@require_POST
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever saved later reads what the other wrote, and loses nothing."""
    found = selectors.get_meeting(person=request.user, pk=pk)
    policies.require_work(request.user, found.group)
    form = _minutes_form(found, request.POST)
    if form.is_valid():
        newer = lambda: _minutes_form(selectors.get_meeting(person=request.user, pk=pk))  # noqa: E731
        with refusals_beside(form, newer=newer):
            working.write_minutes(by=request.user, meeting=found, based_on=form.based_on, **form.values())
            messages.success(request, _("Kept."))
            return redirect("groups:meeting", pk=pk)
    return _page(request, pk, form, "minutes")


@login_required
@require_POST
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """A task that grew out of the meeting."""
    found = selectors.get_meeting(person=request.user, pk=pk)
    policies.require_work(request.user, found.group)
    form = TaskForm(request.POST, group=found.group)
    if form.is_valid():
        values = form.typed() | {"by": request.user, "group": found.group, "meeting": found}
        with refusals_beside(form):
            take_once(form, by=request.user, about=("meeting", pk), make=lambda: working.give_task(**values).pk)
            messages.success(request, _("It is on the board."))
            return redirect("groups:meeting", pk=pk)
    return _page(request, pk, form, "task")


@login_required
def calendar_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting for the reader's calendar."""
    content = write_meeting(selectors.get_meeting(person=request.user, pk=pk))
    named = {"Content-Disposition": f'attachment; filename="meeting-{pk}.ics"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=named)
