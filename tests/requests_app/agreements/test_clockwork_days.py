"""Days on a clock: due and elapsed are two sides of the same count, checked against a walker from day to day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.agreements.clockwork import Gauge, days_elapsed, days_of, days_passed, days_reached_at
from requests_app.agreements.states import Days
from requests_app.calendars.workdays import DayRule, add_days
from requests_app.calendars.worktime import Schedule, Worktime

BERLIN = DayRule("Europe/Berlin", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
START = datetime(2026, 3, 26, 8, 30, tzinfo=UTC)  # Thursday 09:30 in Berlin
OFTEN = st.integers(0, 30 * 1440).map(lambda minutes: START + timedelta(minutes=minutes))
PAUSES = st.lists(st.tuples(OFTEN, st.integers(1, 8 * 1440)), max_size=4).map(
    lambda spans: [(begins, begins + timedelta(minutes=length)) for begins, length in spans]
)


def completed(until: datetime) -> list[datetime]:
    """The ends of working days since START, one after the other: weekdays at 09:30 on Berlin's wall, but holidays."""
    found, day = [], date(2026, 3, 27)
    while True:
        if day.weekday() < 5 and day not in BERLIN.holidays:
            offset = 2 if day >= date(2026, 3, 29) else 1
            end = datetime.combine(day, time(9, 30), UTC) - timedelta(hours=offset)
            if end > until:
                return found
            found.append(end)
        day += timedelta(days=1)


def counted(until: datetime, pauses) -> list[datetime]:
    return [end for end in completed(until) if not any(begins < end <= ends for begins, ends in pauses)]


@given(PAUSES, OFTEN)
def test_elapsed_days_are_those_completed_outside_every_pause(pauses, until):
    assert days_elapsed(BERLIN, START, until, pauses) == len(counted(until, pauses))


@given(PAUSES, st.integers(1, 12))
def test_the_due_time_is_the_end_of_the_last_day_that_counts(pauses, days):
    assert days_reached_at(BERLIN, START, pauses, days) == counted(START + timedelta(days=120), pauses)[days - 1]


@given(st.lists(OFTEN, min_size=2, max_size=8))
def test_parts_of_a_span_add_up(instants):
    cuts = sorted(instants)
    parts = sum(days_passed(BERLIN, START, a, b) for a, b in pairwise(cuts))
    assert parts == days_passed(BERLIN, START, cuts[0], cuts[-1])


def test_an_open_pause_has_no_end_unless_it_was_reached_before():
    open_pause = [(START + timedelta(days=1, hours=1), None)]
    assert days_reached_at(BERLIN, START, open_pause, 2) is None
    assert days_reached_at(BERLIN, START, open_pause, 1) == add_days(START, 1, BERLIN)


@pytest.mark.parametrize(
    ("count", "percent", "days"), [(100, 29, 29), (1, 50, 1), (4, 75, 3), (3, 75, 2), (3, 150, 4), (10, 7, 1)]
)
def test_a_share_of_days_is_rounded_down_and_never_less_than_one(count, percent, days):
    assert days_of(Days(count), percent / 100) == days


def test_a_calendar_without_its_rule_measures_no_days():
    hours = Worktime(Schedule("UTC", ((0, "09:00", "17:00"),)))
    with pytest.raises(ValueError, match="without its rule"):
        Gauge(hours).due(START, [], Days(1))


def test_without_working_days_days_never_end():
    assert days_reached_at(DayRule("UTC", workdays=frozenset()), START, [], 1) is None
