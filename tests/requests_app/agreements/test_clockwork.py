"""How a clock runs: pauses are merged, time out of hours costs nothing, the end is found from either side."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from requests_app.agreements.clockwork import elapsed, merged, reached_at
from requests_app.calendars.worktime import Schedule, Worktime

OFFICE = Worktime(
    Schedule(zone="Europe/Berlin", weekly=tuple((day, "09:00", "17:00") for day in range(5)), exceptions={})
)
NEVER = Worktime(Schedule(zone="Europe/Berlin", weekly=(), exceptions={}))
START = datetime(2026, 3, 27, 14, tzinfo=UTC)  # Friday 15:00 in Berlin, two days before summer time
HOUR = 3600


def minutes(number: int) -> datetime:
    return START + timedelta(minutes=number)


PAUSES = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 3_000)), max_size=5).map(
    lambda spans: [(minutes(begin), minutes(begin + length)) for begin, length in spans]
)


def test_a_pause_over_a_weekend_with_a_change_of_clocks():
    pause = (datetime(2026, 3, 27, 15, 30, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC))
    end = datetime(2026, 3, 30, 9, tzinfo=UTC)

    assert elapsed(OFFICE, START, end, [pause]) == 2.5 * HOUR
    assert elapsed(OFFICE, START, end, []) == 4 * HOUR


def test_overlapping_pauses_count_once_and_an_open_one_swallows_what_follows():
    a, b, c, d = (minutes(number) for number in (0, 10, 20, 30))
    assert merged([(b, d), (a, c)]) == [(a, d)]
    assert merged([(a, b), (c, d)]) == [(a, b), (c, d)]
    assert merged([(a, None), (b, c)]) == [(a, None)]
    assert merged([(a, c), (b, None)]) == [(a, None)]


def test_while_paused_there_is_no_end_unless_it_was_reached_before():
    assert reached_at(OFFICE, START, [(minutes(60), None)], 2 * HOUR) is None
    assert reached_at(OFFICE, START, [(minutes(60), None)], HOUR) == minutes(60)


def test_without_working_hours_there_is_no_end():
    assert reached_at(NEVER, START, [], HOUR) is None


def test_a_pause_that_begins_after_the_end_changes_nothing():
    assert elapsed(OFFICE, START, minutes(30), [(minutes(60), None)]) == HOUR / 2


def test_an_open_pause_counts_until_now():
    assert elapsed(OFFICE, START, minutes(60), [(minutes(30), None)]) == HOUR / 2


@given(PAUSES, st.integers(1, 200_000))
def test_at_the_end_exactly_the_target_has_elapsed(pauses, target):
    end = reached_at(OFFICE, START, pauses, float(target))
    assert abs(elapsed(OFFICE, START, end, pauses) - target) < 1e-6


@given(PAUSES, st.integers(0, 30_000), st.integers(0, 30_000))
def test_time_never_runs_backwards_and_parts_add_up(pauses, first, second):
    early, late = minutes(min(first, second)), minutes(max(first, second))
    total, part = elapsed(OFFICE, START, late, pauses), elapsed(OFFICE, START, early, pauses)
    assert 0 <= part <= total
    assert abs(total - elapsed(OFFICE, START, late, reversed(pauses))) < 1e-9
