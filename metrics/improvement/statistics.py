"""Did it work? Two-sample comparison and segmented regression of weekly points. Pure; worked examples in the tests.

It loads numpy and scipy, so only what counts effects in a worker may import it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.95
ALPHA = 1 - LEVEL
POWER = 0.8
EFFICIENCY = 3 / 3.141592653589793  # of the rank test against the t test, for normal values
DRAWS = 20_000
LAG = 2
MOST_CARRY = 0.6
TINY = 1e-12
Points = Sequence[float]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """Two samples. Every difference is after minus before, in the unit of the points."""

    n_before: int
    n_after: int
    median_before: float
    median_after: float
    u: float
    p: float
    shift: float
    low: float
    high: float
    lower_after: float


@dataclass(frozen=True)
class Regression:
    """y = b0 + b1·t + b2·D + b3·(t − t0)·D. `se` is the larger of OLS and Newey–West, each coefficient by itself.

    `effect` is that at the last point against the line that went on as before, with its interval; `slope_p` asks
    whether there was a line before at all, and `detectable` is the least effect that would show with 80 % probability.
    """

    coefficients: tuple[float, ...]
    se_ols: tuple[float, ...]
    se_newey_west: tuple[float, ...]
    durbin_watson: float
    effect: float
    low: float
    high: float
    p: float
    slope_p: float
    detectable: float
    carry: float

    @property
    def se(self) -> tuple[float, ...]:
        return tuple(map(max, self.se_ols, self.se_newey_west))


def compare(before: Points, after: Points) -> Comparison:
    """Mann–Whitney U (tie and continuity corrected) and the Hodges–Lehmann shift with its distribution-free interval.

    `lower_after` is P(a value after is lower than one before) + half of P(they are equal). The interval takes the order
    statistics of all pairwise differences that the normal approximation of U names (Hollander & Wolfe, 4.3).
    """
    found = stats.mannwhitneyu(before, after, use_continuity=True, alternative="two-sided", method="asymptotic")
    differences = np.sort(np.subtract.outer(np.asarray(after, float), np.asarray(before, float)).ravel())
    n, m = len(before), len(after)
    u, pairs = float(found.statistic), n * m
    spread = sqrt(pairs * (n + m + 1) / 12)
    place = max(int(np.floor(pairs / 2 - stats.norm.ppf(1 - ALPHA / 2) * spread)), 1)
    p = float(found.pvalue)
    return Comparison(
        n, m, float(np.median(before)), float(np.median(after)), u, 1.0 if np.isnan(p) else p,
        float(np.median(differences)), float(differences[place - 1]), float(differences[pairs - place]), u / pairs,
    )  # fmt: skip


def bootstrap(before: Points, after: Points, *, seed: int, draws: int = DRAWS) -> tuple[float, float]:
    """Percentile interval of the difference of medians; the same seed gives the same interval."""
    dice = np.random.default_rng(seed)
    first, second = (np.asarray(points, float) for points in (before, after))
    drawn = [np.median(dice.choice(points, (draws, len(points))), axis=1) for points in (first, second)]
    low, high = np.percentile(drawn[1] - drawn[0], [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])
    return float(low), float(high)


def segmented(values: Points, begins: int, times: Sequence[float] | None = None) -> Regression:
    """Interrupted time series; the points from index `begins` on are after. Both sides need at least three.

    `times` are the weeks of the points where some are missing; without them they follow each other.
    """
    y = np.asarray(values, float)
    t = np.arange(len(y), dtype=float) if times is None else np.asarray(times, float)
    after = (np.arange(len(y)) >= begins).astype(float)
    x = np.column_stack([np.ones_like(t), t, after, (t - t[begins]) * after])
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ x.T @ y
    rest = y - x @ b
    free = len(y) - x.shape[1]
    ols = inverse * float(rest @ rest) / free
    robust = _newey_west(x, rest, inverse) * len(y) / free
    at_last = np.array([0.0, 0.0, 1.0, t[-1] - t[begins]])
    effect, error = float(at_last @ b), _larger(at_last, ols, robust)
    reach = float(stats.t.ppf(1 - ALPHA / 2, free)) * error
    total = float(rest @ rest)
    return Regression(
        tuple(map(float, b)), _errors(ols), _errors(robust),
        float(np.sum(np.diff(rest) ** 2)) / total if total else 2.0,
        effect, effect - reach, effect + reach,
        _p(effect, error, free), _p(float(b[1]), _larger(np.array([0.0, 1.0, 0.0, 0.0]), ols, robust), free),
        reach + float(stats.t.ppf(POWER, free)) * error, _carry(rest, begins),
    )  # fmt: skip


def _newey_west(x: Floats, rest: Floats, inverse: Floats) -> Floats:
    """Bartlett weights up to LAG, before the correction for few points."""
    scores = x * rest[:, None]
    middle = scores.T @ scores
    for lag in range(1, LAG + 1):
        crossed = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (LAG + 1)) * (crossed + crossed.T)
    return inverse @ middle @ inverse


def _carry(rest: Floats, begins: int) -> float:
    """How much of one week is still in the next, 0 to MOST_CARRY; corrected for the two lines that were fitted."""
    total = float(rest @ rest)
    if total < TINY:
        return 0.0
    sides = (rest[:begins], rest[begins:])
    found = sum(float(side[1:] @ side[:-1]) for side in sides) / total
    return min(max(found + 2 * (2 + 4 * found) / len(rest), 0.0), MOST_CARRY)


def _errors(covariance: Floats) -> tuple[float, ...]:
    return tuple(float(root) for root in np.sqrt(np.maximum(np.diag(covariance), 0)))


def _larger(weights: Floats, *covariances: Floats) -> float:
    """Negative autocorrelation makes Newey–West smaller than it should be, so the larger of the two is believed."""
    return sqrt(max(max(float(weights @ one @ weights), 0.0) for one in covariances))


def _p(value: float, error: float, free: int) -> float:
    if error == 0:
        return 1.0 if value == 0 else 0.0
    return float(2 * stats.t.sf(abs(value) / error, free))


@dataclass(frozen=True)
class Judged:
    """What is believed of two sides, in the unit of the points; `by_trend`: against the line that went on."""

    effect: float
    low: float
    high: float
    p: float
    detectable: float
    by_trend: bool
    slope_p: float
    two: Comparison
    line: Regression


def judged(before: Points, after: Points, times: Sequence[float] | None = None) -> Judged:
    """Levels are compared, unless the weeks before had a slope: then the effect at the last point against that line.

    Comparing the levels of a figure that was on its way already would credit the action with the way. Where weeks carry
    over into the next, intervals are wider and p larger, by √((1 + r)/(1 − r)): so many weeks say as little as fewer.
    """
    two, line = compare(before, after), segmented([*before, *after], len(before), times)
    wider = sqrt((1 + line.carry) / (1 - line.carry))
    slope_p = _weaker(line.slope_p, wider)
    by_trend = slope_p < ALPHA
    found, effect = (line, line.effect) if by_trend else (two, two.shift)
    return Judged(
        effect, effect - wider * (effect - found.low), effect + wider * (found.high - effect), _weaker(found.p, wider),
        wider * (line.detectable if by_trend else detectable(before, after)), by_trend, slope_p, two, line,
    )  # fmt: skip


def _weaker(p: float, wider: float) -> float:
    return float(2 * stats.norm.sf(stats.norm.isf(p / 2) / wider))


def adjusted(ps: Sequence[float]) -> list[float]:
    """Benjamini–Hochberg: each p as if it were the only one, in the order given."""
    return [float(p) for p in stats.false_discovery_control(ps)] if ps else []


def detectable(before: Points, after: Points) -> float:
    """The smallest shift that such samples would show with 80 % probability at 5 %, in the unit of the points.

    That of the t test with the pooled spread within the two sides, divided by the efficiency of the rank test.
    """
    n, m = len(before), len(after)
    free = n + m - 2
    spread = sqrt(((n - 1) * float(np.var(before, ddof=1)) + (m - 1) * float(np.var(after, ddof=1))) / free)
    reach = float(stats.t.ppf(1 - ALPHA / 2, free) + stats.t.ppf(POWER, free))
    return reach * spread * sqrt(1 / n + 1 / m) / sqrt(EFFICIENCY)
