"""The time people have: worked examples of domain.md, and what always holds."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from requests_app.capacity.states import Away, Terms, Workday, available_seconds, load, usual_minutes, utilisation

HOUR = 3600
MONDAY = date(2026, 11, 2)
WEEK = 40.0 * HOUR


def four_weeks(holidays: tuple[date, ...] = ()) -> list[Workday]:
    """Monday to Friday, 8 h a day."""
    days = [MONDAY + timedelta(days=n) for n in range(28)]
    return [Workday(day, 0 if day.weekday() > 4 or day in holidays else 8.0 * HOUR, WEEK) for day in days]


def test_contract_without_absence_and_holiday_is_160_less_16_hours():
    away = [Away(date(2026, 11, 10), date(2026, 11, 10))]

    assert available_seconds(four_weeks(), [Terms(MONDAY, 2400)]) == 160 * HOUR
    assert available_seconds(four_weeks((date(2026, 11, 18),)), [Terms(MONDAY, 2400)], away) == 144 * HOUR


def test_utilisation_and_load_of_the_worked_example():
    assert round(utilisation(118.8 * HOUR, 144 * HOUR), 10) == 0.825
    assert round(load(118.8, 180, 144), 10) == 2.075


def test_without_capacity_there_is_no_utilisation():
    assert utilisation(5.0, 0.0) is None
    assert available_seconds([Workday(MONDAY, 0, 0)], [Terms(MONDAY, 2400)]) == 0


def test_a_new_contract_holds_from_its_day_on():
    terms = [Terms(MONDAY, 2400), Terms(MONDAY + timedelta(days=14), 1200)]

    assert available_seconds(four_weeks(), terms) == 120 * HOUR


def test_without_a_contract_the_calendars_week_counts_up_to_forty_hours_shared_among_departments():
    assert usual_minutes(WEEK) == 2400
    assert usual_minutes(168.0 * HOUR) == 2400
    assert usual_minutes(30.0 * HOUR) == 1800
    assert available_seconds(four_weeks(), departments=2) == 80 * HOUR


@given(st.integers(0, 27), st.integers(0, 27), st.integers(0, 10_080))
def test_being_away_never_adds_time(first, length, minutes):
    terms, start = [Terms(MONDAY, minutes)], MONDAY + timedelta(days=first)
    away = [Away(start, start + timedelta(days=length))]
    whole = available_seconds(four_weeks(), terms)

    assert 0 <= available_seconds(four_weeks(), terms, away) <= whole
    assert available_seconds(four_weeks(), terms, [*away, *away]) == available_seconds(four_weeks(), terms, away)
