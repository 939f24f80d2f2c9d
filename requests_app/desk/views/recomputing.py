"""Open requests and a changed calendar: what would change, the button, the progress."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from requests_app.agreements.states import Measure
from requests_app.calendars.models import Calendar
from requests_app.calendars.policies import require_edit_calendar
from requests_app.calendars.selectors import get_calendar
from requests_app.desk.models import Recomputation
from requests_app.desk.services.recomputing import preview, start_recomputation
from requests_app.kernel.errors import IllegalMove


@login_required
def open_requests(request: HttpRequest, slug: str) -> HttpResponse:
    calendar = get_calendar(person=request.user, slug=slug)
    require_edit_calendar(request.user, calendar)
    if request.method == "POST":
        try:
            start_recomputation(by=request.user, calendar=calendar)
        except IllegalMove as error:
            messages.error(request, str(error))
            return _page(request, calendar, status=409)
        messages.success(request, _("It has begun. Each request says in its history what it was due before."))
        return redirect("settings:calendar_open", slug)
    return _page(request, calendar)


def _page(request: HttpRequest, calendar: Calendar, *, status: int = 200) -> HttpResponse:
    labels = dict(Measure.choices)
    found = preview(calendar, request.user)
    context = {
        "calendar": calendar,
        "preview": found,
        "changes": [(change, labels[Measure(change.measure)]) for change in found.changes],
        "run": Recomputation.objects.filter(calendar=calendar).order_by("-pk").first(),
    }
    return render(request, "settings/calendar_open.html", context, status=status)
