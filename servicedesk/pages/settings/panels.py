"""What the desk knows about a setting that lies below it."""

from requests_app.calendars.models import Calendar
from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import OPEN
from requests_app.kernel.panels import Panel, provide


def open_requests(*, calendar: Calendar) -> Panel:
    """How many open requests run by the calendar; they keep the version they were promised under."""
    promised = ServiceRequest.objects.filter(status__in=OPEN, clocks__calendar_version__calendar=calendar)
    return Panel("settings/_calendar_open.html", {"count": promised.distinct().count(), "slug": calendar.slug})


def register() -> None:
    provide("settings.calendar", open_requests)
