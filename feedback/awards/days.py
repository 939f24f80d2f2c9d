"""Days as the company counts them: deadlines, stretches and what stands on a certificate are in its own zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def company_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()


def bounds_of(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants between which both days lie, the end not included."""
    zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
