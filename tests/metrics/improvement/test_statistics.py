"""The arithmetic of effects, against worked examples and against chance itself."""

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.improvement import statistics

BEFORE, AFTER = [12, 15, 9, 20, 14, 18, 11, 16], [8, 10, 7, 13, 9, 6, 12, 8]
SERIES = [50, 52, 49, 51, 53, 50, 52, 54, 51, 53, 52, 54, 45, 44, 43, 44, 42, 43, 41, 42, 40, 41, 39, 40]
TIMES = st.lists(st.integers(1, 10_000), min_size=8, max_size=20)


def test_two_samples_come_to_the_worked_example():
    found = statistics.compare(BEFORE, AFTER)
    assert (found.n_before, found.n_after, found.median_before, found.median_after) == (8, 8, 14.5, 8.5)
    assert (found.u, round(found.p, 6), found.shift, found.lower_after) == (57.0, 0.009917, -5.0, 0.890625)
    assert (found.low, found.high) == (-9.0, -2.0)


def test_the_bootstrap_comes_to_the_worked_example_and_repeats_itself():
    assert statistics.bootstrap(BEFORE, AFTER, seed=20240101) == (-9.0, -1.5)
    assert statistics.bootstrap(BEFORE, AFTER, seed=20240101) == (-9.0, -1.5)


def test_segmented_regression_comes_to_the_worked_example():
    found = statistics.segmented(SERIES, 12)
    assert [round(value, 6) for value in found.coefficients] == [50.269231, 0.269231, -8.884615, -0.744755]
    assert [round(value, 6) for value in found.se_ols] == [0.589233, 0.090741, 0.890617, 0.128327]
    assert [round(value, 6) for value in found.se_newey_west] == [0.269813, 0.050395, 0.416933, 0.060255]
    assert found.se == found.se_ols  # negative autocorrelation: the larger of the two is believed
    assert (round(found.durbin_watson, 6), round(found.effect, 6)) == (3.207087, -17.076923)
    assert found.low < found.effect < found.high < 0
    assert found.slope_p < 0.05


def test_weeks_that_are_missing_are_told_by_their_times():
    times = [*range(12), *range(14, 26)]
    line = [10 + 0.5 * t - (4 if t >= 14 else 0) for t in times]
    found = statistics.segmented([value + (-1) ** at * 0.01 for at, value in enumerate(line)], 12, times)
    assert [round(value, 1) for value in found.coefficients] == [10.0, 0.5, -4.0, 0.0]


def test_points_without_any_difference_show_nothing():
    same = [5.0] * 8
    found, line = statistics.compare(same, same), statistics.segmented([*same, *same], 8)
    assert (found.p, found.shift, found.low, found.high, found.lower_after) == (1.0, 0.0, 0.0, 0.0, 0.5)
    assert (line.p, line.slope_p) == (1.0, 1.0) or abs(line.effect) < 1e-9
    assert statistics.detectable(same, same) == 0.0


@pytest.mark.parametrize(
    ("ps", "expected"),
    [([], []), ([0.02], [0.02]), ([0.01, 0.04, 0.03], [0.03, 0.04, 0.04]), ([0.9, 0.001], [0.9, 0.002])],
)
def test_several_figures_are_corrected_after_benjamini_and_hochberg(ps, expected):
    assert [round(p, 6) for p in statistics.adjusted(ps)] == expected


def test_more_weeks_show_smaller_changes():
    assert round(statistics.detectable(BEFORE, AFTER), 4) == 4.7826
    assert statistics.detectable(BEFORE * 3, AFTER * 3) < statistics.detectable(BEFORE, AFTER) / sqrt(2)


@given(TIMES, TIMES)
@settings(max_examples=60, deadline=None)
def test_turning_the_sides_turns_the_signs(before, after):
    one, other = statistics.compare(before, after), statistics.compare(after, before)
    assert (one.shift, one.low, one.high) == (-other.shift, -other.high, -other.low)
    assert one.lower_after + other.lower_after == pytest.approx(1)
    assert one.p == pytest.approx(other.p)
    assert one.low <= one.shift <= one.high


@given(TIMES, TIMES, st.integers(-500, 500))
@settings(max_examples=60, deadline=None)
def test_what_is_added_after_is_added_to_the_shift(before, after, more):
    moved = statistics.compare(before, [value + more for value in after])
    found = statistics.compare(before, after)
    assert (moved.shift, moved.low, moved.high) == (found.shift + more, found.low + more, found.high + more)


# ── How often they are right: the numbers of docs/statistics.md ──────────────


def weekly(dice: np.random.Generator, n: int, carry: float) -> np.ndarray:
    """Logarithms of weekly medians, each carrying so much of the one before."""
    values = dice.normal(0, 0.25, n)
    for at in range(1, n):
        values[at] = carry * values[at - 1] + sqrt(1 - carry**2) * values[at]
    return values


def simulated(
    runs: int, carry: float = 0.0, shift: float = -0.2, before: int = 26, after: int = 13, *, bootstrap: bool = False
) -> dict[str, float]:
    """Shares of runs in which the intervals hold the truth, and in which a change would have been claimed."""
    dice = np.random.default_rng(20_261_126)
    held = claimed = boot = 0
    for run in range(runs):
        y = weekly(dice, before + after, carry)
        y[before:] += shift
        found = statistics.judged(y[:before], y[before:])
        held += found.low <= shift <= found.high
        claimed += found.p < 0.05 and not found.low <= 0 <= found.high
        ends = statistics.bootstrap(y[:before], y[before:], seed=run, draws=400) if bootstrap else (0, 0)
        boot += ends[0] <= shift <= ends[1]
    shares = {"held": held, "claimed": claimed, "bootstrap": boot}
    return {name: round(count / runs, 3) for name, count in shares.items()}


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    found = simulated(300)
    assert 0.91 <= found["held"] <= 0.98


def test_where_nothing_changed_little_is_claimed():
    assert simulated(300, shift=0.0)["claimed"] <= 0.08


@pytest.mark.long
@pytest.mark.parametrize(
    ("carry", "shift", "before", "after"),
    [(0.0, -0.2, 26, 13), (0.0, 0.0, 26, 13), (0.0, 0.0, 8, 8), (0.3, 0.0, 26, 13), (0.3, -0.2, 26, 13)],
)
def test_the_long_run_is_the_one_of_the_documentation(carry, shift, before, after, capsys):
    found = simulated(2000, carry, shift, before, after, bootstrap=not carry)
    with capsys.disabled():
        print(f"\n{carry=} {shift=} {before=} {after=}: {found}, exp(shift) = {exp(shift):.2f}")  # noqa: T201
    assert found["held"] >= (0.92 if not carry else 0.88)
    assert shift or found["claimed"] <= (0.075 if not carry else 0.11)
