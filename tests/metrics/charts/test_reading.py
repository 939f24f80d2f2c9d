"""Weeks and phases: which limits hold where, and when a new level may become a phase of its own."""

from datetime import date, timedelta

import pytest

from metrics.charts.reading import Span, Week, frozen_limits, new_level_since, read
from metrics.charts.statistics import DEFAULT_RULES, Alarm, Limits, Scale

FIRST = date(2026, 1, 5)
WAVE = [10.0, 12.0, 9.0, 11.0]


def weeks(values, n=10):
    return [Week(FIRST + timedelta(days=7 * place), n, value) for place, value in enumerate(values)]


def monday(place):
    return FIRST + timedelta(days=7 * place)


def reading(values, spans=(), n=10):
    return read(weeks(values, n), spans, Scale.PLAIN, DEFAULT_RULES)


def test_nothing_is_read_of_no_weeks():
    assert reading([]).stretches == []


def test_eleven_weeks_are_too_few_for_limits():
    assert [stretch.limits for stretch in reading((WAVE * 3)[:11]).stretches] == [None]


def test_twelve_weeks_give_provisional_limits():
    stretch = reading(WAVE * 3).stretches[0]

    assert (stretch.limits.centre, stretch.weeks, stretch.is_frozen) == (10.5, 12, False)


def test_weeks_after_the_twentieth_do_not_move_the_limits():
    base = reading(WAVE * 5).stretches[0].limits

    assert reading(WAVE * 5 + [40.0] * 5).stretches[0].limits == base


def test_weeks_with_few_rows_judge_nothing_and_are_not_judged():
    quiet = weeks(WAVE * 3)
    quiet.insert(6, Week(monday(6), 4, 99.0))

    found = read(quiet, (), Scale.PLAIN, DEFAULT_RULES)

    assert found.stretches[0].limits.centre == 10.5
    assert 6 not in found.distances
    assert found.alarms == []


def test_frozen_limits_hold_whatever_the_weeks_are():
    frozen = Limits(Scale.PLAIN, 10.5, 1.0)
    found = reading([20.0, 20.5], [Span(FIRST, frozen, 20)])

    assert found.stretches[0].limits == frozen
    assert found.alarms == [Alarm(1, 0, 0, 1, True)]


def test_each_phase_is_judged_by_its_own_limits():
    spans = [Span(FIRST, Limits(Scale.PLAIN, 10.5, 1.0), 20), Span(monday(12), Limits(Scale.PLAIN, 5.0, 0.5), 20)]
    found = reading(WAVE * 3 + [5.0] * 3, spans)

    assert [(stretch.first, stretch.last) for stretch in found.stretches] == [(0, 11), (12, 14)]
    assert found.alarms == []


def test_no_rule_reaches_over_the_border_of_a_phase():
    low = Limits(Scale.PLAIN, 11.0, 5.0)
    spans = [Span(FIRST, low, 20), Span(monday(8), low, 20)]

    assert reading([10.0] * 16, spans).alarms == []
    assert [alarm.rule for alarm in reading([10.0] * 16, spans[:1]).alarms] == [2]


def test_places_of_signals_count_all_weeks_also_those_that_are_not_judged():
    quiet = weeks([10.0] * 5)
    quiet.insert(2, Week(monday(2), 1, 10.0))
    quiet[5] = Week(monday(5), 10, 20.0)

    found = read(quiet, [Span(FIRST, Limits(Scale.PLAIN, 10.0, 1.0), 20)], Scale.PLAIN, DEFAULT_RULES)

    assert found.alarms == [Alarm(1, 5, 5, 5, True)]


def test_a_second_phase_needs_eight_weeks():
    spans = [Span(FIRST, Limits(Scale.PLAIN, 10.5, 1.0), 20), Span(monday(12))]

    assert reading(WAVE * 3 + WAVE[:3], spans).stretches[1].limits is None
    assert reading(WAVE * 5, spans).stretches[1].limits.centre == 10.5


@pytest.mark.parametrize(("count", "is_there"), [(19, False), (20, True)])
def test_limits_freeze_with_the_twentieth_judged_week(count, is_there):
    found = frozen_limits(weeks((WAVE * 5)[:count]), Span(FIRST), Scale.PLAIN)

    assert (found is not None) == is_there


CENTRE_TEN = [Span(FIRST, Limits(Scale.PLAIN, 10.0, 1.0), 20)]


def level_since(values, effective, *, above_is_better=False):
    return new_level_since(reading(values, CENTRE_TEN), monday(effective), above_is_better=above_is_better)


def test_eight_weeks_in_a_row_on_the_better_side_begin_where_they_began():
    assert level_since([10.5, 9.5, 10.5, *[9.5] * 8], 1) == monday(3)


def test_seven_are_not_enough():
    assert level_since([10.5, 10.5, *[9.5] * 7], 1) is None


def test_weeks_before_the_improvement_do_not_count():
    assert level_since([10.5, *[9.5] * 9], 3) is None


def test_the_worse_side_is_no_new_level():
    assert level_since([9.5, *[10.5] * 9], 1) is None
    assert level_since([9.5, *[10.5] * 9], 1, above_is_better=True) == monday(1)


def test_without_weeks_there_is_no_level():
    assert new_level_since(reading([]), FIRST, above_is_better=True) is None
