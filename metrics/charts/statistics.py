"""Limits of control charts and the rules that read them. Pure; formulas and worked examples: Shewhart, Laney, Nelson.

A point is a week. `n` rows stand behind it; `value` is what is drawn; `total` is how many of the rows counted (shares)
or how often it happened in all of them (rates). Only points with enough rows are given here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import exp, log, sqrt
from statistics import fmean

D2 = 1.128  # mean moving range of two values of a normal distribution, in standard deviations
SIGMAS = 3.0
MINUTE = 60.0  # added to times before the logarithm where some are zero
DEFAULT_RULES = (1, 2, 3, 5)
RULES = (1, 2, 3, 4, 5, 6, 7, 8)
NO_SIDE = (4, 7, 8)  # rules that mean neither above nor below


class Scale(StrEnum):
    """How far apart two values of a figure are."""

    LOG = "log"  # individuals of logarithms: skewed times
    PLAIN = "plain"  # individuals
    SHARE = "share"  # Laney's p'
    RATE = "rate"  # u', likewise


@dataclass(frozen=True)
class Point:
    n: int
    value: float
    total: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What a stretch of points says about all points of the same kind.

    `centre` is in the figure's own unit. `spread` is one standard deviation of the transformed values, for shares and
    rates the factor by which the points vary more than chance alone explains (Laney's sigma z).
    """

    scale: Scale
    centre: float
    spread: float
    offset: float = 0.0

    def distance(self, point: Point) -> float:
        """In standard deviations from the centre; 0 where nothing varies."""
        sigma = self._sigma(point.n)
        return (self._transformed(point.value) - self._transformed(self.centre)) / sigma if sigma else 0.0

    def lower(self, n: int) -> float:
        return self._bound(n, -SIGMAS)

    def upper(self, n: int) -> float:
        return self._bound(n, SIGMAS)

    def _bound(self, n: int, sigmas: float) -> float:
        bound = self._transformed(self.centre) + sigmas * self._sigma(n)
        if self.scale == Scale.LOG:
            return max(exp(bound) - self.offset, 0.0)
        if self.scale == Scale.SHARE:
            return min(max(bound, 0.0), 1.0)
        return max(bound, 0.0) if self.scale == Scale.RATE else bound

    def _sigma(self, n: int) -> float:
        return chance(self.scale, self.centre, n) * self.spread

    def _transformed(self, value: float) -> float:
        return log(max(value + self.offset, 1.0)) if self.scale == Scale.LOG else value


def chance(scale: Scale, centre: float, n: int) -> float:
    """One standard deviation of a point of `n` rows if only chance were at work; 1 for individuals."""
    if scale == Scale.SHARE:
        return sqrt(centre * (1 - centre) / n)
    return sqrt(centre / n) if scale == Scale.RATE else 1.0


def limits_of(points: Sequence[Point], scale: Scale) -> Limits | None:
    """Three standard deviations around the mean, from the mean moving range; None for fewer than two points."""
    if len(points) < 2:
        return None
    if scale in (Scale.SHARE, Scale.RATE):
        centre = sum(point.total for point in points) / sum(point.n for point in points)
        sigmas = [chance(scale, centre, point.n) for point in points]
        off = [(point.value - centre) / sigma if sigma else 0.0 for point, sigma in zip(points, sigmas, strict=True)]
        return Limits(scale, centre, mean_moving_range(off) / D2)
    offset = MINUTE if scale == Scale.LOG and min(point.value for point in points) <= 0 else 0.0
    if scale == Scale.PLAIN:
        values = [point.value for point in points]
        return Limits(scale, fmean(values), mean_moving_range(values) / D2)
    values = [log(max(point.value + offset, 1.0)) for point in points]
    return Limits(scale, exp(fmean(values)) - offset, mean_moving_range(values) / D2, offset)


def mean_moving_range(values: Sequence[float]) -> float:
    return fmean(abs(after - before) for before, after in pairwise(values))


# ── Rules ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Alarm:
    """A rule that was met from the place `first` on, first completed at `at`, still met at `last`."""

    rule: int
    first: int
    at: int
    last: int
    above: bool | None  # None where the rule knows no side

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def completed(rule: int, off: Sequence[float], values: Sequence[float]) -> list[int]:
    """The places at which a rule of Nelson (1984) is met: `off` in standard deviations, `values` as they are drawn."""
    return [place for place in range(len(off)) if _TESTS[rule](off[: place + 1], values[: place + 1])]


def alarms(off: Sequence[float], values: Sequence[float], rules: Sequence[int] = DEFAULT_RULES) -> list[Alarm]:
    """Every rule that is met, once for each unbroken stretch on the same side; in the order of completion."""
    found: list[Alarm] = []
    for rule in rules:
        for place in completed(rule, off, values):
            above = _side(rule, off, values, place)
            last = found[-1] if found and found[-1].rule == rule else None
            if last and last.last == place - 1 and last.above == above:
                found[-1] = Alarm(rule, last.first, last.at, place, above)
            else:
                found.append(Alarm(rule, place - LENGTHS[rule] + 1, place, place, above))
    return sorted(found, key=lambda alarm: (alarm.at, alarm.rule))


def _side(rule: int, off: Sequence[float], values: Sequence[float], place: int) -> bool | None:
    if rule in NO_SIDE:
        return None
    return values[place] > values[place - 1] if rule == 3 else off[place] > 0


def _same_side(off: Sequence[float], beyond: float, wanted: int) -> bool:
    """So many of these lie beyond, on the side of the last one, which is one of them."""
    above = off[-1] > 0
    return abs(off[-1]) > beyond and sum((one if above else -one) > beyond for one in off) >= wanted


def _outside(off: Sequence[float], _values: Sequence[float]) -> bool:
    return abs(off[-1]) > SIGMAS


def _one_side(off: Sequence[float], _values: Sequence[float]) -> bool:
    return len(off) >= 9 and (all(one > 0 for one in off[-9:]) or all(one < 0 for one in off[-9:]))


def _trend(_off: Sequence[float], values: Sequence[float]) -> bool:
    steps = [after - before for before, after in zip(values[-6:], values[-5:], strict=False)]
    return len(values) >= 6 and (all(step > 0 for step in steps) or all(step < 0 for step in steps))


def _alternating(_off: Sequence[float], values: Sequence[float]) -> bool:
    last = values[-14:]
    steps = [after - before for before, after in pairwise(last)]
    return len(values) >= 14 and all(one * other < 0 for one, other in pairwise(steps))


def _two_of_three(off: Sequence[float], _values: Sequence[float]) -> bool:
    return len(off) >= 3 and _same_side(off[-3:], 2.0, 2)


def _four_of_five(off: Sequence[float], _values: Sequence[float]) -> bool:
    return len(off) >= 5 and _same_side(off[-5:], 1.0, 4)


def _hugging(off: Sequence[float], _values: Sequence[float]) -> bool:
    return len(off) >= 15 and all(abs(one) < 1 for one in off[-15:])


def _avoiding(off: Sequence[float], _values: Sequence[float]) -> bool:
    last = off[-8:]
    return len(off) >= 8 and all(abs(one) > 1 for one in last) and min(last) < 0 < max(last)


_TESTS: dict[int, Callable[[Sequence[float], Sequence[float]], bool]] = {
    1: _outside, 2: _one_side, 3: _trend, 4: _alternating, 5: _two_of_three, 6: _four_of_five, 7: _hugging,
    8: _avoiding,
}  # fmt: skip
LENGTHS = {1: 1, 2: 9, 3: 6, 4: 14, 5: 3, 6: 5, 7: 15, 8: 8}
