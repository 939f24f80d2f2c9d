"""A talk on its page: from the agenda to what was settled."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.talks import selectors, services, writing
from feedback.talks.forms import (
    LINES,
    CancelForm,
    EndForm,
    MinutesForm,
    ShiftForm,
    TaskForm,
)
from feedback.talks.models import Talk
from feedback.talks.policies import require_lead
from feedback.talks.selectors import TalkPage, people_of
from feedback.talks.states import BEGUN, OPEN, PLANNED, Point
from requests_app.agreements.states import Side
from requests_app.kernel.errors import IllegalMove
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.panels import panels_for
from requests_app.kernel.versions import fingerprint

PAGE = "feedback/talks/talk.html"


@login_required
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: forms.Form | None = None, place: str = "") -> HttpResponse:
    """`bound`: the form that was refused, in its place among the others."""
    page = selectors.talk_page(person=request.user, pk=pk)
    shown = _forms(page)
    refused = None
    if bound is not None and place in shown:
        shown[place] = bound
    elif bound is not None:
        refused = bound
    sides = [(side, page.talk.notes_of(side), shown.get(f"minutes_{side}")) for side in Side.values]
    context = {"page": page, "talk": page.talk, "series": page.series, "forms": shown, "refused": refused}
    context["sides"] = [
        (page.series.supplier if side == Side.SUPPLIER else page.series.customer, text, form)
        for side, text, form in sides
    ]
    series = page.series
    live = page.talk.state in OPEN  # what was talked of then stays as it was then
    parties = {"supplier": series.supplier, "customer": series.customer}
    context["panels"] = panels_for("talk", person=request.user, **parties) if live else []
    return render(request, PAGE, context, status=400 if bound is not None and bound.errors else 200)


def _forms(page: TalkPage) -> dict[str, forms.Form]:
    """What this reader can fill in now, by its place on the page."""
    found: dict[str, forms.Form] = {}
    first = {"version": page.talk.version}
    if page.open_for_points:
        found["own"] = LINES[Point.OWN]()
    if page.written:
        found["decision"], found["task"] = LINES[Point.DECISION](), TaskForm(people=people_of(page.series))
        found |= {f"minutes_{side}": _minutes_form(page.talk, side) for side in page.sides}
        if page.may_lead:
            found["correction"] = LINES[Point.CORRECTION]()
    if page.may_lead and page.talk.state == PLANNED:
        found["shift"] = ShiftForm(series=page.series, initial=first | {"starts_at": page.talk.starts_at})
    if page.may_lead and page.talk.state in (PLANNED, BEGUN):
        found["cancel"] = CancelForm(initial=first)
    if page.may_lead and page.talk.state == BEGUN:
        here = first | {"present": [person.pk for person in page.invited], "starts_at": page.suggested}
        found["end"] = EndForm(series=page.series, people=people_of(page.series), initial=here)
    return found


def _minutes_form(found: Talk, side: str, data: Any = None) -> MinutesForm:
    values = selectors.notes_values(found, side)
    department = found.series.supplier if side == Side.SUPPLIER else found.series.customer
    label = _("Minutes of %(name)s") % {"name": department.name}
    initial = {"text": values["text"], "version": fingerprint(values)}
    return MinutesForm(data, side=side, label=label, initial=initial)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Begin, end, put off or call off. Who comes second finds what the first one did."""
    found = selectors.get_talk(person=request.user, pk=pk)
    services.step_of(name)
    require_lead(request.user, found.series)
    form = _step_form(found, name, request.POST)
    if form is None or form.is_valid():
        values = {} if form is None else dict(form.cleaned_data)
        version = values.pop("version", None)
        take: Callable[[], Talk] = lambda: services.take_step(  # noqa: E731
            by=request.user, talk=found, name=name, expected_version=version, **values
        )
        if form is None:
            return _begun(request, pk, take)
        with refusals_beside(form):
            take()
            messages.success(request, _("Kept."))
            return redirect("talks:talk", pk=pk)
    return _page(request, pk, form, name)


def _begun(request: HttpRequest, pk: int, take: Callable[[], Talk]) -> HttpResponse:
    try:
        take()
        messages.success(request, _("It has begun. The agenda stays as it is now."))
    except IllegalMove as error:
        messages.info(request, error.message)
    return redirect("talks:talk", pk=pk)


def _step_form(found: Talk, name: str, data: Any) -> forms.Form | None:
    if name == "shift":
        return ShiftForm(data, series=found.series)
    if name == "cancel":
        return CancelForm(data)
    return EndForm(data, series=found.series, people=people_of(found.series)) if name == "end" else None


@login_required
@require_POST
def line(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A point, a decision, a task or a corrective action."""
    found = selectors.get_talk(person=request.user, pk=pk)
    if kind not in WRITERS:
        raise Http404
    form = TaskForm(request.POST, people=people_of(found.series)) if kind == Point.TASK else LINES[kind](request.POST)
    writing.require_line(request.user, found, kind)
    if form.is_valid():
        with refusals_beside(form):
            WRITERS[kind](by=request.user, talk=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("talks:talk", pk=pk)
    return _page(request, pk, form, kind)


WRITERS: dict[str, Callable[..., Any]] = {
    str(Point.OWN): writing.add_point,
    str(Point.DECISION): writing.decide,
    str(Point.TASK): writing.give_task,
    str(Point.CORRECTION): writing.begin_correction,
}


@login_required
@require_POST
def minutes(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """The minutes of one side. Whoever saved later reads what the other wrote, and loses nothing."""
    found = selectors.get_talk(person=request.user, pk=pk)
    if side not in Side.values:
        raise Http404
    writing.require_minutes(request.user, found, side)
    form = _minutes_form(found, side, request.POST)
    if form.is_valid():
        newer = lambda: _minutes_form(selectors.get_talk(person=request.user, pk=pk), side)  # noqa: E731
        with refusals_beside(form, newer=newer):
            writing.write_minutes(
                by=request.user, talk=found, side=side, text=form.cleaned_data["text"], based_on=form.based_on
            )
            messages.success(request, _("Kept."))
            return redirect("talks:talk", pk=pk)
    return _page(request, pk, form, f"minutes_{side}")


@login_required
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    item = selectors.get_item(person=request.user, pk=pk)
    writing.finish_task(by=request.user, item=item)
    messages.success(request, _("Done."))
    return redirect("talks:talk", pk=item.talk_id)
