from datetime import date
from itertools import pairwise

import pytest

from requests_app.calendars.public_holidays import MOST_YEARS, countries, public_holidays
from requests_app.calendars.states import SpecialDay
from requests_app.kernel.errors import WrongInput


def test_public_holidays_come_in_order_with_the_days_of_the_region():
    country = public_holidays(country="DE", years=[2026, 2027])
    region = public_holidays(country="DE", region="BY", years=[2026, 2027])

    assert all(one.date < other.date for one, other in pairwise(region))
    assert {day.date for day in region} - {day.date for day in country} >= {date(2026, 1, 6), date(2027, 1, 6)}
    assert {day.windows for day in region} == {()}


def test_public_holidays_are_named_in_the_language_asked_for_or_that_of_the_country():
    assert public_holidays(country="DE", years=[2026], language="en_US")[0] == SpecialDay(
        date(2026, 1, 1), "New Year's Day"
    )
    assert public_holidays(country="DE", years=[2026], language="tlh")[0] == SpecialDay(date(2026, 1, 1), "Neujahr")
    assert public_holidays(country="DE", years=[2026])[0] == SpecialDay(date(2026, 1, 1), "Neujahr")


def test_public_holidays_stay_inside_the_years_asked_for():
    for country in ("US", "CN", "RU", "GB"):
        assert {day.date.year for day in public_holidays(country=country, years=[2026])} == {2026}


def test_every_country_of_the_list_gives_holidays_or_says_that_none_are_known():
    unknown = []
    for country in countries():
        try:
            public_holidays(country=country, years=[2026])
        except WrongInput as refusal:
            unknown.append((country, list(refusal.errors)))

    assert {field for _, fields in unknown for field in fields} <= {"years"}
    assert len(unknown) < 10


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"country": ""}, "country"),
        ({"region": "XX"}, "region"),
        ({"years": []}, "years"),
        ({"years": [1899]}, "years"),
        ({"years": [2200]}, "years"),
        ({"years": range(2000, 2001 + MOST_YEARS)}, "years"),
    ],
)
def test_public_holidays_name_what_is_not_known(values, field):
    with pytest.raises(WrongInput) as refusal:
        public_holidays(**({"country": "DE", "years": [2026]} | values))

    assert list(refusal.value.errors) == [field]
