"""Working time against a walker that looks at every minute, over zones, shifts and changes of clocks."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from requests_app.calendars.worktime import Schedule, Worktime
from tests.requests_app.calendars.cases import SWITCHES, WEEKS, schedules, utc, weekly
from tests.requests_app.calendars.walker import Walker

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # spans of working time are seconds
MICROSECOND = timedelta(microseconds=1)
ZERO = timedelta(0)
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Worktime(Schedule("Europe/Berlin", WEEKS["9 to 17"]))


def worked(worktime: Worktime, start: datetime, stop: datetime) -> timedelta:
    return timedelta(microseconds=worktime.micros_between(start, stop))


def berlin(*parts, fold=0) -> datetime:
    return datetime(*parts, tzinfo=BERLIN, fold=fold)


# --- properties against the minute walker -----------------------------------------------------------------------

properties = settings(max_examples=300, deadline=None)
CASES = [(switch, name) for switch in SWITCHES for name in schedules("UTC", date(2026, 1, 1))]


@cache
def laid_out(switch: str, name: str) -> tuple[Worktime, Walker]:
    zone, day = SWITCHES[switch]
    schedule = schedules(zone, day)[name]
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=5)
    return Worktime(schedule), Walker(schedule, start, days=11)


@st.composite
def around_a_switch(draw, instants: int):
    """A case, its walker and some ordered instants within it, half of them close to the switch."""
    worktime, walker = laid_out(*draw(st.sampled_from(CASES)))
    span = 10 * 86_400_000_000
    near = st.builds(
        lambda at, by: at - walker.first + by,
        st.sampled_from(walker.clock.jumps or [walker.first + timedelta(days=5)]),
        st.timedeltas(-timedelta(hours=36), timedelta(hours=36)),
    )
    anywhere = st.integers(0, span).map(lambda micros: timedelta(microseconds=micros))
    whole = st.integers(0, span // 60_000_000).map(lambda minutes: timedelta(minutes=minutes))
    offsets = draw(st.lists(near | anywhere | whole, min_size=instants, max_size=instants))
    return worktime, walker, [walker.first + offset for offset in sorted(offsets)]


@properties
@given(around_a_switch(2))
def test_between_equals_the_walker_and_is_antisymmetric(case):
    worktime, walker, (a, b) = case

    assert worked(worktime, a, b) == walker.between(a, b)
    assert worked(worktime, b, a) == -worked(worktime, a, b)


@properties
@given(around_a_switch(3))
def test_between_is_additive_and_monotone(case):
    worktime, _, (a, b, c) = case

    assert worked(worktime, a, b) + worked(worktime, b, c) == worked(worktime, a, c)
    assert ZERO <= worked(worktime, a, b) <= worked(worktime, a, c)
    assert worked(worktime, a, b) <= b - a


@properties
@given(around_a_switch(2))
def test_add_finds_the_first_instant_that_the_walker_agrees_with(case):
    worktime, walker, (a, b) = case
    span = walker.between(a, b)
    assume(span)

    due = worktime.add(a, span.total_seconds())

    assert a < due <= b
    assert walker.between(a, due) == span
    assert walker.between(a, due - MICROSECOND) == span - MICROSECOND


@properties
@given(around_a_switch(2))
def test_add_going_back_finds_the_last_instant_that_the_walker_agrees_with(case):
    worktime, walker, (a, b) = case
    span = walker.between(a, b)
    assume(span)

    back = worktime.add(b, -span.total_seconds())

    assert a <= back < b
    assert walker.between(back, b) == span
    assert walker.between(back + MICROSECOND, b) == span - MICROSECOND


@properties
@given(around_a_switch(3))
def test_add_in_two_steps_is_add_in_one(case):
    worktime, walker, (a, b, c) = case
    first, second = walker.between(a, b).total_seconds(), walker.between(b, c).total_seconds()

    assert worktime.add(worktime.add(a, first), second) == worktime.add(a, first + second)


@properties
@given(around_a_switch(2))
def test_intervals_are_the_open_minutes_of_the_walker(case):
    worktime, walker, (a, b) = case
    intervals = worktime.intervals(a, b)

    assert sum((stop - start for start, stop in intervals), ZERO) == walker.between(a, b)
    assert all(walker.between(start, stop) == stop - start > ZERO for start, stop in intervals)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(intervals))


@properties
@given(around_a_switch(1))
def test_next_open_is_open_and_nothing_before_it_is(case):
    worktime, walker, (at,) = case
    assume(walker.between(at, walker.first + timedelta(days=10, hours=12)))

    opening = worktime.next_open(at)

    assert walker.between(at, opening) == ZERO
    assert walker.between(opening, opening + MICROSECOND) == MICROSECOND
    assert worktime.is_open(at) is (opening == at)


CLOCK = st.builds(lambda hour, quarter: f"{hour:02}:{quarter:02}", st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
WINDOW = st.tuples(CLOCK, CLOCK | st.just("24:00"))


@properties
@given(
    switch=st.sampled_from(sorted(SWITCHES)),
    week=st.lists(st.tuples(st.integers(0, 6), WINDOW), max_size=6),
    exceptions=st.dictionaries(st.integers(-2, 2), st.lists(WINDOW, max_size=2).map(tuple), max_size=3),
    hours=st.tuples(st.integers(24, 96), st.integers(24, 96)),
)
@example(
    switch="Apia, a day is missing",
    week=[(4, ("22:00", "21:59"))],
    exceptions={0: (("12:00", "12:00"),)},
    hours=(24, 96),
)
def test_any_calendar_equals_the_walker(switch, week, exceptions, hours):
    zone, day = SWITCHES[switch]
    dated = {day + timedelta(days=offset): windows for offset, windows in exceptions.items()}
    schedule = Schedule(zone, tuple((weekday, *window) for weekday, window in week), dated)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    a, b = (start + timedelta(hours=hour) for hour in sorted(hours))

    assert worked(Worktime(schedule), a, b) == Walker(schedule, start - timedelta(days=1), days=6).between(a, b)


# --- how far a calendar is laid out is nobody's business ----------------------------------------------------------

NIGHTS_IN_NEW_YORK = Schedule("America/New_York", weekly(range(7), ("22:00", "06:00")))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(2015, 2035), st.integers(2015, 2035)), min_size=1, max_size=4))
def test_the_order_in_which_years_are_asked_for_does_not_matter(spans):
    remembering = Worktime(NIGHTS_IN_NEW_YORK)

    for first, last in spans:
        a, b = utc(first, 3, 1), utc(last, 11, 2)
        assert remembering.between(a, b) == Worktime(NIGHTS_IN_NEW_YORK).between(a, b)


@pytest.mark.parametrize(
    ("week", "hours_a_day"),
    [(NIGHTS_IN_NEW_YORK.weekly, 8), (weekly(range(7), ("06:00", "07:00"), ("12:00", "11:00")), 23)],
)
@pytest.mark.parametrize("direction", [1, -1])
def test_add_is_right_also_where_the_years_laid_out_so_far_end(week, hours_a_day, direction):
    at, schedule = utc(2026, 6, 1), Schedule("America/New_York", week)
    remembering = Worktime(schedule)
    remembering.between(utc(2000, 1, 1), utc(2050, 1, 1))

    for hours in range(734 * hours_a_day, 735 * hours_a_day + 2):  # two years and three days: the edge
        span = direction * hours * HOUR
        assert Worktime(schedule).add(at, span) == remembering.add(at, span)


def test_years_that_were_laid_out_stay_so():
    worktime = Worktime(NIGHTS_IN_NEW_YORK)
    worktime.between(utc(2020, 1, 1), utc(2021, 1, 1))
    worktime.between(utc(2030, 1, 1), utc(2031, 1, 1))
    table = worktime._table

    worktime.between(utc(2020, 1, 1), utc(2031, 1, 1))

    assert worktime._table is table


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_first_and_the_last_day_of_all_are_complete(zone):
    worktime = Worktime(Schedule(zone, WEEKS["24x7"], {date(2026, 1, 1): ()}))

    assert worktime.between(utc(1900, 1, 1), utc(1900, 1, 2)) == DAY
    assert worktime.between(utc(2199, 12, 31), utc(2200, 1, 1)) == DAY


@pytest.mark.long
@pytest.mark.parametrize(
    ("check", "instants"),
    [
        (test_between_equals_the_walker_and_is_antisymmetric, 2),
        (test_between_is_additive_and_monotone, 3),
        (test_add_finds_the_first_instant_that_the_walker_agrees_with, 2),
        (test_add_going_back_finds_the_last_instant_that_the_walker_agrees_with, 2),
        (test_add_in_two_steps_is_add_in_one, 3),
        (test_intervals_are_the_open_minutes_of_the_walker, 2),
        (test_next_open_is_open_and_nothing_before_it_is, 1),
    ],
)
def test_each_property_holds_for_many_more_examples(check, instants):
    many = given(around_a_switch(instants))(check.hypothesis.inner_test)

    settings(max_examples=7_500, deadline=None)(many)()
