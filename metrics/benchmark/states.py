"""Direct standardisation, empirical Bayes and who can be told apart. Pure; docs/statistics.md says it in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from metrics.rollups.statistics import Z95

FEWEST = 10  # requests, and requests that the adjusted value is worth
FEWEST_OF_A_KIND = 5
TINY = 1e-12  # where all values are the same
Z90 = NormalDist().inv_cdf(0.95)
Stratum = tuple[str, int]  # need type, priority


@dataclass
class Sums:
    """What the values of one department in one stratum add up to."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, other: "Sums") -> None:
        self.n += other.n
        self.total += other.total
        self.squares += other.squares

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float | None:
        """Of single values around their mean; None for fewer than two."""
        return max(self.squares - self.n * self.mean**2, 0.0) / (self.n - 1) if self.n > 1 else None


Cells = Mapping[int, Mapping[Stratum, Sums]]


@dataclass(frozen=True)
class Adjusted:
    """A department's mean if it had the company's mix, and its standard error.

    `worth` is how many requests of the company's own mix would know it as well; `covered` the share of the company's
    requests that are of kinds this department has.
    """

    n: int
    raw: float
    value: float
    error: float
    worth: float
    covered: float


@dataclass(frozen=True)
class Company:
    """All departments together, by stratum and in all."""

    strata: Mapping[Stratum, Sums]
    whole: Sums
    spread: float  # variance of single values within strata

    def variance_in(self, stratum: Stratum, *, shares: bool) -> float:
        """Of a share never 0, so that one of ten is not certainty: as if half a case more were good and half bad."""
        sums = self.strata[stratum]
        if shares:
            share = (sums.total + 0.5) / (sums.n + 1)
            return share * (1 - share)
        return sums.variance or self.spread or TINY


def company_of(cells: Cells) -> Company | None:
    """None where nothing was counted."""
    strata: dict[Stratum, Sums] = {}
    whole = Sums()
    for by_stratum in cells.values():
        for stratum, sums in by_stratum.items():
            strata.setdefault(stratum, Sums()).add(sums)
            whole.add(sums)
    if not whole.n:
        return None
    inside = sum((sums.variance or 0.0) * (sums.n - 1) for sums in strata.values())
    freedom = sum(sums.n - 1 for sums in strata.values())
    return Company(strata, whole, inside / freedom if freedom else 0.0)


def adjusted(own: Mapping[Stratum, Sums], company: Company, *, shares: bool) -> Adjusted | None:
    """Directly standardised: each kind of request weighs as much as in the company, over the kinds the department has.

    The difference to the company over those kinds is added to the company's mean, so departments with different kinds
    are still compared with the same thing. The error takes the company's variance of each kind: a department's own is
    too uncertain where it has few (Breslow and Day, 1987, chapter 2). Kinds of which it has fewer than five are left
    out, or the chance of one request would decide as much as the company has of its kind; None where no kind remains.
    """
    kinds = {stratum: sums for stratum, sums in own.items() if sums.n >= FEWEST_OF_A_KIND}
    if not kinds:
        return None
    weights = {stratum: company.strata[stratum].n for stratum in kinds}
    known = sum(weights.values())
    gap = error = 0.0
    for stratum, sums in kinds.items():
        weight = weights[stratum] / known
        gap += weight * (sums.mean - company.strata[stratum].mean)
        error += weight**2 * company.variance_in(stratum, shares=shares) / sums.n
    single = sum(weights[at] / known * company.variance_in(at, shares=shares) for at in kinds)
    n = sum(sums.n for sums in own.values())
    return Adjusted(
        n=n,
        raw=sum(sums.total for sums in own.values()) / n,
        value=company.whole.mean + gap,
        error=sqrt(error),
        worth=single / error if error else n,
        covered=known / company.whole.n,
    )


# ── Pulled in ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Shrunk:
    """Posterior mean and standard deviation."""

    key: int
    value: float
    sd: float

    @property
    def interval(self) -> tuple[float, float]:
        return self.value - Z95 * self.sd, self.value + Z95 * self.sd

    def cautious(self, *, higher: bool) -> float:
        """The bound that the true value is worse than with 5 %: what departments are ordered by."""
        return self.value - Z90 * self.sd if higher else self.value + Z90 * self.sd


