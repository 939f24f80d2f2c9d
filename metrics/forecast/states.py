"""Forecasts of weekly counts, and how well they would have done. Pure; docs/statistics.md says the same in words.

The method is simple exponential smoothing of the requests per open day, times a yearly profile once two years are
known (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, chapters 3 and 8). Its errors are measured by
rolling origin: at each past week it is fitted anew to what was known then, and asked for the weeks that followed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, exp, floor, lgamma, log, sqrt

from django.db import models
from django.utils.translation import gettext_lazy as _

WEEK = timedelta(days=7)
AHEAD = 8
YEAR = 52
MOST_WEEKS = 3 * YEAR
FEWEST_WEEKS = 26  # known before the first origin
FEWEST_ORIGINS = 12
MOST_ORIGINS = YEAR
FEWEST_ERRORS = 5 * AHEAD  # behind an interval whose coverage is measured
ALPHAS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8)
WARM_UP = 8
INSIDE = 0.8
TINY = 1e-9  # a rank that falls on a whole number must not be moved by how 0.1 is stored
CLOSED = 0.5  # open days of a week without any: requests come all the same


class Verdict(models.TextChoices):
    BETTER = "better", _("better than the naive guesses")
    NOT_BETTER = "not_better", _("no better than a naive guess")
    SHORT = "short", _("too few weeks are known")


@dataclass(frozen=True)
class Week:
    """A week from its Monday: requests filed, and days on which the department is open."""

    monday: date
    n: int
    days: float

    @property
    def exposure(self) -> float:
        return max(self.days, CLOSED)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def place_in_year(monday: date) -> int:
    """Of the 52 places of the profile; a fixed count of weeks, so it drifts by a day or two a year."""
    return monday.toordinal() // 7 % YEAR


# ── The method ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Fitted:
    """`level` is requests per open day of an average week."""

    level: float
    alpha: float
    profile: tuple[float, ...]  # 52 factors around 1, or none

    def expected(self, monday: date, exposure: float) -> float:
        return self.level * exposure * _factor(self.profile, monday)


def _factor(profile: Sequence[float], monday: date) -> float:
    return profile[place_in_year(monday)] if profile else 1.0


def fit(weeks: Sequence[Week]) -> Fitted:
    """The smoothing that would have erred least one week ahead; `weeks` follow each other and are not empty."""
    profile = yearly_profile(weeks)
    rates = [(week.n / week.exposure / _factor(profile, week.monday), _scale(week, profile)) for week in weeks]
    tried = [(*_smoothed(rates, alpha), alpha) for alpha in ALPHAS]
    _error, level, alpha = min((error, level, alpha) for level, error, alpha in tried)
    return Fitted(level, alpha, profile)


def _scale(week: Week, profile: Sequence[float]) -> float:
    return week.exposure * _factor(profile, week.monday)


def _smoothed(rates: Sequence[tuple[float, float]], alpha: float) -> tuple[float, float]:
    """(level after the last week, sum of absolute errors in requests after the warm-up)."""
    first = rates[:WARM_UP]
    level, error = sum(rate for rate, _scale in first) / len(first), 0.0
    for place, (rate, scale) in enumerate(rates):
        if place >= WARM_UP:
            error += abs(rate - level) * scale
        level += alpha * (rate - level)
    return level, error


def yearly_profile(weeks: Sequence[Week]) -> tuple[float, ...]:
    """Each week of the year against an average one: mean of five neighbouring weeks over whole years, from two on.

    Five, because a single week of two years is mostly chance.
    """
    years = len(weeks) // YEAR
    if years < 2:
        return ()
    counts, exposures = [0.0] * YEAR, [0.0] * YEAR
    for week in weeks[-years * YEAR :]:
        counts[place_in_year(week.monday)] += week.n
        exposures[place_in_year(week.monday)] += week.exposure
    mean = sum(counts) / sum(exposures)
    if not mean:
        return ()
    around = [[(place + step) % YEAR for step in range(-2, 3)] for place in range(YEAR)]
    raw = [sum(counts[at] for at in near) / sum(exposures[at] for at in near) / mean for near in around]
    middle = sum(raw) / YEAR
    return tuple(max(factor / middle, 0.05) for factor in raw)


# ── How well it would have done ──────────────────────────────────────────────


@dataclass(frozen=True)
class Tried:
    """One week that was forecast in the past: by whom, from where, and what came. Places count weeks of history."""

    origin: int
    place: int
    expected: float
    naive: float
    seasonal: float | None
    came: int

    @property
    def scaled(self) -> float:
        """The error in units of the spread that a count has."""
        return (self.came - self.expected) / sqrt(max(self.expected, 1.0))


def tries(weeks: Sequence[Week]) -> list[Tried]:
    """Every week forecast from every origin. With a year and more behind each origin also by the week of last year."""
    seasonal = len(weeks) >= YEAR + AHEAD + FEWEST_ORIGINS - 1
    first = max(YEAR if seasonal else FEWEST_WEEKS, len(weeks) - AHEAD - MOST_ORIGINS + 1)
    found = []
    for origin in range(first, len(weeks) - AHEAD + 1):
        fitted = fit(weeks[:origin])
        for place in range(origin, origin + AHEAD):
            week = weeks[place]
            expected = fitted.expected(week.monday, week.exposure)
            before = weeks[place - YEAR].n if seasonal else None
            found.append(Tried(origin, place, expected, weeks[origin - 1].n, before, week.n))
    return found


@dataclass(frozen=True)
class BackTest:
    """Mean absolute errors in requests a week. `coverage` is the share of weeks that fell inside the 80 % interval
    as it would have been told at the time; None where too few errors were known by then."""

    origins: int
    error: float
    naive: float
    seasonal: float | None
    coverage: float | None
    checked: int

    @property
    def is_better(self) -> bool:
        return self.error < self.naive and (self.seasonal is None or self.error < self.seasonal)


def back_test(tried: Sequence[Tried]) -> BackTest | None:
    """None with fewer than twelve origins."""
    origins = {one.origin for one in tried}
    if len(origins) < FEWEST_ORIGINS:
        return None
    n = len(tried)
    seasonal = [abs(one.came - one.seasonal) for one in tried if one.seasonal is not None]
    checked = _inside(tried, origins)
    return BackTest(
        origins=len(origins),
        error=sum(abs(one.came - one.expected) for one in tried) / n,
        naive=sum(abs(one.came - one.naive) for one in tried) / n,
        seasonal=sum(seasonal) / n if len(seasonal) == n else None,
        coverage=sum(checked) / len(checked) if checked else None,
        checked=len(checked),
    )


def _inside(tried: Sequence[Tried], origins: Iterable[int]) -> list[bool]:
    """Whether each week fell inside its interval, by the errors known at its origin and no later ones."""
    found = []
    errors = [(one.place, one.scaled) for one in tried]
    for origin in origins:
        known = [error for place, error in errors if place < origin]
        if len(known) >= FEWEST_ERRORS:
            spread = spread_of(known)
            mine = [(one.came, interval(one.expected, spread)) for one in tried if one.origin == origin]
            found += [low <= came <= high for came, (low, high) in mine]
    return found


def spread_of(errors: Sequence[float]) -> tuple[float, float]:
    """The scaled errors between which four of five fall, with the rank that holds for the next one too (conformal)."""
    ordered = sorted(errors)
    n, tail = len(ordered), (1 - INSIDE) / 2
    low, high = floor((n + 1) * tail + TINY), ceil((n + 1) * (1 - tail) - TINY)
    return ordered[max(low, 1) - 1], ordered[min(high, n) - 1]


def interval(expected: float, spread: tuple[float, float]) -> tuple[int, int]:
    """Whole requests, never below none."""
    scale = sqrt(max(expected, 1.0))
    low, high = (expected + edge * scale for edge in spread)
    return max(floor(low), 0), max(ceil(high), 0)


# ── What is stored ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Point:
    """A week ahead, with its 80 % interval."""

    monday: date
    days: float
    expected: float
    low: int
    high: int


@dataclass(frozen=True)
class Outcome:
    """`points` are empty unless the forecast is better than the naive ones."""

    verdict: str
    weeks: int
    test: BackTest | None
    fitted: Fitted | None
    points: tuple[Point, ...]


def outcome_of(weeks: Sequence[Week], ahead: Sequence[tuple[date, float]]) -> Outcome:
    """What can be said of the weeks ahead (Monday, open days), from the weeks before; the first may not be empty."""
    known = weeks[-MOST_WEEKS:]
    tried = tries(known)
    test = back_test(tried)
    if test is None:
        return Outcome(Verdict.SHORT, len(known), None, None, ())
    fitted = fit(known)
    if not test.is_better:
        return Outcome(Verdict.NOT_BETTER, len(known), test, fitted, ())
    spread = spread_of([one.scaled for one in tried])
    points = []
    for monday, days in ahead:
        expected = fitted.expected(monday, max(days, CLOSED))
        points.append(Point(monday, days, expected, *interval(expected, spread)))
    return Outcome(Verdict.BETTER, len(known), test, fitted, tuple(points))


# ── Small counts: what one department asks of one service ────────────────────


def next_count(n: int, ratio: float) -> tuple[float, int, int]:
    """(expected, low, high) of a count over `ratio` times the time in which `n` came, if it goes on as steadily.

    The 80 % interval of the predictive distribution of a Poisson rate under Jeffreys' prior: negative binomial with
    size n + 1/2 and success 1 / (1 + ratio).
    """
    size, success = n + 0.5, 1 / (1 + ratio)
    tail = (1 - INSIDE) / 2
    below, k, low = 0.0, 0, None
    while True:
        below += exp(lgamma(size + k) - lgamma(size) - lgamma(k + 1) + size * log(success) + k * log(1 - success))
        if low is None and below > tail:
            low = k
        if below >= 1 - tail or k > 10 * (n + 10) * (1 + ratio):
            return n * ratio, low or 0, k
        k += 1
