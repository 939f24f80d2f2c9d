from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import TZPATH, ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from requests_app.calendars.worktime import NoWorkingTime, Schedule, Worktime
from tests.requests_app.calendars.cases import MONDAY_TO_FRIDAY, SWITCHES, WEEKS, schedules, utc, weekly
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


# --- worked examples --------------------------------------------------------------------------------------------

NIGHT = weekly(range(7), ("22:00", "06:00"))
CHRISTMAS = {date(2026, 12, 25): (), date(2026, 12, 26): ()}


@pytest.mark.parametrize(
    ("week", "exceptions", "start", "stop", "minutes"),
    [
        pytest.param(WEEKS["9 to 17"], {}, (2026, 3, 27, 16), (2026, 3, 30, 10), 120, id="office hours over a weekend"),
        pytest.param(WEEKS["24x7"], {}, (2026, 3, 28, 12), (2026, 3, 30, 12), 2820, id="always, the short weekend"),
        pytest.param(WEEKS["24x7"], {}, (2026, 10, 24, 12), (2026, 10, 26, 12), 2940, id="always, the long weekend"),
        pytest.param(NIGHT, {}, (2026, 3, 28, 21), (2026, 3, 29, 9), 420, id="the short night"),
        pytest.param(NIGHT, {}, (2026, 10, 24, 21), (2026, 10, 25, 9), 540, id="the long night"),
        pytest.param(
            weekly([6], ("01:00", "04:00")), {}, (2026, 3, 29, 0), (2026, 3, 29, 9), 120, id="Sunday in spring"
        ),
        pytest.param(
            weekly([6], ("01:00", "04:00")), {}, (2026, 10, 25, 0), (2026, 10, 25, 9), 240, id="Sunday in autumn"
        ),
        pytest.param(WEEKS["9 to 17"], CHRISTMAS, (2026, 12, 23, 15), (2026, 12, 28, 10), 660, id="over Christmas"),
    ],
)
def test_between_counts_the_worked_examples(week, exceptions, start, stop, minutes):
    worktime = Worktime(Schedule("Europe/Berlin", week, exceptions))

    assert worktime.between(berlin(*start), berlin(*stop)) == minutes * MINUTE


def test_elapsed_leaves_out_a_pause_over_the_change_of_clocks():
    start, stop = berlin(2026, 3, 27, 15), berlin(2026, 3, 30, 11)
    pause = (berlin(2026, 3, 27, 16, 30), berlin(2026, 3, 30, 10))

    assert OFFICE.between(start, stop) == 240 * MINUTE
    assert OFFICE.between(*pause) == 90 * MINUTE
    assert OFFICE.elapsed(start, stop, [pause]) == 150 * MINUTE
    assert stop.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=67)


def test_elapsed_counts_overlapping_pauses_once_and_only_inside_the_span():
    start, stop = utc(2026, 1, 5, 9), utc(2026, 1, 5, 15)
    pauses = [
        (utc(2026, 1, 5, 12), utc(2026, 1, 5, 13)),
        (utc(2026, 1, 5, 11), utc(2026, 1, 5, 12, 30)),
        (utc(2026, 1, 5, 11, 30), utc(2026, 1, 5, 12)),
        (utc(2026, 1, 5, 14, 30), utc(2026, 1, 6)),
        (utc(2026, 1, 4), utc(2026, 1, 5, 9, 15)),
    ]

    assert OFFICE.elapsed(start, stop, pauses) == 3 * HOUR + 15 * MINUTE


def test_elapsed_charges_nothing_for_a_pause_out_of_hours():
    start, stop = utc(2026, 1, 5, 9), utc(2026, 1, 6, 9)

    assert OFFICE.elapsed(start, stop, [(utc(2026, 1, 5, 16), utc(2026, 1, 6, 8))]) == OFFICE.between(start, stop)


def test_elapsed_of_a_stop_before_the_start_is_negative_and_ignores_pauses():
    start, stop = utc(2026, 1, 5, 12), utc(2026, 1, 5, 10)

    assert OFFICE.elapsed(start, stop, [(stop, start)]) == -2 * HOUR


def test_add_that_ends_at_closing_time_is_due_at_closing_not_at_the_next_opening():
    assert OFFICE.add(berlin(2026, 1, 9, 16), HOUR) == berlin(2026, 1, 9, 17)


def test_add_out_of_hours_begins_at_the_next_opening():
    assert OFFICE.add(berlin(2026, 1, 10, 12), HOUR) == berlin(2026, 1, 12, 10)


