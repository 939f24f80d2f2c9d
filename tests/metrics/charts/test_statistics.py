"""Limits and rules of control charts: worked examples, and what holds for every series."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.statistics import (
    RULES,
    Alarm,
    Limits,
    Point,
    Scale,
    alarms,
    completed,
    limits_of,
    mean_moving_range,
)

TEN_HOURS = [5.2, 4.8, 6.1, 5.5, 4.9, 5.0, 9.8, 5.3, 5.1, 4.7]
KEPT = list(zip([120, 80, 150, 100, 90, 130, 60, 110], [108, 70, 141, 80, 84, 119, 51, 104], strict=True))
COMPLAINTS = list(zip([50, 60, 40, 70, 55], [4, 7, 3, 9, 5], strict=True))


def individuals(values, scale=Scale.PLAIN):
    points = [Point(30, value) for value in values]
    return points, limits_of(points, scale)


def shares(rows, scale=Scale.SHARE):
    points = [Point(n, good / n, good) for n, good in rows]
    return points, limits_of(points, scale)


def off(points, limits):
    return [limits.distance(point) for point in points]


def test_four_individuals():
    _points, limits = individuals([10, 50, 40, 30])

    assert limits.centre == 32.5
    assert limits.spread == pytest.approx(17.730496)
    assert (limits.lower(1), limits.upper(1)) == pytest.approx((-20.691489, 85.691489))


def test_a_moving_range_is_the_mean_of_the_steps():
    assert mean_moving_range([10, 50, 40, 30]) == 20


def test_ten_times_on_a_plain_scale_raise_a_false_alarm():
    points, limits = individuals(TEN_HOURS)

    assert (limits.centre, limits.lower(1), limits.upper(1)) == pytest.approx((5.64, 1.827943, 9.452057))
    assert {rule: completed(rule, off(points, limits), TEN_HOURS) for rule in RULES} == {
        1: [6], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [], 8: [],
    }  # fmt: skip


def test_the_same_times_on_logarithms_do_not():
    points, limits = individuals([3600 * hours for hours in TEN_HOURS], Scale.LOG)

    assert limits.centre / 3600 == pytest.approx(5.50462, abs=1e-5)
    assert (limits.lower(1) / 3600, limits.upper(1) / 3600) == pytest.approx((3.078372, 9.843137), abs=1e-5)
    assert {rule: completed(rule, off(points, limits), TEN_HOURS) for rule in RULES} == {rule: [] for rule in RULES}


def test_a_time_of_zero_is_moved_by_a_minute_and_back():
    _points, limits = individuals([0, 60, 180], Scale.LOG)

    assert limits.offset == 60
    assert limits.centre == pytest.approx((60 * 120 * 240) ** (1 / 3) - 60)


def test_a_later_time_of_zero_lies_far_below_limits_made_without_one():
    _points, limits = individuals([3600, 4000, 3800, 3700], Scale.LOG)

    assert limits.distance(Point(10, 0.0)) < -3


def test_shares_have_the_limits_of_laney():
    points, limits = shares(KEPT)

    assert limits.centre == pytest.approx(0.90119, abs=1e-5)
    assert limits.spread == pytest.approx(2.248125, abs=1e-6)
    assert [limits.lower(n) for n, _good in KEPT] == pytest.approx(
        [0.717469, 0.676179, 0.736865, 0.699934, 0.689048, 0.724677, 0.64137, 0.7093], abs=1e-6
    )
    assert [limits.upper(n) for n, _good in KEPT] == [1.0] * 8
    assert completed(1, off(points, limits), [point.value for point in points]) == []


def test_plain_limits_of_shares_would_have_called_the_fourth_week():
    points, limits = shares(KEPT)
    plain = Limits(Scale.SHARE, limits.centre, 1.0)

    assert [plain.lower(n) for n, _good in KEPT] == pytest.approx(
        [0.819469, 0.801102, 0.828096, 0.811669, 0.806826, 0.822675, 0.785618, 0.815835], abs=1e-6
    )
    assert completed(1, off(points, plain), [point.value for point in points]) == [3]


def test_counts_for_each_request_have_limits_by_n():
    _points, limits = shares(COMPLAINTS, Scale.RATE)
    plain = Limits(Scale.RATE, limits.centre, 1.0)

    assert limits.centre == pytest.approx(0.101818, abs=1e-6)
    assert [plain.upper(n) for n, _bad in COMPLAINTS] == pytest.approx(
        [0.237196, 0.225401, 0.253176, 0.216234, 0.230896], abs=1e-6
    )
    assert [plain.lower(n) for n, _bad in COMPLAINTS] == [0.0] * 5


@pytest.mark.parametrize("rows", [[(10, 10), (12, 12)], [(10, 0), (12, 0)]])
def test_shares_that_never_vary_have_no_distance(rows):
    points, limits = shares(rows)

    assert off(points, limits) == [0.0, 0.0]
    assert (limits.lower(10), limits.upper(10)) == (limits.centre, limits.centre)


def test_one_week_has_no_limits():
    assert limits_of([Point(5, 3.0)], Scale.PLAIN) is None


@pytest.mark.parametrize(
    ("rule", "values", "places"),
    [
        (1, [0, 3.1, 0, -3.1, 3.0], [1, 3]),
        (2, [1] * 10, [8, 9]),
        (2, [1] * 8 + [0] + [1] * 8, []),  # on the line is on neither side
        (3, [0, 1, 2, 3, 4, 5, 5], [5]),
        (3, [0, 1, 2, 2, 3, 4, 5], []),  # ties break a trend
        (3, [5, 4, 3, 2, 1, 0, -1], [5, 6]),
        (4, [0, 1] * 7, [13]),
        (4, [0, 1] * 6 + [1, 0], []),
        (5, [2.1, 0, 2.1, 0], [2]),
        (5, [2.1, 2.1, 0], []),  # the last one is one of the two
        (5, [2.1, 0, -2.1], []),
        (6, [1.1, 1.1, 0, 1.1, 1.1], [4]),
        (6, [1.1, 1.1, -1.1, -1.1, 1.1], []),
        (7, [0.5, -0.5] * 8, [14, 15]),
        (8, [1.1, -1.1] * 4, [7]),
        (8, [1.1] * 9, []),  # both sides
    ],
)
def test_a_rule_is_met_where_its_pattern_is_complete(rule, values, places):
    assert completed(rule, values, values) == places


def test_an_unbroken_stretch_is_one_signal_that_says_how_long_it_lasts():
    values = [-0.5] * 3 + [0.5] * 11

    assert alarms(values, values) == [Alarm(2, 3, 11, 13, True)]


def test_weeks_in_a_row_beyond_a_limit_are_one_signal():
    values = [3.5, 3.5, 0.0, 3.5]

    assert [(alarm.at, alarm.length) for alarm in alarms(values, values, [1])] == [(0, 2), (3, 1)]


def test_signals_come_in_the_order_in_which_they_were_completed():
    values = [0.5] * 9 + [3.5]

    assert [(alarm.rule, alarm.at) for alarm in alarms(values, values)] == [(2, 8), (1, 9)]


@given(st.lists(st.floats(-4, 4, allow_nan=False), max_size=40))
def test_turned_upside_down_a_chart_says_the_same_of_the_other_side(values):
    flipped = [-value for value in values]
    other = {None: None, True: False, False: True}

    assert [Alarm(a.rule, a.first, a.at, a.last, other[a.above]) for a in alarms(values, values, RULES)] == alarms(
        flipped, flipped, RULES
    )


@given(st.lists(st.floats(60, 1e6), min_size=2, max_size=40), st.floats(0.01, 100))
def test_times_in_another_unit_have_the_same_signals(values, factor):
    factor = max(factor, 1 / min(values) * 1.01)
    points, limits = individuals(values, Scale.LOG)
    scaled, scaled_limits = individuals([value * factor for value in values], Scale.LOG)

    assert scaled_limits.centre == pytest.approx(limits.centre * factor)
    assert off(scaled, scaled_limits) == pytest.approx(off(points, limits), abs=1e-6)


@given(st.lists(st.tuples(st.integers(1, 500), st.floats(0, 1)), min_size=2, max_size=40))
def test_limits_of_shares_are_shares_around_the_centre(rows):
    _points, limits = shares([(n, round(n * share)) for n, share in rows])

    for n, _share in rows:
        assert 0 <= limits.lower(n) <= limits.centre <= limits.upper(n) <= 1


@given(st.lists(st.floats(-4, 4, allow_nan=False), max_size=40), st.sampled_from(RULES))
def test_stretches_of_one_rule_and_side_neither_touch_nor_overlap(values, rule):
    found = [alarm for alarm in alarms(values, values, [rule]) if rule != 1]

    for one, following in pairwise(found):
        assert following.at > one.last + 1 or following.above != one.above
