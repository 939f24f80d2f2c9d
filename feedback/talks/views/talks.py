"""A talk on its page: from the agenda to what was settled."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
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
from feedback.talks.policies import require_lead, sides_of
from feedback.talks.selectors import TalkPage, people_of
from feedback.talks.states import BEGUN, OPEN, PLANNED, Point, State
from requests_app.agreements.states import Side
from requests_app.kernel.errors import IllegalMove
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.panels import panels_for
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Department

PAGE, LIVE, KEPT = (f"feedback/talks/{name}.html" for name in ("talk", "_live", "_kept"))


@login_required
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    """`bound`: forms that were refused, each in its place among the others; one without a place stands above."""
    page = selectors.talk_page(person=request.user, pk=pk)
    shown, bound = _forms(page), bound or {}
    refused = next((form for place, form in bound.items() if place not in shown), None)
    shown |= {place: form for place, form in bound.items() if place in shown}
    context = {**_parts(page), "forms": shown, "refused": refused}
    context["sides"] = [
        (side, department, text, shown.get(f"minutes_{side}")) for side, department, text in _sides(page)
    ]
    series = page.series
    live = page.talk.state in OPEN  # what was talked of then stays as it was then
    parties = {"supplier": series.supplier, "customer": series.customer}
    context["panels"] = panels_for("talk", person=request.user, **parties) if live else []
    return render(request, PAGE, context, status=400 if any(form.errors for form in bound.values()) else 200)


def _parts(page: TalkPage) -> dict[str, Any]:
    return {"page": page, "talk": page.talk, "series": page.series, "was": page.talk.state}


def _sides(page: TalkPage) -> list[tuple[str, Department, str]]:
    of = {Side.SUPPLIER: page.series.supplier, Side.CUSTOMER: page.series.customer}
    return [(side.value, department, page.talk.notes_of(side)) for side, department in of.items()]


@login_required
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """What others wrote since the page was drawn, asked for every few seconds; 204 where that is nothing.

    `seen` says what the page holds, `was` which state it was drawn for.
    """
    found = selectors.get_talk(person=request.user, pk=pk)
    if request.GET.get("seen") == selectors.mark_of(request.user, found):
        return HttpResponse(status=204)
    page = selectors.talk_page(person=request.user, pk=pk)
    was = request.GET.get("was")
    context = {**_parts(page), "was": was if was in State.values else page.talk.state, "oob": True}
    context["others"] = [(side, text) for side, _department, text in _sides(page) if not _types(page, side)]
    return render(request, LIVE, context)


def _types(page: TalkPage, side: str) -> bool:
    return page.written and side in page.sides


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
        refused = _save_minutes(request, found) if name == "end" else {}
        if refused:
            return _page(request, pk, {**refused, name: form})
        with refusals_beside(form):
            take()
            messages.success(request, _("Kept."))
            return redirect("talks:talk", pk=pk)
    return _page(request, pk, {name: form})


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
    return _page(request, pk, {kind: form})


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
    if request.htmx and f"{side}-halt" in request.POST:
        return HttpResponse(status=204)  # two wrote at once: what is kept is decided by pressing the button
    refused = _save_minutes(request, found, side)
    if request.htmx:
        return _kept(request, pk, side, refused.get(f"minutes_{side}"))
    if refused:
        return _page(request, pk, refused)
    messages.success(request, _("Kept."))
    return redirect("talks:talk", pk=pk)


def _save_minutes(request: HttpRequest, found: Talk, side: str = "") -> dict[str, forms.Form]:
    """Writes down what was sent for `side`, and for any other the sender speaks for; answers what was refused."""
    refused: dict[str, forms.Form] = {}
    for one in sides_of(request.user, found.series):
        if one != side and f"{one}-text" not in request.POST:
            continue
        form = _minutes_form(found, one, request.POST)
        newer = partial(_stored, request, found.pk, one)
        if form.is_valid():
            with refusals_beside(form, newer=newer):
                writing.write_minutes(
                    by=request.user, talk=found, side=one, text=form.cleaned_data["text"], based_on=form.based_on
                )
        if form.errors:
            refused[f"minutes_{one}"] = form
    return refused


def _stored(request: HttpRequest, pk: int, side: str) -> MinutesForm:
    return _minutes_form(selectors.get_talk(person=request.user, pk=pk), side)


def _kept(request: HttpRequest, pk: int, side: str, refused: forms.Form | None) -> HttpResponse:
    """The answer to words that were saved while they are typed: their version, or why they are not kept."""
    context = {"form": refused or _stored(request, pk, side), "now": timezone.now(), "oob": True}
    return render(request, KEPT, context, status=400 if refused else 200)


@login_required
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    item = selectors.get_item(person=request.user, pk=pk)
    writing.finish_task(by=request.user, item=item)
    messages.success(request, _("Done."))
    return redirect("talks:talk", pk=item.talk_id)