def test_add_a_negative_span_goes_back_and_stops_at_the_opening():
    assert OFFICE.add(berlin(2026, 1, 12, 10), -HOUR) == berlin(2026, 1, 12, 9)
    assert OFFICE.add(berlin(2026, 1, 12, 10), -2 * HOUR) == berlin(2026, 1, 9, 16)


def test_add_nothing_is_the_start_even_out_of_hours():
    assert OFFICE.add(berlin(2026, 1, 10, 12), 0) == berlin(2026, 1, 10, 12)


def test_the_answers_are_in_utc():
    assert OFFICE.add(berlin(2026, 1, 9, 16), HOUR).tzinfo is UTC
    assert OFFICE.add(berlin(2026, 1, 9, 16), 0).tzinfo is UTC


def test_a_microsecond_is_not_lost_over_twenty_years():
    start, stop = utc(2010, 1, 4, 10, 0, 0, 1), utc(2030, 1, 4, 10, 0, 0, 2)

    assert OFFICE.add(start, OFFICE.between(start, stop)) == stop
    assert OFFICE.between(utc(2026, 1, 5, 9), utc(2026, 1, 5, 9, 0, 0, 1)) == 0.000001


def test_the_zones_come_from_the_pinned_package_and_not_from_the_machine():
    assert TZPATH == ()


# --- the change of clocks in detail -----------------------------------------------------------------------------


def test_a_window_holds_the_repeated_hour():
    worktime = Worktime(Schedule("Europe/Berlin", weekly([6], ("02:00", "02:30"))))

    assert worktime.intervals(utc(2026, 10, 25), utc(2026, 10, 26)) == [
        (utc(2026, 10, 25, 0), utc(2026, 10, 25, 1, 30))
    ]


def test_a_skipped_opening_and_closing_time_is_the_moment_of_the_jump():
    worktime = Worktime(Schedule("Europe/Berlin", weekly([6], ("00:30", "02:15"), ("02:45", "04:00"))))

    assert worktime.intervals(utc(2026, 3, 28), utc(2026, 3, 30)) == [(utc(2026, 3, 28, 23, 30), utc(2026, 3, 29, 2))]


def test_a_day_that_the_zone_skips_has_no_working_time_and_adds_none_to_the_next():
    apia = Worktime(Schedule("Pacific/Apia", weekly(MONDAY_TO_FRIDAY, ("09:00", "17:00"))))
    thursday, monday = utc(2011, 12, 29, 10), utc(2012, 1, 3, 10)

    assert apia.intervals(thursday, monday) == [
        (utc(2011, 12, 29, 19), utc(2011, 12, 30, 3)),
        (utc(2012, 1, 1, 19), utc(2012, 1, 2, 3)),
        (utc(2012, 1, 2, 19), utc(2012, 1, 3, 3)),
    ]


def test_an_exception_replaces_only_what_starts_on_its_day():
    night = Worktime(Schedule("UTC", NIGHT, {date(2026, 1, 2): ()}))

    assert night.intervals(utc(2026, 1, 1, 12), utc(2026, 1, 4)) == [
        (utc(2026, 1, 1, 22), utc(2026, 1, 2, 6)),
        (utc(2026, 1, 3, 22), utc(2026, 1, 4)),
    ]


def test_windows_that_touch_or_overlap_are_one_interval():
    worktime = Worktime(Schedule("UTC", weekly([0], ("08:00", "12:00"), ("12:00", "14:00"), ("13:00", "13:30"))))

    assert worktime.intervals(utc(2026, 1, 5), utc(2026, 1, 6)) == [(utc(2026, 1, 5, 8), utc(2026, 1, 5, 14))]


def test_intervals_are_cut_to_the_span_and_half_open():
    assert OFFICE.intervals(utc(2026, 1, 5, 10), utc(2026, 1, 5, 11)) == [(utc(2026, 1, 5, 10), utc(2026, 1, 5, 11))]
    assert OFFICE.intervals(utc(2026, 1, 5, 16), utc(2026, 1, 6, 8)) == []


def test_next_open_is_now_in_working_time_and_the_opening_outside():
    assert OFFICE.next_open(berlin(2026, 1, 5, 12)) == berlin(2026, 1, 5, 12)
    assert OFFICE.next_open(berlin(2026, 1, 9, 17)) == berlin(2026, 1, 12, 9)
    assert [OFFICE.is_open(berlin(2026, 1, 5, *clock)) for clock in ((8, 59), (9, 0), (16, 59), (17, 0))] == [
        False,
        True,
        True,
        False,
    ]


# --- no answer instead of an endless search ---------------------------------------------------------------------

