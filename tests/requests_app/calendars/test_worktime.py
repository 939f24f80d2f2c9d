from datetime import UTC, date, datetime, timedelta
from zoneinfo import TZPATH, ZoneInfo

import pytest

from requests_app.calendars.worktime import NoWorkingTime, Schedule, Worktime
from tests.requests_app.calendars.cases import MONDAY_TO_FRIDAY, WEEKS, utc, weekly

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
