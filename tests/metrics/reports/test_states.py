"""When a report is due: on days that are worked, the first of its week or month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.reports.states import Rhythm, next_day

CLOSED = {date(2026, 12, 25), date(2026, 1, 1)}


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


@pytest.mark.parametrize(
    ("rhythm", "after", "expected"),
    [
        ("daily", date(2026, 11, 26), date(2026, 11, 27)),  # Thursday → Friday
        ("daily", date(2026, 11, 27), date(2026, 11, 30)),  # over the weekend
        ("daily", date(2026, 12, 24), date(2026, 12, 28)),  # over a holiday and a weekend
        ("weekly", date(2026, 11, 26), date(2026, 11, 30)),
        ("weekly", date(2026, 11, 30), date(2026, 12, 7)),
        ("monthly", date(2026, 11, 26), date(2026, 12, 1)),
        ("monthly", date(2025, 12, 10), date(2026, 1, 2)),  # New Year is no working day
        ("monthly", date(2026, 7, 15), date(2026, 8, 3)),  # 1 August 2026 is a Saturday
    ],
)
def test_the_next_day(rhythm, after, expected):
    assert next_day(rhythm, after, works) == expected


@given(st.sampled_from(Rhythm.values), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sets(st.integers(0, 6)))
def test_it_is_a_working_day_later_and_never_twice_in_its_week_or_month(rhythm, after, closed):
    found = next_day(rhythm, after, lambda day: day.weekday() not in closed)
    following = next_day(rhythm, found, lambda day: day.weekday() not in closed)
    assert after < found < following
    if len(closed) < 7:
        assert found.weekday() not in closed
        same = {"daily": lambda day: day, "weekly": lambda day: day.isocalendar()[:2],
                "monthly": lambda day: (day.year, day.month)}[rhythm]  # fmt: skip
        assert same(found) != same(following)


def test_a_calendar_that_never_opens_gets_its_reports_all_the_same():
    assert next_day("weekly", date(2026, 1, 1), lambda _day: False) == date(2026, 1, 1) + timedelta(days=7)
