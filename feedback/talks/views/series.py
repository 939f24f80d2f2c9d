"""The list of talks, arranging a series, its page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.talks import counting, selectors, services
from feedback.talks.forms import (
    ArrangeForm,
    BehindForm,
    FilterForm,
    SeriesForm,
    ShiftForm,
)
from feedback.talks.ics import feed_key
from feedback.talks.models import TalkSeries
from feedback.talks.policies import require_lead
from feedback.talks.selectors import TalkLine, people_of
from feedback.talks.states import MEANING
from requests_app.agreements.states import Side
from requests_app.kernel.errors import NotAllowed
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.kernel.versions import fingerprint
from requests_app.messaging.letters import absolute
from requests_app.org.models import Department
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, get_department

LIST, NEW, SERIES, CHANGE = (f"feedback/talks/{name}.html" for name in ("list", "new", "series", "change"))
BEHIND = "feedback/talks/behind.html"
PAGE_SIZE = 30


@login_required
def talks(request: HttpRequest) -> HttpResponse:
    """The series of the reader's departments, or all for whoever looks on."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = selectors.series_for(request.user)
    page = keyset_page(rows, order=("-is_active", "-pk"), cursor=wanted.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "page": page,
        "lines": selectors.series_lines(page.rows),
        "may_arrange": bool(standing(request.user).head_of),
        "feed": absolute(reverse("talks:feed", args=[feed_key(request.user)])),
    }
    return render(request, LIST, context)


@login_required
def of_department(request: HttpRequest, slug: str, side: str) -> HttpResponse:
    """What stands behind the numbers on a dashboard: talks whose time came, those held, or tasks that are late."""
    department = get_department(person=request.user, slug=slug)
    if side not in Side.values:
        raise Http404
    form = BehindForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    show, cursor = wanted.get("show") or "planned", wanted.get("cursor", "")
    late = show == counting.LATE
    if late:
        rows = counting.tasks_behind(request.user, department, side)
        page = keyset_page(rows, order=("due_on", "pk"), cursor=cursor, size=PAGE_SIZE)
    else:
        rows = counting.talks_behind(request.user, department, side, show)
        page = keyset_page(rows, order=("-starts_at", "-pk"), cursor=cursor, size=PAGE_SIZE)
    lines = [] if late else [TalkLine(talk, MEANING[talk.state], list(talk.items.all())) for talk in page.rows]
    context = {
        "department": department,
        "side": side,
        "show": show,
        "page": page,
        "lines": lines,
        "days": counting.DAYS,
    }
    return render(request, BEHIND, context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    leads = standing(request.user).head_of
    if not leads:
        raise NotAllowed(_("Heads arrange the talks of their departments."), needed=_("Ask your head."))
    own = Department.objects.filter(pk__in=leads, is_active=True).order_by("name", "pk")
    first = own.first()
    initial = {"zone": first.time_zone if first else "", "department": request.GET.get("department", "")}
    if first and len(leads) == 1:
        initial["department"] = first.slug
    data = request.POST if request.method == "POST" else None
    initial["other"] = request.GET.get("other", "")
    form = ArrangeForm(data, initial=initial, own=own, others=departments_for(request.user))
    if form.is_valid():
        with refusals_beside(form):
            made = services.arrange(by=request.user, **form.values())
            messages.success(request, _("The talks are arranged. Now choose who else comes."))
            return redirect("talks:change", pk=made.pk)
    return render(request, NEW, {"form": form}, status=400 if form.errors else 200)


@login_required
def series(request: HttpRequest, pk: int) -> HttpResponse:
    return _series(request, pk)


def _series(request: HttpRequest, pk: int, bound: ShiftForm | None = None) -> HttpResponse:
    """All talks of a series, the latest first."""
    found = selectors.get_series(person=request.user, pk=pk)
    form = FilterForm(request.GET)
    cursor = form.cleaned_data.get("cursor", "") if form.is_valid() else ""
    rows = selectors.with_outcomes(selectors.talks_for(request.user, series=found))
    page = keyset_page(rows, order=("-starts_at", "-pk"), cursor=cursor, size=PAGE_SIZE)
    whole = selectors.series_page(person=request.user, pk=pk, talks=page.rows)
    plan_form = bound or (ShiftForm(series=found) if whole.may_lead and not whole.next and found.is_active else None)
    context = {"page": page, "whole": whole, "series": found, "plan": plan_form}
    return render(request, SERIES, context, status=400 if bound and bound.errors else 200)


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_series(person=request.user, pk=pk)
    require_lead(request.user, found)
    form = _series_form(found, request.POST) if request.method == "POST" else _showing(found)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: _showing(selectors.get_series(person=request.user, pk=pk))):
            services.change_series(by=request.user, series=found, based_on=form.based_on, **form.values())
            messages.success(request, _("Saved."))
            return redirect("talks:series", pk=pk)
    return render(request, CHANGE, {"form": form, "series": found}, status=400 if form.errors else 200)


def _series_form(found: TalkSeries, data: Any = None, initial: dict | None = None) -> SeriesForm:
    return SeriesForm(data, initial=initial, people=people_of(found))


def _showing(found: TalkSeries) -> SeriesForm:
    values = selectors.series_values(found)
    return _series_form(found, initial=values | {"version": fingerprint(values)})


@login_required
@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_series(person=request.user, pk=pk)
    require_lead(request.user, found)
    form = ShiftForm(request.POST, series=found)
    if form.is_valid():
        with refusals_beside(form):
            made = services.plan_talk(by=request.user, series=found, starts_at=form.cleaned_data["starts_at"])
            messages.success(request, _("Planned. Everybody gets an invitation."))
            return redirect("talks:talk", pk=made.pk)
    return _series(request, pk, form)
