"""The smoothing, its back-test and its interval, on series whose answers are known."""

from dataclasses import replace
from datetime import date, timedelta
from math import cos, pi
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.forecast import states
from metrics.forecast.states import Verdict, Week

MONDAY = date(2023, 1, 2)


def weeks_of(counts, days=5):
    found = [days] * len(counts) if isinstance(days, int) else days
    return [
        Week(MONDAY + timedelta(weeks=place), n, open_days)
        for place, (n, open_days) in enumerate(zip(counts, found, strict=True))
    ]


def ahead_of(weeks, days=5):
    first = weeks[-1].monday + states.WEEK
    return [(first + states.WEEK * place, days) for place in range(states.AHEAD)]


def noisy(mean, seed=1):
    """A count as a Poisson process gives it; plain sums of waits, so that it is the same everywhere."""
    dice, n, passed = Random(seed), 0, 0.0
    while True:
        passed += dice.expovariate(1.0)
        if passed > mean:
            return n
        n += 1


def poisson(means, seed=1):
    return [noisy(mean, seed=seed * 10_000 + place) for place, mean in enumerate(means)]


def test_a_steady_count_is_expected_again():
    fitted = states.fit(weeks_of([50] * 40))

    assert (fitted.level, fitted.profile) == (pytest.approx(10.0), ())
    assert fitted.expected(MONDAY, 5) == pytest.approx(50)


def test_a_week_with_two_open_days_is_expected_to_bring_two_fifths():
    weeks = weeks_of([50, 50, 20, 50] * 10, [5, 5, 2, 5] * 10)

    assert states.fit(weeks).expected(MONDAY, 2) == pytest.approx(20)


def test_smoothing_moves_by_a_share_of_the_last_error():
    level, error = states._smoothed([(10.0, 5)] * 8 + [(20.0, 5), (20.0, 5)], 0.5)

    assert (level, error) == (pytest.approx(17.5), pytest.approx(50 + 25))


def test_a_profile_needs_two_whole_years():
    assert states.yearly_profile(weeks_of([5] * 103)) == ()
    assert states.yearly_profile(weeks_of([5] * 104)) == (pytest.approx(1.0),) * 52


def test_the_profile_of_a_busy_season_is_found():
    wave = [100 * (1 + 0.5 * cos(2 * pi * place / 52)) for place in range(156)]
    weeks = weeks_of([round(n) for n in wave])
    profile = states.yearly_profile(weeks)

    busiest, quietest = states.place_in_year(weeks[0].monday), states.place_in_year(weeks[26].monday)
    assert profile[busiest] == pytest.approx(1.49, abs=0.02)
    assert profile[quietest] == pytest.approx(0.51, abs=0.02)
    assert sum(profile) == pytest.approx(52)


def test_noise_around_a_level_is_forecast_better_than_by_last_weeks_count():
    weeks = weeks_of(poisson([60] * 70))
    outcome = states.outcome_of(weeks, ahead_of(weeks))

    assert outcome.verdict == Verdict.BETTER
    assert len(outcome.points) == 8
    assert outcome.test.error < outcome.test.naive
    assert all(point.low <= point.expected <= point.high for point in outcome.points)


def test_a_walk_at_random_is_not_forecast_better_and_nothing_is_told():
    steps, at = Random(4), 500
    counts = []
    for _week in range(70):
        at += steps.choice([-25, 25])
        counts.append(at)
    weeks = weeks_of(counts)
    outcome = states.outcome_of(weeks, ahead_of(weeks))

    assert (outcome.verdict, outcome.points) == (Verdict.NOT_BETTER, ())
    assert outcome.test.error >= outcome.test.naive


def test_with_three_years_of_a_season_both_naive_guesses_are_beaten():
    weeks = weeks_of(poisson([80 * (1 + 0.5 * cos(2 * pi * place / 52)) for place in range(156)], seed=3))
    outcome = states.outcome_of(weeks, ahead_of(weeks))

    assert outcome.verdict == Verdict.BETTER
    assert outcome.test.error < outcome.test.seasonal < outcome.test.naive


def test_the_week_of_last_year_is_compared_only_where_every_origin_knows_it():
    assert states.back_test(states.tries(weeks_of(poisson([20] * 70)))).seasonal is None
    assert states.back_test(states.tries(weeks_of(poisson([20] * 71)))).seasonal is not None


def test_too_few_weeks_are_said_to_be_too_few():
    weeks = weeks_of([9] * 44)

    assert states.outcome_of(weeks, ahead_of(weeks)) == states.Outcome(Verdict.SHORT, 44, None, None, ())
    assert states.outcome_of(weeks_of([9] * 45), ahead_of(weeks)).test.origins == 12


def test_a_forecast_knows_nothing_of_later_weeks():
    weeks = weeks_of(poisson([30] * 80))
    changed = [*weeks[:60], *(replace(week, n=999) for week in weeks[60:])]

    def before(found):
        return [one for one in states.tries(found) if one.place < 60]

    assert before(changed) == before(weeks)


@pytest.mark.parametrize(("n", "edges"), [(9, (1, 9)), (19, (2, 18)), (99, (10, 90))])
def test_the_interval_takes_the_ranks_that_hold_for_the_next_error(n, edges):
    assert states.spread_of(list(range(1, n + 1))) == edges


def test_the_coverage_told_is_near_the_coverage_meant():
    found = [states.back_test(states.tries(weeks_of(poisson([40] * 120, seed=seed)))) for seed in range(8)]
    mean = sum(test.coverage for test in found) / len(found)

    assert 0.72 < mean < 0.9
    assert all(test.checked > 200 for test in found)


@given(st.lists(st.integers(0, 400), min_size=45, max_size=60))
def test_whatever_came_expectations_are_counts_and_lie_in_their_interval(counts):
    weeks = weeks_of(counts)
    outcome = states.outcome_of(weeks, ahead_of(weeks))

    assert all(point.expected >= 0 and 0 <= point.low <= point.high for point in outcome.points)
    assert bool(outcome.points) == (outcome.verdict == Verdict.BETTER)


@pytest.mark.parametrize(("n", "ratio", "interval"), [(0, 0.3, (0, 1)), (13, 4 / 13, (1, 7)), (130, 4 / 13, (31, 50))])
def test_a_small_need_is_expected_with_the_interval_of_the_next_count(n, ratio, interval):
    """Of 13: P(0) = (13/17)^13.5 = 0.027, P(1) = 0.085, together more than a tenth."""
    assert states.next_count(n, ratio) == (pytest.approx(n * ratio), *interval)


@given(st.integers(0, 300), st.floats(0.05, 3))
def test_the_next_count_is_inside_with_at_least_four_of_five(n, ratio):
    expected, low, high = states.next_count(n, ratio)

    assert 0 <= low <= high
    assert low <= expected + 1


@pytest.mark.long
def test_four_of_five_next_counts_come_out_inside():
    inside = total = 0
    for seed in range(3000):
        n, came = noisy(13.0, seed * 2), noisy(4.0, seed * 2 + 1)
        _expected, low, high = states.next_count(n, 4 / 13)
        inside += low <= came <= high
        total += 1
    assert 0.8 <= inside / total < 0.92
