"""Setting up working hours: the week, the days of a year that differ, public holidays, and their history."""

from contextlib import suppress
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.calendars import daywords, policies, selectors, services
from requests_app.calendars.forms import YEARS_SHOWN, CalendarForm, DayRows, HolidayForm
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.states import WEEKDAYS, Hours
from requests_app.kernel.errors import DomainError, NotAllowed, WrongInput
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pages import render_page_or_part
from requests_app.kernel.panels import panels_for
from requests_app.org.models import Person
from requests_app.org.policies import require_set_up

LIST, PAGE, PREVIEW, YEAR, HOLIDAYS = (
    f"settings/{name}.html"
    for name in ("calendars", "calendar", "_calendar_preview", "calendar_year", "calendar_holidays")
)


@login_required
def calendars(request: HttpRequest) -> HttpResponse:
    require_set_up(request.user, "calendar.edit")
    uses, today = selectors.uses_by_calendar(), timezone.localdate()
    rows = [_listed(calendar, uses, today) for calendar in selectors.calendars_to_edit(request.user)]
    return render(request, LIST, {"rows": rows})


def _listed(calendar: Calendar, uses: dict, today: date) -> dict:
    hours = selectors.hours_of(calendar.current)
    return {
        "calendar": calendar,
        "zone": hours.zone,
        "week": _in_words(hours),
        "next": next((day for day in hours.special_days if day.date >= today), None),
        "uses": uses.get(calendar.pk, 0) + (uses.get(None, 0) if calendar.is_default else 0),
    }


def _in_words(hours: Hours) -> list[str]:
    """Days with equal hours together: "Monday – Thursday 09:00–17:00"."""
    spans: list[tuple[str, str, str]] = []
    for name, day in zip(WEEKDAYS.values(), hours.week, strict=True):
        written = ", ".join(f"{opens}–{closes}" for opens, closes in day)
        if spans and spans[-1][2] == written:
            spans[-1] = (spans[-1][0], str(name), written)
        else:
            spans.append((str(name), str(name), written))
    return [
        f"{first} – {last} {words}" if first != last else f"{first} {words}" for first, last, words in spans if words
    ]


@login_required
def new_calendar(request: HttpRequest) -> HttpResponse:
    policies.require_create_calendar(request.user)
    form = CalendarForm(_typed(request), by=request.user, zone=settings.COMPANY_TIME_ZONE)
    if request.POST.get("do") == "preview":
        return _calendar_page(request, form)
    if form.is_valid():
        with refusals_beside(form):
            made = services.create_calendar(by=request.user, **form.wanted())
            messages.success(request, _("%(name)s is made. Now its days off.") % {"name": made.name})
            return redirect("settings:calendar_holidays", slug=made.slug)
    return _calendar_page(request, form)


@login_required
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    found = _calendar(request.user, slug)
    form = _hours_form(request, found, _typed(request))
    if form.is_valid() and request.POST.get("do") != "preview":
        with refusals_beside(form, newer=lambda: _hours_form(request, _calendar(request.user, slug))):
            version = services.edit_calendar(
                by=request.user, calendar=found, based_on=form.based_on_version, **form.wanted()
            )
            _say_saved(request, found.current, version)
            return redirect("settings:calendar", slug=slug)
    return _calendar_page(request, form, found)


def _say_saved(request: HttpRequest, before: CalendarVersion, after: CalendarVersion) -> None:
    if after.number == before.number:
        messages.success(request, _("Saved. The hours are as before, so there is no new version."))
        return
    said = _("Version %(n)s holds from now on. Open requests keep the hours they were promised under.")
    messages.success(request, said % {"n": after.number})


def _hours_form(request: HttpRequest, found: Calendar, data=None) -> CalendarForm:
    return CalendarForm(data, by=request.user, calendar=found, version=found.current)


def _calendar(person: Person, slug: str) -> Calendar:
    found = selectors.get_calendar(person=person, slug=slug)
    policies.require_edit_calendar(person, found)
    return found


def _typed(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _calendar_page(request: HttpRequest, form: CalendarForm, found: Calendar | None = None) -> HttpResponse:
    week = form.outline()
    context = {"form": form, "week": week, "calendar": found, "year": timezone.localdate().year}
    context["seconds"] = sum(day.seconds for day in week)
    with suppress(WrongInput):
        hours = form.hours()
        context |= {"rule": daywords.rule_in_words(hours), "examples": daywords.examples(hours, timezone.now())}
    if found and not request.htmx:
        context |= {
            "versions": list(selectors.versions_of(found)),
            "departments": list(selectors.departments_using(found)),
            "panels": panels_for("settings.calendar", calendar=found),
        }
    refused = form.errors and request.POST.get("do") != "preview"
    return render_page_or_part(request, PAGE, PREVIEW, context, status=400 if refused else 200)


@login_required
def calendar_year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The year month by month, and the days in it that differ."""
    found = _calendar(request.user, slug)
    if year not in YEARS_SHOWN:
        raise Http404
    if request.method != "POST":
        return _year_page(request, found, year, DayRows.of(found.current, year))
    button = request.POST.get("do", "save")
    rows = DayRows.typed(request.POST).pressed(button)
    if button == "save" and rows.is_valid() and _saved_days(request, found, year, rows):
        return redirect("settings:calendar_year", slug=slug, year=year)
    return _year_page(request, found, year, rows, status=400 if button == "save" else 200)


def _saved_days(request: HttpRequest, found: Calendar, year: int, rows: DayRows) -> bool:
    reason = request.POST.get("reason", "")
    try:
        version = services.set_days_of_year(
            by=request.user, calendar=found, year=year, days=rows.days(), reason=reason, based_on=rows.based_on
        )
    except NotAllowed:
        raise
    except DomainError as error:
        rows.add_refusal(error, version=str(_calendar(request.user, found.slug).current.number))
        return False
    _say_saved(request, found.current, version)
    return True


def _year_page(request: HttpRequest, found: Calendar, year: int, rows: DayRows, *, status: int = 200) -> HttpResponse:
    months = selectors.months_of(found.current, year)
    context = {
        "calendar": found,
        "rows": rows,
        "reason": request.POST.get("reason", ""),
        "year": year,
        "earlier": year - 1 if year - 1 in YEARS_SHOWN else None,
        "later": year + 1 if year + 1 in YEARS_SHOWN else None,
        "months": months,
        "workdays": sum(month.workdays for month in months),
        "seconds": sum(month.seconds for month in months),
        "too_many": len(rows.raw) > rows.most,
    }
    return render(request, YEAR, context, status=status)


@login_required
def calendar_holidays(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a country, look at what would be added, add it."""
    found = _calendar(request.user, slug)
    form = HolidayForm(request.POST or request.GET, calendar=found, today=timezone.localdate())
    proposals: list = []
    if form.is_valid():
        with refusals_beside(form):
            if request.method == "POST":
                return _add_holidays(request, found, form)
            proposals = selectors.holiday_proposals(found.current, **form.wanted())
    context = {"calendar": found, "form": form, "proposals": proposals, "year": timezone.localdate().year}
    context["new"] = sum(proposal.known is None for proposal in proposals)
    return render(request, HOLIDAYS, context, status=400 if form.errors else 200)


def _add_holidays(request: HttpRequest, found: Calendar, form: HolidayForm) -> HttpResponse:
    wanted = form.wanted()
    version = services.seed_holidays(by=request.user, calendar=found, **wanted)
    services.change_calendar(by=request.user, calendar=found, country=wanted["country"], region=wanted["region"])
    _say_saved(request, found.current, version)
    return redirect("settings:calendar_year", slug=found.slug, year=wanted["years"].start)
