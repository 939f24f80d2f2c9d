"""Shorter days of every year."""

from datetime import date

import pytest

from requests_app.calendars.halfdays import every_year
from requests_app.calendars.states import SpecialDay

NOON = (("09:00", "12:00"),)


@pytest.mark.parametrize(
    ("first", "years", "found"),
    [
        (date(2026, 12, 24), 1, [2026]),
        (date(2026, 12, 24), 3, [2026, 2027, 2028]),
        (date(2028, 2, 29), 5, [2028, 2032]),
        (date(2198, 12, 24), 10, [2198, 2199]),
    ],
)
def test_a_day_comes_every_year_that_has_it_and_that_calendars_know(first, years, found):
    assert every_year(SpecialDay(first, "Eve", NOON), years) == [
        SpecialDay(first.replace(year=year), "Eve", NOON) for year in found
    ]
