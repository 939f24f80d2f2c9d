"""Means with intervals, reliability of questionnaires, gaps between how it is and how it should be. Pure.

Sources: Cronbach 1951 (alpha), Feldt 1965 (its interval), Parasuraman, Zeithaml and Berry 1988 (gaps).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import sqrt
from statistics import covariance, fmean, variance
from typing import Any

from feedback.surveys.states import STRAIGHT_ITEMS

LEAST_ITEMS_SHARE = 0.6  # of a dimension, that somebody must have answered both ways to count in its gap
ROUNDING = 1e-9  # a variance below it is none
Pair = tuple[float | None, float | None]  # perception, expectation


@cache
def _special() -> Any:
    """Quantiles of t and F. Loaded when first needed, because it is large and most processes never ask."""
    return import_module("scipy.special")


@dataclass(frozen=True)
class Mean:
    """`low` and `high`: 95 % by Student's t; None for fewer than two values."""

    n: int
    value: float
    low: float | None
    high: float | None


def mean_of(values: Sequence[float], *, bounds: tuple[float, float] | None = None) -> Mean | None:
    """None of nothing. `bounds`: the ends of a scale, beyond which nobody can answer."""
    if not values:
        return None
    mean = fmean(values)
    if len(values) < 2:
        return Mean(1, mean, None, None)
    reach = float(_special().stdtrit(len(values) - 1, 0.975)) * sqrt(variance(values) / len(values))
    low, high = mean - reach, mean + reach
    if bounds:
        low, high = max(low, bounds[0]), min(high, bounds[1])
    return Mean(len(values), mean, low, high)


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of `k` items over `n` whole answers, with Feldt's 95 % interval."""

    n: int
    k: int
    value: float
    low: float
    high: float


def cronbach(rows: Sequence[Sequence[float]]) -> Alpha | None:
    """alpha = k/(k-1) (1 - sum s_i^2 / s_T^2). None for k < 2, n < 3, or where everybody has the same sum.

    Interval: 1 - (1 - alpha) F with n-1 and (n-1)(k-1) degrees of freedom.
    """
    n, k = len(rows), len(rows[0]) if rows else 0
    if k < 2 or n < 3:
        return None
    total = variance([sum(row) for row in rows])
    if not total:
        return None
    value = k / (k - 1) * (1 - sum(variance(column) for column in zip(*rows, strict=True)) / total)
    freedom = (n - 1, (n - 1) * (k - 1))
    low, high = (1 - (1 - value) * float(_special().fdtri(*freedom, share)) for share in (0.975, 0.025))
    return Alpha(n, k, value, low, high)


@dataclass(frozen=True)
class Place:
    """How one item stands to the others of its scale: their correlation with it, and alpha without it.

    None where everybody answered alike, and for alpha where fewer than two items are left.
    """

    rest: float | None
    alpha_without: float | None

    @property
    def looks_reversed(self) -> bool:
        """It goes against the others: perhaps a high score means the opposite."""
        return self.rest is not None and self.rest < 0


def places_of(rows: Sequence[Sequence[float]]) -> list[Place]:
    """One for each item. All follows from the variances and from how each item goes with the sum (s_iT).

    Of the sum of the others: variance s_T^2 - 2 s_iT + s_i^2, covariance with the item s_iT - s_i^2.
    """
    if len(rows) < 3:
        return []
    sums = [sum(row) for row in rows]
    columns = list(zip(*rows, strict=True))
    total, own = variance(sums), [variance(column) for column in columns]
    return [_place(len(columns), total, sum(own), s, covariance(c, sums)) for c, s in zip(columns, own, strict=True)]


def _place(k: int, total: float, own: float, item: float, with_sum: float) -> Place:
    others = total - 2 * with_sum + item
    if others <= ROUNDING:
        return Place(None, None)
    rest = (with_sum - item) / sqrt(item * others) if item else None
    return Place(rest, (k - 1) / (k - 2) * (1 - (own - item) / others) if k > 2 else None)


def is_straight(row: Sequence[float]) -> bool:
    """The same answer to all of at least six items."""
    return len(row) >= STRAIGHT_ITEMS and len(set(row)) == 1


@dataclass(frozen=True)
class Gap:
    """Of one dimension: how it is, minus how it should be, of `n` people who said both."""

    dimension: str
    n: int
    perception: float
    gap: float


def gaps_of(people: Sequence[Mapping[str, Sequence[Pair]]]) -> list[Gap]:
    """Each person's pairs by dimension, in the order in which dimensions appear first.

    A half-answered pair drops that pair only; who answered less than 60 % of a dimension's pairs drops out of it.
    The mean is over items of the means over people who answered both.
    """
    names = dict.fromkeys(name for person in people for name in person)
    found = (_gap(name, [person[name] for person in people if name in person]) for name in names)
    return [gap for gap in found if gap is not None]


def is_counted(pairs: Sequence[Pair]) -> bool:
    """Whether somebody said enough of a dimension to count in its gap."""
    return sum(p is not None and e is not None for p, e in pairs) >= LEAST_ITEMS_SHARE * len(pairs) > 0


def _gap(name: str, people: Sequence[Sequence[Pair]]) -> Gap | None:
    whole = [
        [(p, e) if p is not None and e is not None else None for p, e in pairs] for pairs in people if is_counted(pairs)
    ]
    if not whole:
        return None
    columns = [[pair for pair in column if pair] for column in zip(*whole, strict=True)]
    gap = fmean(fmean(p - e for p, e in column) for column in columns if column)
    return Gap(name, len(whole), fmean(fmean(p for p, _e in column) for column in columns if column), gap)


def overall_gap(gaps: Sequence[Gap], points: Mapping[str, float] | None = None) -> float | None:
    """The mean of the gaps, weighted by the points that the dimensions were given."""
    if not gaps:
        return None
    weights = [points.get(gap.dimension, 0) if points else 1 for gap in gaps]
    return sum(w * gap.gap for w, gap in zip(weights, gaps, strict=True)) / sum(weights) if sum(weights) else None
