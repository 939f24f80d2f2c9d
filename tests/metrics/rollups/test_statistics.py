from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rollups import statistics as stats
from requests_app.kernel.rates import binomial_two_sided, rate_change


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([1, 2, 3, 4, 10], 0.5, 3),
        ([1, 2, 3, 4, 10], 0.9, 7.6),
        ([1, 2, 3, 4, 10], 0.95, 8.8),
        ([7], 0.9, 7),
        ([10, 20], 0.9, 19),
    ],
)
def test_percentile_is_type_seven(values, share, expected):
    assert stats.percentile(values, share) == pytest.approx(expected)


def test_percentile_of_nothing_is_nothing():
    assert stats.percentile([], 0.5) is None


# Freireich's 6-MP trial (1963), the textbook example: nine ended, twelve still open. S(10) = 0.753, S(13) = 0.690,
# S(22) = 0.538, S(23) = 0.448 and nothing after that.
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STILL_OPEN = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


@pytest.mark.parametrize(("share", "expected"), [(0.1, 6), (0.25, 13), (0.5, 23), (0.55, 23), (0.56, None)])
def test_percentile_with_open_ones_is_kaplan_and_meiers(share, expected):
    assert stats.percentile_with_open(ENDED, STILL_OPEN, share) == expected


def test_percentile_of_nothing_ended_is_not_reached():
    assert (stats.percentile_with_open([], [], 0.5), stats.percentile_with_open([], [3, 4], 0.5)) == (None, None)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(1, 100))
def test_with_nothing_open_the_percentile_is_the_value_by_which_the_share_has_ended(ended, hundredths):
    rank = -(-hundredths * len(ended) // 100)
    assert stats.percentile_with_open(ended, [], hundredths / 100) == sorted(ended)[rank - 1]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.lists(st.integers(0, 50), max_size=30))
def test_leaving_work_open_never_shortens_the_median(ended, still_open):
    closed_only = stats.percentile_with_open(ended, [], 0.5)
    median = stats.percentile_with_open(ended, [age + 51 for age in still_open], 0.5)
    assert median is None or median >= closed_only


# The method's hand example in one line: three ended after 2, 4 and 8 h; one waits since 3 h, one since 9 h.
# S(2) = 4/5 = 0.8; S(4) = 0.8 * 2/3 = 0.533; S(8) = 0.533 * 1/2 = 0.267: median 8 h where closed ones alone say 4 h.
def test_the_median_with_open_ones_by_hand():
    assert stats.percentile_with_open([2, 4, 8], [3, 9], 0.5) == 8
    assert stats.percentile([2, 4, 8], 0.5) == 4
    assert stats.percentile_with_open([2, 4, 8], [3, 9], 0.9) is None


def test_how_many_lasted_so_long_says_the_same_as_each_of_them():
    one_by_one = stats.percentile_with_open([2, 2, 4, 8], [3, 3, 9], 0.5)
    assert stats.percentile_with_open({2: 2, 4: 1, 8: 1}, {3: 2, 9: 1}, 0.5) == one_by_one


@pytest.mark.parametrize(
    ("n", "confidence", "low", "high"),
    [(50, 0.95, 0.501, 0.768), (50, 0.998, 0.424, 0.845), (500, 0.95, 0.592, 0.677), (500, 0.998, 0.568, 0.701)],
)
def test_funnel_limits_are_those_of_the_method(n, confidence, low, high):
    assert stats.funnel(0.6345, n, confidence=confidence) == pytest.approx((low, high), abs=0.0006)


@pytest.mark.parametrize(
    ("good", "n", "low", "high"),
    [(0, 10, 0, 0.277533), (8, 10, 0.490162, 0.943318), (10, 10, 0.722467, 1), (45, 50, 0.786398, 0.956524),
     (1, 1, 0.206549, 1), (450, 500, 0.870578, 0.923322)],
)  # fmt: skip
def test_wilson_of_the_worked_examples(good, n, low, high):
    assert stats.wilson(good, n) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


def test_wilson_of_nothing_is_none():
    assert stats.wilson(0, 0) is None


def test_mean_interval_of_the_worked_example():
    data = [7, 6, 6, 5, 4, 7, 3, 6, 5, 6]

    low, high = stats.mean_interval(len(data), sum(data), sum(value * value for value in data))

    assert (low, high) == (pytest.approx(4.592001, abs=1e-5), pytest.approx(6.407999, abs=1e-5))