EMPTY = Schedule("UTC")
ONE_DAY = Schedule("UTC", (), {date(2026, 1, 5): (("09:00", "17:00"),), date(2026, 1, 6): ()})


def test_a_calendar_without_working_time_has_none_and_raises_instead_of_searching():
    empty = Worktime(EMPTY)

    assert empty.between(utc(2026, 1, 1), utc(2027, 1, 1)) == 0
    for span in (HOUR, -HOUR):
        with pytest.raises(NoWorkingTime):
            empty.add(utc(2026, 1, 1), span)
    with pytest.raises(NoWorkingTime):
        empty.next_open(utc(2026, 1, 1))


def test_after_the_last_exception_of_a_calendar_without_weekly_hours_nothing_is_left():
    worktime = Worktime(ONE_DAY)

    assert worktime.add(utc(2020, 1, 1), 8 * HOUR) == utc(2026, 1, 5, 17)
    assert worktime.add(utc(2030, 1, 1), -8 * HOUR) == utc(2026, 1, 5, 9)
    assert worktime.next_open(utc(2020, 1, 1)) == utc(2026, 1, 5, 9)
    too_much = [(utc(2026, 1, 5, 16), 61 * MINUTE), (utc(2026, 1, 7), HOUR), (utc(2026, 1, 5, 10), -2 * HOUR)]
    for start, span in too_much:
        with pytest.raises(NoWorkingTime):
            worktime.add(start, span)
    with pytest.raises(NoWorkingTime):
        worktime.next_open(utc(2026, 1, 5, 17))


@pytest.mark.parametrize("week", [weekly([0], ("09:00", "09:01")), WEEKS["24x7"]])
@pytest.mark.parametrize("span", [100_000 * DAY, -100_000 * DAY])
def test_a_span_longer_than_all_known_years_raises(week, span):
    with pytest.raises(NoWorkingTime):
        Worktime(Schedule("UTC", week)).add(utc(2026, 1, 1), span)


def test_no_answer_lies_outside_the_known_years():
    with pytest.raises(NoWorkingTime):
        OFFICE.add(utc(2199, 12, 31, 17), HOUR)
    with pytest.raises(NoWorkingTime):
        OFFICE.next_open(utc(2199, 12, 31, 17))
    with pytest.raises(NoWorkingTime):
        OFFICE.add(utc(1900, 1, 1, 1), -HOUR)


@pytest.mark.parametrize("far", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_an_instant_outside_the_known_years_raises_at_once(far):
    with pytest.raises(NoWorkingTime, match="1900 to 2199"):
        OFFICE.between(far, utc(2026, 1, 1))


def test_a_naive_time_is_refused():
    with pytest.raises(TypeError):
        OFFICE.between(datetime(2026, 1, 1), utc(2026, 1, 1))  # noqa: DTZ001  # what is refused here


# --- always open ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "week",
    [
        WEEKS["24x7"],
        weekly(range(7), ("00:00", "00:00")),
        weekly(range(7), ("07:30", "07:30")),
        weekly(range(7), ("06:00", "18:00"), ("17:00", "06:00")),
    ],
)
def test_a_week_without_a_gap_is_one_interval_that_is_never_laid_out(week):
    worktime = Worktime(Schedule("Europe/Berlin", week))

    assert worktime.between(utc(1900, 1, 1), utc(2199, 1, 1)) == (utc(2199, 1, 1) - utc(1900, 1, 1)).total_seconds()
    assert len(worktime.intervals(utc(1900, 1, 1), utc(2199, 1, 1))) == 1
    assert worktime._never_closes()


@pytest.mark.parametrize(
    "week",
    [
        weekly(range(7), ("00:00", "23:59")),
        weekly(range(7), ("00:01", "24:00")),
        weekly(range(6), ("00:00", "24:00")),
        weekly(range(1, 7), ("00:00", "24:00")),
        weekly([0], ("00:01", "24:00")) + weekly(range(1, 7), ("00:00", "24:00")),
        weekly(range(7), ("06:00", "18:00"), ("18:01", "06:00")),
        (),
    ],
)
def test_a_week_with_a_gap_of_a_minute_is_not_taken_for_always(week):
    assert not Worktime(Schedule("Europe/Berlin", week))._never_closes()


def test_a_closed_day_interrupts_even_the_calendar_that_is_always_open():
    worktime = Worktime(Schedule("UTC", WEEKS["24x7"], {date(2026, 1, 1): ()}))

    assert worktime.between(utc(2025, 12, 31), utc(2026, 1, 3)) == 48 * HOUR


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
