"""How often charts of made-up weeks raise an alarm: where nothing changes, and where something does.

The numbers of the long run stand in docs/statistics.md.
"""

import random

import pytest

from metrics.charts.statistics import DEFAULT_RULES, RULES, Point, Scale, alarms, limits_of

FROZEN, AFTER = 20, 12


def share_with_alarm(make, charts, *, weeks=24, rules=DEFAULT_RULES, frozen=None, seed=1):
    """Of charts with limits of all their weeks; with `frozen`, of the weeks after those that made the limits."""
    chance = random.Random(seed)
    hit = 0
    for _ in range(charts):
        points, scale = make(chance, weeks)
        limits = limits_of(points[:frozen], scale)
        judged = points[frozen or 0 :]
        off = [limits.distance(point) for point in judged]
        hit += bool(alarms(off, [point.value for point in judged], rules))
    return hit / charts


def single_times(scale):
    return lambda chance, weeks: ([Point(1, chance.lognormvariate(9, 1)) for _ in range(weeks)], scale)


def medians(factor=1.0):
    """Weekly medians of 31 skewed times, after the twentieth week by `factor`."""

    def make(chance, weeks):
        values = [sorted(chance.lognormvariate(9, 1) for _ in range(31))[15] for _ in range(weeks)]
        return [Point(31, value * (factor if at >= FROZEN else 1)) for at, value in enumerate(values)], Scale.LOG

    return make


def shares(between, drop=0.0):
    """Weeks of 100 requests, 88 % in time, with so much standard deviation between weeks."""

    def make(chance, weeks):
        points = []
        for at in range(weeks):
            p = min(max(chance.gauss(0.88, between) - (drop if at >= FROZEN else 0), 0.01), 0.99)
            good = sum(chance.random() < p for _ in range(100))
            points.append(Point(100, good / 100, good))
        return points, Scale.SHARE

    return make


def test_logarithms_of_skewed_times_raise_few_false_alarms_where_the_times_themselves_raise_many():
    assert share_with_alarm(single_times(Scale.LOG), 300, rules=(1,)) < 0.12
    assert share_with_alarm(single_times(Scale.PLAIN), 300, rules=(1,)) > 0.5


@pytest.mark.parametrize("between", [0.0, 0.06])
def test_shares_that_vary_between_weeks_raise_few_false_alarms(between):
    assert share_with_alarm(shares(between), 100, rules=(1,)) < 0.16


@pytest.mark.long
@pytest.mark.parametrize(
    ("rules", "literature"), [((1,), 0.06), (DEFAULT_RULES, 0.13), (RULES, 0.19)], ids=["rule 1", "default", "all"]
)
@pytest.mark.parametrize("make", [single_times(Scale.LOG), medians(), shares(0.0), shares(0.03), shares(0.06)])
def test_of_24_steady_weeks_as_many_charts_raise_a_false_alarm_as_in_the_literature(make, rules, literature):
    assert share_with_alarm(make, 2000, rules=rules) == pytest.approx(literature, abs=0.025)


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "least"),
    [(medians(0.7), 0.87), (medians(0.5), 0.99), (shares(0.02, 0.05), 0.75), (shares(0.02, 0.1), 0.98)],
)
def test_a_real_change_is_seen_within_twelve_weeks(make, least):
    assert share_with_alarm(make, 2000, weeks=FROZEN + AFTER, frozen=FROZEN) >= least
