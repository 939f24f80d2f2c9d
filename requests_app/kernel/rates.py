"""Did a rate change? The exact test of two counts of rare things. Pure; worked examples in the tests."""

from math import sqrt
from statistics import NormalDist


def rate_change(count: int, before: int, *, exposure: float, exposure_before: float) -> float:
    """p of no change between two rates, from counts over exposures in the same unit; 1 where nothing was counted.

    Exact: given their sum, the later count of two Poisson counts is binomial with the later one's share of exposure.
    """
    if not count + before or exposure <= 0 or exposure_before <= 0:
        return 1.0
    return binomial_two_sided(count, count + before, exposure / (exposure + exposure_before))


def binomial_two_sided(k: int, n: int, p: float) -> float:
    """How likely a count no more likely than `k` is; by the normal curve for large n."""
    if n > 400:
        z = (abs(k - n * p) - 0.5) / sqrt(n * p * (1 - p))
        return min(2 * (1 - NormalDist().cdf(max(z, 0.0))), 1.0)
    weights = _binomial(n, p)
    return min(sum(weight for weight in weights if weight <= weights[k] * (1 + 1e-7)), 1.0)


def _binomial(n: int, p: float) -> list[float]:
    weights = [(1 - p) ** n]
    for k in range(n):
        weights.append(weights[-1] * (n - k) / (k + 1) * p / (1 - p))
    return weights