def test_mean_interval_of_one_value_is_none():
    assert stats.mean_interval(1, 5, 25) is None


@pytest.mark.parametrize(
    ("freedom", "expected"), [(1, 12.706205), (30, 2.042272), (31, 2.039513), (60, 2.000298), (1000, 1.962339)]
)
def test_student_t_has_the_known_points(freedom, expected):
    assert stats.student_t(freedom) == pytest.approx(expected, abs=2e-5)


def test_shares_differ_only_beyond_chance():
    assert stats.shares_differ(900, 1000, 800, 1000)
    assert stats.shares_differ(80, 100, 95, 100)
    assert not stats.shares_differ(9, 10, 8, 10)
    assert not stats.shares_differ(0, 0, 8, 10)


def test_intervals_differ_when_they_do_not_overlap():
    assert stats.intervals_differ((1, 2), (3, 4))
    assert stats.intervals_differ((3, 4), (1, 2))
    assert not stats.intervals_differ((1, 3), (2, 4))
    assert not stats.intervals_differ(None, (2, 4))


def test_counts_differ_by_the_exact_test_of_rates():
    """18 in 900 against 6 in 850: p = 0.024, the worked example."""
    assert binomial_two_sided(6, 24, 850 / 1750) == pytest.approx(0.023957, abs=1e-6)
    assert stats.counts_differ(6, 18, exposure=850 / 900)
    assert not stats.counts_differ(12, 18)
    assert not stats.counts_differ(0, 0)


def test_counts_differ_of_many_uses_the_normal_curve():
    assert stats.counts_differ(700, 500)
    assert not stats.counts_differ(510, 500)
    assert binomial_two_sided(230, 401, 0.5) == pytest.approx(
        2 * (1 - NormalDist(200.5, 401**0.5 / 2).cdf(229.5)), abs=1e-9
    )


def test_shrunk_shares_pull_the_small_toward_the_company():
    ranked = stats.shrunk_shares({1: (10, 10), 2: (900, 1000), 3: (600, 1000), 4: (0, 0)})

    assert {row.key for row in ranked} == {1, 2, 3}
    small = next(row for row in ranked if row.key == 1)
    assert 0.75 < small.share < 1
    assert small.low < small.share < small.high


def test_shrunk_shares_of_units_that_do_not_differ_are_all_the_mean():
    ranked = stats.shrunk_shares({1: (90, 100), 2: (180, 200)})

    assert {round(row.share, 3) for row in ranked} == {0.9}


@pytest.mark.parametrize("cells", [{}, {1: (0, 0)}])
def test_shrunk_shares_of_nothing_are_none(cells):
    assert stats.shrunk_shares(cells) == []


def test_shrunk_shares_without_enough_units_are_the_mean():
    assert [row.share for row in stats.shrunk_shares({1: (8, 10)})] == [pytest.approx(0.8)]


# ── Rates ────────────────────────────────────────────────────────────────────


def test_a_rate_that_fell_from_18_in_900_to_6_in_850():
    assert rate_change(6, 18, exposure=850, exposure_before=900) == pytest.approx(0.0240, abs=5e-5)


@pytest.mark.parametrize(("count", "before", "exposure"), [(0, 0, 5), (3, 4, 0)])
def test_where_nothing_was_counted_or_open_nothing_changed(count, before, exposure):
    assert rate_change(count, before, exposure=exposure, exposure_before=5) == 1.0


def test_discoveries_after_benjamini_and_hochberg():
    """Their example of fifteen values (1995, section 4.1): four are told at 5 %, where Bonferroni tells three."""
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
              0.7590, 1.0]  # fmt: skip
    assert stats.discoveries(values) == [True] * 4 + [False] * 11
    assert stats.discoveries(values[::-1]) == [False] * 11 + [True] * 4
    assert stats.discoveries([]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_discoveries_lie_between_each_alone_and_bonferroni(values):
    told = stats.discoveries(values)
    assert all(value <= 0.05 for value, kept in zip(values, told, strict=True) if kept)
    assert all(kept for value, kept in zip(values, told, strict=True) if value <= 0.05 / len(values))
