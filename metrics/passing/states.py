"""What the page of handoffs and holders is made of. Pure: worked out from figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.rollups.definitions import FEWEST_FOR_A_SHARE, FEWEST_IN_A_CELL
from metrics.rollups.states import Figure
from metrics.rollups.statistics import funnel
from requests_app.kernel.formats import number, percent, worktime

HELD = ("held_by_supplier", "held_by_customer", "held_by_others", "held_by_third_party", "held_by_nobody")
COLOURS = {
    "held_by_supplier": "h-us", "held_by_customer": "h-cust", "held_by_others": "h-other",
    "held_by_third_party": "h-third", "held_by_nobody": "h-nobody",
}  # fmt: skip
WORDS: dict[str, Promise] = {
    "held_by_supplier": gettext_lazy("Supplier"), "held_by_customer": gettext_lazy("Customer"),
    "held_by_others": gettext_lazy("Other departments"), "held_by_third_party": gettext_lazy("Outside party"),
    "held_by_nobody": gettext_lazy("Nobody yet"),
}  # fmt: skip
MOST_BARS = 12
CERTAIN = 0.998  # outside these limits of the funnel chance alone is no explanation


@dataclass(frozen=True)
class Pair:
    """How often requests went from `one` to `other` and straight back, and the working time until they were back."""

    one: str
    other: str
    n: int
    requests: int
    seconds: int | None  # None for fewer than five


@dataclass(frozen=True)
class Service:
    """One service: its figures of passing on, by key."""

    name: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Cause:
    """A reason as it was given, word for word, and how often."""

    words: str
    n: int


@dataclass(frozen=True)
class Held:
    """Working seconds of `n` delivered requests by holder, in the order of HELD. The parts make up the whole."""

    name: str
    n: int
    parts: tuple[int, ...]

    @property
    def whole(self) -> int:
        return sum(self.parts)

    @property
    def shares(self) -> list[float]:
        return [part / self.whole if self.whole else 0.0 for part in self.parts]

    @property
    def told(self) -> bool:
        """Of a few requests only how many they were."""
        return self.n >= FEWEST_IN_A_CELL


@dataclass(frozen=True)
class Bars:
    """Held times: the rows, their chart and its table. Without `chart` nothing can be told."""

    rows: Sequence[Held]
    chart: dict[str, Any] | None
    table: dict[str, Any] | None


@dataclass(frozen=True)
class Waited:
    """A department's share of time that waited for the customer, and whether chance explains it."""

    name: str
    n: int
    share: float
    low: float
    high: float

    @property
    def outlier(self) -> bool:
        return self.share > self.high


@dataclass(frozen=True)
class Row:
    """An open request that the reader may see."""

    number: str
    department: str
    since: datetime


@dataclass(frozen=True)
class Live:
    """How many there are right now, and those of them that may be named, the oldest first."""

    n: int
    rows: Sequence[Row]


def held_of(name: str, figures: Mapping[str, Figure]) -> Held:
    """From the five figures of a cell, all counted from the same delivered requests."""
    found = [figures.get(key) for key in HELD]
    return Held(name, max((one.n for one in found if one), default=0), tuple((one and one.total) or 0 for one in found))


def longest(rows: Sequence[Held], rest: str) -> list[Held]:
    """The rows with the most time, and all others as one, so that the sum is still that of all."""
    ordered = sorted((row for row in rows if row.n), key=lambda row: (-row.whole, row.name))
    top, others = ordered[:MOST_BARS], ordered[MOST_BARS:]
    if not others:
        return top
    parts = tuple(sum(row.parts[place] for row in others) for place in range(len(HELD)))
    return [*top, Held(rest, sum(row.n for row in others), parts)]


def bars_of(rows: Sequence[Held], *, first: str, label: str) -> Bars:
    """Mean working hours of a delivered request by holder; in the table every mean with its share."""
    told = [row for row in rows if row.told]
    if not rows:
        return Bars((), None, None)
    table = {
        "caption": _("As a table"),
        "head": [first, "n", _("Whole"), *(str(WORDS[key]) for key in HELD)],
        "rows": [_line(row) for row in rows],
    }
    if not told:
        return Bars(rows, None, table)
    hours = lambda row, seconds: round(seconds / row.n / 3600, 3)  # noqa: E731
    chart = {
        "label": label,
        "rows": [row.name for row in told],
        "totals": [hours(row, row.whole) for row in told],
        "parts": [
            {"name": str(WORDS[key]), "kind": COLOURS[key].removeprefix("h-"), "color": COLOURS[key],
             "hatch": key == "held_by_nobody",
             "values": [hours(row, row.parts[place]) for row in told]}
            for place, key in enumerate(HELD)
        ],
    }  # fmt: skip
    return Bars(rows, chart, table)


def _line(row: Held) -> list[str]:
    if not row.told:
        return [row.name, number(row.n), _("too few to tell"), *("·" for _key in HELD)]
    cells = [
        f"{worktime(part / row.n)} ({percent(share)})" if part else "–"
        for part, share in zip(row.parts, row.shares, strict=True)
    ]
    return [row.name, number(row.n), worktime(row.whole / row.n), *cells]


def waits_of(rows: Sequence[Held]) -> list[Waited]:
    """Each department's wait-user share against the funnel round the company's, the largest share first.

    A request's own share lies between 0 and 1, so its variance is at most p (1 - p): the limits are cautious.
    """
    whole = sum(row.whole for row in rows)
    if not whole:
        return []
    place = HELD.index("held_by_customer")
    mean = sum(row.parts[place] for row in rows) / whole
    found = [
        Waited(row.name, row.n, row.shares[place], *funnel(mean, row.n, confidence=CERTAIN))
        for row in rows
        if row.n >= FEWEST_FOR_A_SHARE and row.whole
    ]
    return sorted(found, key=lambda one: (-one.share, one.name))


def enough(figure: Figure) -> Figure:
    """A share of fewer than ten is no share: only how many there were."""
    if figure.n >= FEWEST_FOR_A_SHARE or not figure.n:
        return figure
    return replace(figure, value=None, mean=None, low=None, high=None, total=None, hidden="small")
