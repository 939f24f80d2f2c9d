"""From counts to scores: every part pulled in and put on one scale, and how likely each unit is the best. Pure.

docs/statistics.md says it in words. `Posterior` is what is known of one part of one unit, as numbers drawn from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, inf, sqrt

import numpy as np

from feedback.awards.states import Part, Scored
from metrics.benchmark.states import Sums, between_variance, shrunk_means
from metrics.rollups.statistics import prior_weight

DRAWS = 10_000
LEAST_WEIGHT = 1.0  # what is known of all counts as one case at least, so that no posterior is certain
ENOUGH = 30  # cases from which a unit says something about how units differ
TAILS = (0.025, 0.05, 0.975)
FAR_ABOVE = 3  # standard deviations
BEST_RATING = 5
Numbers = np.ndarray


@dataclass(frozen=True)
class Known:
    """A part of a unit, and draws of how far it is above all in standard deviations between units."""

    part: Part
    draws: Numbers


def bayesian_average(n: int, mean: float, *, weight: float, prior: float) -> float:
    """(C m + n x) / (C + n): as if `weight` more cases had come out as `prior`."""
    return (weight * prior + n * mean) / (weight + n)


# ── Shares ───────────────────────────────────────────────────────────────────


def known_shares(key: str, cells: Mapping[int, tuple[int, int]], chance: np.random.Generator) -> dict[int, Known]:
    """unit → (good, n) becomes Beta posteriors: empirical Bayes by Kleinman's moments from units with enough cases.

    Where units differ no more than by chance, they are all the same: z is 0 for each, without doubt.
    """
    enough = [cell for cell in cells.values() if cell[1] >= ENOUGH]
    weight, total = prior_weight(enough), sum(n for _good, n in enough)
    if weight == inf or not total:
        return {unit: _alike(key, good, n, cells) for unit, (good, n) in cells.items() if n}
    prior = sum(good for good, _n in enough) / total
    weight = max(weight, LEAST_WEIGHT)
    spread = sqrt(prior * (1 - prior) / (weight + 1))
    return {
        unit: _known_share(key, good, n, (weight, prior, spread), chance)
        for unit, (good, n) in sorted(cells.items())
        if n
    }


def _known_share(key: str, good: int, n: int, prior: tuple[float, float, float], chance: np.random.Generator) -> Known:
    weight, middle, spread = prior
    value = bayesian_average(n, good / n, weight=weight, prior=middle)
    draws = chance.beta(good + weight * middle, n - good + weight * (1 - middle), DRAWS)
    low, _bound, high = (float(at) for at in np.quantile(draws, TAILS))
    return Known(Part(key, n, good / n, value, low, high, (value - middle) / spread), (draws - middle) / spread)


def _alike(key: str, good: int, n: int, cells: Mapping[int, tuple[int, int]]) -> Known:
    all_good, all_n = (sum(cell[at] for cell in cells.values()) for at in (0, 1))
    value = all_good / all_n
    return Known(Part(key, n, good / n, value, value, value), np.zeros(DRAWS))


# ── Times ────────────────────────────────────────────────────────────────────


def known_times(key: str, cells: Mapping[int, Sums], chance: np.random.Generator) -> dict[int, Known]:
    """unit → sums of the logarithms of times becomes normal posteriors; shorter is better, so z is turned round."""
    units = {
        unit: (sums.mean, sqrt(sums.variance / sums.n))
        for unit, sums in sorted(cells.items())
        if sums.variance and sums.n > 1
    }
    if not units:
        return {}
    tau2 = between_variance([(mean, error**2) for mean, error in units.values()])
    weights = {unit: 1 / (tau2 + error**2) for unit, (_mean, error) in units.items()}
    middle = sum(weights[unit] * mean for unit, (mean, _error) in units.items()) / sum(weights.values())
    found = {}
    for row in shrunk_means(units):
        draws = np.zeros(DRAWS) if not tau2 else -(chance.normal(row.value, row.sd, DRAWS) - middle) / sqrt(tau2)
        low, high = row.interval
        z = -(row.value - middle) / sqrt(tau2) if tau2 else 0.0
        raw = exp(units[row.key][0])
        found[row.key] = Known(Part(key, cells[row.key].n, raw, exp(row.value), exp(low), exp(high), z), draws)
    return found


# ── All parts together ───────────────────────────────────────────────────────


def scores_of(
    units: Mapping[int, Scored], parts: Mapping[str, Mapping[int, Known]], weights: Mapping[str, int],
    chance: np.random.Generator,
) -> list[Scored]:  # fmt: skip
    """The weighted mean of the parts of each unit, its interval, and how likely it is the best of them.

    A part of which nothing is known of a unit is as uncertain as units differ: 0, give or take 1.
    """
    drawn: dict[int, Numbers] = {}
    own: dict[int, tuple[Part, ...]] = {}
    for unit in sorted(units):
        known = {key: parts[key].get(unit) or _unknown(key, parts[key], chance) for key in weights}
        whole = sum(weights.values())
        drawn[unit] = sum((weights[key] / whole * known[key].draws for key in weights), np.zeros(DRAWS))
        own[unit] = tuple(known[key].part for key in weights)
    chances = chances_of(drawn)
    return [_scored(units[unit], own[unit], drawn[unit], chances[unit], weights) for unit in drawn]


def _unknown(key: str, others: Mapping[int, Known], chance: np.random.Generator) -> Known:
    differ = any(known.draws.any() for known in others.values())
    return Known(Part(key, 0), chance.normal(0, 1, DRAWS) if differ else np.zeros(DRAWS))


def chances_of(drawn: Mapping[int, Numbers]) -> dict[int, float]:
    """How often each is the best of all; equal ones share a draw, so that all alike have the same chance."""
    if not drawn:
        return {}
    table = np.stack(list(drawn.values()))
    best = table == table.max(axis=0)
    shares = (best / best.sum(axis=0)).mean(axis=1)
    return {unit: float(share) for unit, share in zip(drawn, shares, strict=True)}


def _scored(unit: Scored, parts: tuple[Part, ...], drawn: Numbers, chance: float, weights: Mapping[str, int]) -> Scored:
    low, bound, high = (float(at) for at in np.quantile(drawn, TAILS))
    score = sum(weights[part.key] * part.z for part in parts) / sum(weights.values())
    return Scored(unit.department_id, unit.seen, (), score, low, high, bound, chance, parts)


# ── Who favours each other ───────────────────────────────────────────────────


def reciprocal_pairs(given: Mapping[tuple[int, int], tuple[int, int]]) -> list[tuple[int, int]]:
    """(giver, receiver) → (ratings, their sum): pairs who gave each other only the best, both far above the others.

    Far above is three standard deviations of what the other departments give the receiver on average; they have to be
    two at least.
    """
    found = []
    for one, other in given:
        if one < other and (other, one) in given and all(_favours(given, *way) for way in ((one, other), (other, one))):
            found.append((one, other))
    return sorted(found)


def _favours(given: Mapping[tuple[int, int], tuple[int, int]], giver: int, receiver: int) -> bool:
    n, total = given[giver, receiver]
    others = [total_ / n_ for (by, to), (n_, total_) in given.items() if to == receiver and by != giver]
    if total != BEST_RATING * n or len(others) < 2:
        return False
    mean = sum(others) / len(others)
    spread = sqrt(sum((one - mean) ** 2 for one in others) / (len(others) - 1))
    return mean < BEST_RATING and mean + FAR_ABOVE * spread <= BEST_RATING