def shrunk_means(units: Mapping[int, tuple[float, float]]) -> list[Shrunk]:
    """Normal empirical Bayes of (mean, standard error): each is pulled toward all by 1 - tau² / (tau² + error²).

    tau², what departments really differ by, after DerSimonian and Laird (1986); 0 makes them all the same. The
    uncertainty of the common mean is in every sd.
    """
    known = {key: (mean, error**2) for key, (mean, error) in units.items() if error > 0}
    if not known:
        return []
    tau2 = between_variance(list(known.values()))
    weights = {key: 1 / (tau2 + variance) for key, (_mean, variance) in known.items()}
    all_weights = sum(weights.values())
    middle = sum(weights[key] * mean for key, (mean, _variance) in known.items()) / all_weights
    found = []
    for key, (mean, variance) in known.items():
        pull = tau2 / (tau2 + variance)
        sd = sqrt(pull * variance + (1 - pull) ** 2 / all_weights)
        found.append(Shrunk(key, middle + pull * (mean - middle), sd))
    return found


def between_variance(units: Sequence[tuple[float, float]]) -> float:
    """tau² of (mean, variance of the mean), by the moments of DerSimonian and Laird; never below 0."""
    weights = [1 / variance for _mean, variance in units]
    total = sum(weights)
    middle = sum(weight * mean for weight, (mean, _variance) in zip(weights, units, strict=True)) / total
    q = sum(weight * (mean - middle) ** 2 for weight, (mean, _variance) in zip(weights, units, strict=True))
    scale = total - sum(weight**2 for weight in weights) / total
    return max((q - (len(units) - 1)) / scale, 0.0) if scale > 0 else 0.0


# ── Who can be told apart ────────────────────────────────────────────────────


def ordered(rows: Iterable[Shrunk], *, higher: bool) -> list[Shrunk]:
    """By the cautious bound, best first."""
    return sorted(rows, key=lambda row: ((-1 if higher else 1) * row.cautious(higher=higher), row.key))


def differ(one: Shrunk, other: Shrunk) -> bool:
    """True when the difference excludes 0 at 95 %. Pulled-in values need no correction for the number of pairs
    (Gelman, Hill and Yajima, 2012)."""
    return abs(one.value - other.value) > Z95 * sqrt(one.sd**2 + other.sd**2)


def groups_of(rows: Sequence[Shrunk]) -> list[list[int]]:
    """The longest runs of neighbours none of whom can be told from any other; they may overlap. Keys, in order."""
    runs: list[tuple[int, int]] = []
    for start in range(len(rows)):
        end = start
        while end + 1 < len(rows) and not any(differ(rows[at], rows[end + 1]) for at in range(start, end + 1)):
            end += 1
        if not runs or end > runs[-1][1]:
            runs.append((start, end))
    return [[rows[at].key for at in range(start, end + 1)] for start, end in runs]


def letter(place: int) -> str:
    """A to Z, then AA and on."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


# ── All of it ────────────────────────────────────────────────────────────────


class LeftOut(StrEnum):
    FEW = "few"  # fewer than ten requests
    PEOPLE = "people"  # fewer than five people answered
    MIX = "mix"  # hardly any of what the company is asked for


@dataclass(frozen=True)
class Place:
    """A department among the others. `groups` are letters: who shares one cannot be told apart."""

    key: int
    adjusted: Adjusted
    shrunk: Shrunk
    groups: str


@dataclass(frozen=True)
class Comparison:
    """`company` is the mean of everybody; `left_out` says of how many cases and why."""

    company: float | None = None
    places: list[Place] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    left_out: dict[int, tuple[int, LeftOut]] = field(default_factory=dict)

    @property
    def all_alike(self) -> bool:
        return len(self.groups) == 1 and len(self.places) > 1


def compared(cells: Cells, *, shares: bool, higher: bool, hidden: Iterable[int] = ()) -> Comparison:
    """Departments over the company's mix. `hidden` are those of whom too few people answered."""
    company = company_of(cells)
    if company is None:
        return Comparison()
    few_people = set(hidden)
    left_out: dict[int, tuple[int, LeftOut]] = {}
    kept: dict[int, Adjusted] = {}
    for key, own in cells.items():
        n, told = sum(sums.n for sums in own.values()), adjusted(own, company, shares=shares)
        if key in few_people:
            left_out[key] = (n, LeftOut.PEOPLE)
        elif n < FEWEST:
            left_out[key] = (n, LeftOut.FEW)
        elif told is None or told.worth < FEWEST:
            left_out[key] = (n, LeftOut.MIX)
        else:
            kept[key] = told
    pulled = shrunk_means({key: (unit.value, unit.error) for key, unit in kept.items()})
    rows = ordered(pulled, higher=higher)
    groups = groups_of(rows)
    letters = {
        row.key: " ".join(letter(place) for place, group in enumerate(groups) if row.key in group) for row in rows
    }
    places = [Place(row.key, kept[row.key], row, letters[row.key]) for row in rows]
    return Comparison(company.whole.mean, places, groups, left_out)
