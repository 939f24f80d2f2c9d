"""Days with shorter hours that come every year, such as Christmas Eve."""

from calendar import monthrange

from requests_app.calendars.states import YEARS, SpecialDay


def every_year(day: SpecialDay, years: int) -> list[SpecialDay]:
    """The day in this many years, its own first; 29 February only where there is one."""
    return [
        SpecialDay(day.date.replace(year=year), day.name, day.windows)
        for year in range(day.date.year, min(day.date.year + years, YEARS.stop))
        if day.date.day <= monthrange(year, day.date.month)[1]
    ]
