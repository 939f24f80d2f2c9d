"""Setting up working hours: the week, the days of a year that differ, public holidays, and their history."""

from contextlib import suppress
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.calendars import daywords, policies, selectors, services
from requests_app.calendars.forms import YEARS_SHOWN, CalendarForm, DayRows, FileForm, HalfDayRows, HolidayForm
from requests_app.calendars.ics_export import CONTENT_TYPE, write_ics
from requests_app.calendars.ics_import import days_in, read_ics
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.states import WEEKDAYS, Hours
from requests_app.kernel.errors import DomainError, NotAllowed, WrongInput
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pages import render_page_or_part
from requests_app.kernel.panels import panels_for
from requests_app.org.models import Person
from requests_app.org.policies import require_set_up

LIST, PAGE, PREVIEW, YEAR, HOLIDAYS, FILE = (
    f"settings/{name}.html"
    for name in ("calendars", "calendar", "_calendar_preview", "calendar_year", "calendar_holidays", "calendar_file")
)
OFFER, OFFERED_FOR = "calendars.days", 24 * 3600  # seconds


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
    return _holidays_page(request, found, form, status=400 if form.errors else 200, proposals=proposals)


def _holidays_page(
    request: HttpRequest, found: Calendar, form: HolidayForm, *, status: int = 200, **more
) -> HttpResponse:
    context = {"calendar": found, "form": form, "year": timezone.localdate().year}
    context |= {"rows": HalfDayRows.usual(timezone.localdate()), "proposals": [], **more}
    context["new"] = sum(proposal.known is None for proposal in context["proposals"])
    return render(request, HOLIDAYS, context, status=status)


def _add_holidays(request: HttpRequest, found: Calendar, form: HolidayForm) -> HttpResponse:
    wanted = form.wanted()
    version = services.seed_holidays(by=request.user, calendar=found, **wanted)
    services.change_calendar(by=request.user, calendar=found, country=wanted["country"], region=wanted["region"])
    _say_saved(request, found.current, version)
    return redirect("settings:calendar_year", slug=found.slug, year=wanted["years"].start)


@login_required
def calendar_half_days(request: HttpRequest, slug: str) -> HttpResponse:
    """Dates with shorter hours, every year; like public holidays they are looked at before they are added."""
    found = _calendar(request.user, slug)
    if request.method != "POST":
        return redirect("settings:calendar_holidays", slug=slug)
    button = request.POST.get("do", "preview")
    rows = HalfDayRows.typed(request.POST).pressed(button)
    wrong = button == "preview" and not rows.is_valid()
    context: dict = {"rows": rows, "wrong": wrong}
    if button == "preview" and not wrong:
        changes = selectors.changes_by(found.current, rows.days(), shorter=True)
        context |= _offered(found, changes, _("Days with shorter hours"))
    form = HolidayForm(calendar=found, today=timezone.localdate())
    return _holidays_page(request, found, form, status=400 if wrong else 200, **context)


@login_required
def calendar_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Days off from an .ics file: what it would add and change, and what is refused; and the way to get one."""
    found = _calendar(request.user, slug)
    context: dict = {"calendar": found, "year": timezone.localdate().year}
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        with refusals_beside(form):
            rows = read_ics(form.cleaned_data["file"], zone=found.current.zone, today=timezone.localdate())
            reason = _("From the file %(name)s") % {"name": request.FILES["file"].name[:100]}
            context |= _offered(found, selectors.changes_by(found.current, days_in(rows)), reason)
            context["refused"] = [(place, row) for place, row in enumerate(rows, start=1) if row.refused]
    return render(request, FILE, context | {"form": form}, status=400 if form.errors else 200)


def _offered(found: Calendar, changes: selectors.DayChanges, reason: str) -> dict:
    """The changes for the page, and the same once more, signed, for the button that saves what was shown."""
    offer = {"days": [day.as_json() for day in changes.days], "reason": reason, "version": found.current.number}
    counts = {kind: changes.count(kind) for kind in ("added", "changed", "same", "refused")}
    signed = signing.dumps(offer, salt=f"{OFFER}.{found.pk}", compress=True)
    return {"changes": changes, "counts": counts, "offer": signed, "saved": len(changes.days)}


@login_required
@require_POST
def calendar_add_days(request: HttpRequest, slug: str) -> HttpResponse:
    """What was shown and offered is saved, if the calendar is still what it was then."""
    found = _calendar(request.user, slug)
    try:
        offer = signing.loads(request.POST.get("offer", ""), salt=f"{OFFER}.{found.pk}", max_age=OFFERED_FOR)
        version = services.add_special_days(
            by=request.user, calendar=found, days=offer["days"], reason=offer["reason"], based_on=offer["version"]
        )
    except signing.BadSignature:
        messages.error(request, _("Look at the days once more before you add them."))
        return redirect("settings:calendar_holidays", slug=slug)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("settings:calendar_holidays", slug=slug)
    _say_saved(request, found.current, version)
    first = min((day["date"] for day in offer["days"]), default="")
    year = min(max(int(first[:4] or timezone.localdate().year), YEARS_SHOWN.start), YEARS_SHOWN.stop - 1)
    return redirect("settings:calendar_year", slug=slug, year=year)


@login_required
def calendar_ics(request: HttpRequest, slug: str) -> HttpResponse:
    found = _calendar(request.user, slug)
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.ics"'}
    return HttpResponse(write_ics(found), content_type=CONTENT_TYPE, headers=headers)
