"""Percentiles, intervals and tests behind every figure. Pure; worked examples in the tests."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, sqrt
from statistics import NormalDist

from requests_app.kernel.rates import binomial_two_sided

Durations = Iterable[float] | Mapping[float, int]
Z95 = NormalDist().inv_cdf(0.975)

# ── Exact percentiles ────────────────────────────────────────────────────────


def percentile(values: Iterable[float], share: float) -> float | None:
    """Type 7, as PostgreSQL's percentile_cont and numpy; None for nothing, never 0."""
    known = sorted(values)
    if not known:
        return None
    place = (len(known) - 1) * share
    below = floor(place)
    above = min(below + 1, len(known) - 1)
    return known[below] + (place - below) * (known[above] - known[below])


def median_ranks(n: int) -> tuple[int, int] | None:
    """Ranks, from 0, of the order statistics between which the median lies with 95 %."""
    if n < 6:
        return None
    reach = Z95 * sqrt(n) / 2
    return max(floor(n / 2 - reach), 1) - 1, min(ceil(n / 2 + 1 + reach), n) - 1


def percentile_with_open(ended: Durations, still_open: Durations, share: float) -> float | None:
    """Kaplan-Meier: the smallest duration by which the share has ended; what is open counts for as long as it lasted.

    Either may be given as how many lasted so long. None where the share is never reached. An open one as old as an
    ended one counts as still open at that moment.
    """
    ends, ages = Counter(ended), Counter(still_open)
    waiting = ends.total() + ages.total()
    surviving = 1.0
    for duration in sorted(ends.keys() | ages.keys()):
        if ends[duration]:
            surviving *= 1 - ends[duration] / waiting
            if 1 - surviving >= share - 1e-9:  # a product of floats: half of six is 0.49999999999999994
                return duration
        waiting -= ends[duration] + ages[duration]
    return None


# ── Intervals ────────────────────────────────────────────────────────────────


def wilson(good: int, n: int) -> tuple[float, float] | None:
    """95 % interval of a share; None of nothing."""
    if not n:
        return None
    share, z2 = good / n, Z95 * Z95
    middle = share + z2 / (2 * n)
    reach = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    return max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0)


def funnel(share: float, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Between which bounds the share of `n` cases lies by chance alone, where that of all is `share`.

    Spiegelhalter's limits p +- z sqrt(p (1 - p) / n), cut off at 0 and 1; `n` at least 1.
    """
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * sqrt(share * (1 - share) / n)
    return max(share - reach, 0.0), min(share + reach, 1.0)


def mean_interval(n: int, total: float, squares: float) -> tuple[float, float] | None:
    """95 % interval of a mean by Student's t; None for fewer than two values."""
    if n < 2:
        return None
    mean = total / n
    variance = max(squares - n * mean * mean, 0.0) / (n - 1)
    reach = student_t(n - 1) * sqrt(variance / n)
    return mean - reach, mean + reach


# Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom.
_T95 = (
    12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
    2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963,
    2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272,
)  # fmt: skip


def student_t(freedom: int) -> float:
    """Two-sided 95 % point; beyond 30 degrees by the Cornish-Fisher expansion, exact to five digits."""
    if freedom <= len(_T95):
        return _T95[freedom - 1]
    z = Z95
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2) + third


# ── Comparing two periods ────────────────────────────────────────────────────


def shares_differ(good: int, n: int, good_before: int, n_before: int) -> bool:
    """True when the difference of two shares excludes 0 (Newcombe's interval from two Wilson intervals)."""
    now, before = wilson(good, n), wilson(good_before, n_before)
    if now is None or before is None:
        return False
    one, other = good / n, good_before / n_before
    gap = one - other
    low = gap - sqrt((one - now[0]) ** 2 + (before[1] - other) ** 2)
    high = gap + sqrt((now[1] - one) ** 2 + (other - before[0]) ** 2)
    return low > 0 or high < 0


def intervals_differ(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    """True when two intervals do not overlap: a cautious sign of a real change."""
    return bool(one and other and (one[0] > other[1] or one[1] < other[0]))


def counts_differ(count: int, before: int, *, exposure: float = 1.0) -> bool:
    """Two counts of rare things, `exposure` times as long observed now as before: exact binomial test at 95 %."""
    total = count + before
    if not total:
        return False
    return binomial_two_sided(count, total, exposure / (1 + exposure)) < 0.05


def discoveries(values: Sequence[float], level: float = 0.05) -> list[bool]:
    """Which of these p values may be told together, so that at most `level` of those told are chance on average.

    Benjamini and Hochberg (1995): the largest k whose k-th smallest value is at most k/m of the level, and all below.
    """
    ordered = sorted(values)
    m = len(ordered)
    kept = [value for place, value in enumerate(ordered, start=1) if value <= place * level / m]
    limit = kept[-1] if kept else -1.0
    return [value <= limit for value in values]


# ── Ranking with what is not known ───────────────────────────────────────────


@dataclass(frozen=True)
class Ranked:
    """A share pulled toward the company's where n is small, with its 95 % interval."""

    key: int
    n: int
    share: float
    low: float
    high: float


def shrunk_shares(cells: Mapping[int, tuple[int, int]], *, enough: int = 30) -> list[Ranked]:
    """key → (good, n), best first. Beta-binomial empirical Bayes (Kleinman's moments) from units with enough cases."""
    total = sum(n for _good, n in cells.values())
    if not total:
        return []
    mean = sum(good for good, _n in cells.values()) / total
    weight = prior_weight([cell for cell in cells.values() if cell[1] >= enough])
    ranked = [_shrunk(key, good, n, mean, weight) for key, (good, n) in cells.items() if n]
    return sorted(ranked, key=lambda row: (-row.share, row.key))


def prior_weight(units: list[tuple[int, int]]) -> float:
    """How many cases the company's share weighs; infinite when the units do not differ beyond chance."""
    total, k = sum(n for _good, n in units), len(units)
    if k < 2 or not total:
        return inf
    p0 = sum(good for good, _n in units) / total
    spread = sum(n * (good / n - p0) ** 2 for good, n in units)
    chance = p0 * (1 - p0)
    scale = chance * (total - sum(n * n for _good, n in units) / total - (k - 1))
    rho = (spread - chance * (k - 1)) / scale if scale > 0 else 0.0
    return max((1 - rho) / rho, 0.0) if rho > 0 else inf  # of few units that differ utterly rho exceeds 1


def _shrunk(key: int, good: int, n: int, mean: float, weight: float) -> Ranked:
    if weight == inf:
        weight = 1e6
    share = (good + weight * mean) / (n + weight)
    reach = Z95 * sqrt(max(share * (1 - share), 0.0) / (n + weight + 1))
    return Ranked(key, n, share, max(share - reach, 0.0), min(share + reach, 1.0))
