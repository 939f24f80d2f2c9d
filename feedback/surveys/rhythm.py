"""When a campaign comes again. Pure; days are those of the company."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from feedback.surveys.states import Unit


def today_of(now: datetime) -> date:
    """The day on which days of campaigns begin and end: the company's."""
    return now.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()


def start_of(day: date) -> datetime:
    """The instant at which it begins for the company."""
    return datetime.combine(day, time.min, ZoneInfo(settings.COMPANY_TIME_ZONE))


def occurrence(first: date, every: int, unit: str, number: int) -> date:
    """The day of the occurrence `number` (0 is the first). In a month without that day it is the month's last."""
    if unit == Unit.WEEKS:
        return first + timedelta(weeks=every * number)
    year, month = divmod(first.year * 12 + first.month - 1 + every * number, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def next_after(first: date, every: int, unit: str, day: date) -> date:
    """The earliest occurrence after this day."""
    number = 0
    while (found := occurrence(first, every, unit, number)) <= day:
        number += 1
    return found
