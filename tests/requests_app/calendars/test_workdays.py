from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from requests_app.calendars.workdays import DayRule, add_days
from requests_app.calendars.worktime import NoWorkingTime

BOSTON = ZoneInfo("America/New_York")
RULE = DayRule("America/New_York")


def boston(*parts) -> datetime:
    return datetime(*parts, tzinfo=BOSTON)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param((2011, 7, 1, 22, 4, 9), (2011, 7, 18, 8, 30), id="Friday evening"),
        pytest.param((2011, 7, 2, 13, 27, 10), (2011, 7, 18, 13, 27, 10), id="Saturday"),
        pytest.param((2011, 7, 1, 9, 35, 56), (2011, 7, 15, 9, 35, 56), id="Friday morning"),
        pytest.param((2011, 7, 2, 22, 4, 9), (2011, 7, 18, 22, 4, 9), id="Saturday evening keeps its clock time"),
        pytest.param((2011, 7, 7, 17, 0), (2011, 7, 22, 8, 30), id="Thursday at the cutoff"),
        pytest.param((2011, 7, 7, 16, 59, 59), (2011, 7, 21, 16, 59, 59), id="Thursday just before the cutoff"),
    ],
)
def test_add_days_finds_the_target_of_ten_working_days(start, due):
    assert add_days(boston(*start), 10, RULE) == boston(*due)


def test_add_days_counts_a_holiday_only_when_the_rule_knows_it():
    with_holiday = DayRule("America/New_York", holidays=frozenset({date(2011, 7, 4)}))

    assert add_days(boston(2011, 7, 1, 9, 35, 56), 10, with_holiday) == boston(2011, 7, 18, 9, 35, 56)
    assert add_days(boston(2011, 7, 4, 13, 0), 1, with_holiday) == boston(2011, 7, 6, 13, 0)


def test_add_days_of_none_only_moves_the_start_into_a_working_day():
    assert add_days(boston(2011, 7, 1, 9, 0), 0, RULE) == boston(2011, 7, 1, 9, 0)
    assert add_days(boston(2011, 7, 2, 9, 0), 0, RULE) == boston(2011, 7, 4, 9, 0)
    assert add_days(boston(2011, 7, 1, 18, 0), 0, RULE) == boston(2011, 7, 4, 8, 30)


def test_add_days_keeps_the_clock_time_over_the_change_of_clocks():
    assert add_days(boston(2026, 3, 6, 9, 0), 1, RULE) == boston(2026, 3, 9, 9, 0)
    assert boston(2026, 3, 9, 9, 0).utcoffset() != boston(2026, 3, 6, 9, 0).utcoffset()


def test_add_days_to_a_clock_time_that_is_skipped_is_the_moment_of_the_jump():
    every_day = DayRule("America/New_York", workdays=frozenset(range(7)))

    assert add_days(boston(2026, 3, 7, 2, 30), 1, every_day) == boston(2026, 3, 8, 3, 0)


def test_add_days_judges_the_day_in_the_zone_of_the_rule():
    auckland = DayRule("Pacific/Auckland", cutoff=time(18), restart=time(8))

    assert add_days(boston(2026, 1, 1, 23, 30), 1, auckland) == datetime(
        2026, 1, 5, 17, 30, tzinfo=ZoneInfo("Pacific/Auckland")
    )


def test_add_days_without_a_cutoff_keeps_the_clock_time_however_late():
    open_ended = DayRule("America/New_York", cutoff=None)

    assert add_days(boston(2011, 7, 7, 23, 59, 59), 1, open_ended) == boston(2011, 7, 8, 23, 59, 59)


def test_add_days_counts_the_weekdays_of_the_rule_only():
    late_week = DayRule("America/New_York", workdays=frozenset({3, 5}))

    assert add_days(boston(2011, 7, 6, 10), 0, late_week) == boston(2011, 7, 7, 10)
    assert add_days(boston(2011, 7, 7, 17), 1, late_week) == boston(2011, 7, 14, 8, 30)


def test_add_days_without_any_working_day_raises_instead_of_searching():
    with pytest.raises(NoWorkingTime, match=r"has no working day\.$"):
        add_days(boston(2026, 1, 1), 1, DayRule("UTC", workdays=frozenset()))
    with pytest.raises(NoWorkingTime):
        add_days(boston(2026, 1, 1), 10**9, RULE)


def test_add_days_refuses_a_negative_number():
    with pytest.raises(ValueError, match="negative"):
        add_days(boston(2026, 1, 1), -1, RULE)
