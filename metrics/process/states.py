"""The paths that requests took, put together: variants, steps from one station to the next, detours. Pure.

Paths are tuples of codes of `metrics.facts.states.Step`; times are whole seconds between two steps, of working or of
calendar time as was asked for. Of a group of fewer than five nothing but their being few is told in outline.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.facts.states import HOLDS, Step
from metrics.rollups.states import ENOUGH_PEOPLE

MOST_VARIANTS, MOST_EDGES = 20, 40
FEWEST = ENOUGH_PEOPLE
ORDER = {Step.FILED: 0, Step.ACCEPTED: 1, Step.STARTED: 2, Step.DELIVERED: 3, Step.CONFIRMED: 4, Step.CLOSED: 4}
Path = tuple[int, ...]
Pair = tuple[int, int]


class Detour(models.TextChoices):
    """What a request could have done without."""

    AGAIN = "again", _("The same step twice in a row")
    HELD_AGAIN = "held_again", _("Put on hold again")
    CAME_BACK = "came_back", _("Offered on and not taken")
    SENT_BACK = "sent_back", _("Delivered, and back to work")


@dataclass(frozen=True)
class PathRow:
    """All requests that took one path, as counted by the database. `rework`: seconds from first to last delivery."""

    path: Path
    n: int
    total: int
    judged: int
    kept: int
    rework: int = 0
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True)
class EdgeRow:
    """All passages from one step to the next. `again`: those after a hold that was not the request's first."""

    pair: Pair
    n: int
    total: int
    median: float | None
    p90: float | None
    interval: tuple[float, float] | None = None
    again: int = 0
    again_total: int = 0


@dataclass(frozen=True)
class Variant:
    """A path and the requests that took it; total times in seconds from filing to the last step."""

    path: Path
    n: int
    share: float
    median: float | None
    p90: float | None
    kept: float | None
    judged: int
    straight: bool

    @property
    def code(self) -> str:
        return code_of(self.path)


@dataclass(frozen=True)
class Others:
    """The rarer paths in one."""

    n: int
    paths: int
    share: float


@dataclass(frozen=True)
class Edge:
    """From one step to the next: how often, by how many requests, and the time between in seconds.

    `few`: fewer than five requests, so that their number and time are not for this reader.
    """

    pair: Pair
    n: int
    requests: int
    total: int | None
    median: float | None
    p90: float | None
    interval: tuple[float, float] | None
    bottleneck: bool = False
    few: bool = False

    @property
    def code(self) -> str:
        return code_of(self.pair)


@dataclass(frozen=True)
class Needless:
    """One kind of detour: how often, in how many requests, and the seconds that went into it."""

    kind: Detour
    n: int
    requests: int
    total: int
    few: bool = False


@dataclass(frozen=True)
class Process:
    """The finished requests of a period; `straight` of them took no detour, most often by the path `usual`."""

    n: int
    straight: int
    usual: Path
    variants: Sequence[Variant]
    others: Others | None
    edges: Sequence[Edge]
    needless: Sequence[Needless]

    @property
    def bottleneck(self) -> Edge | None:
        return next((edge for edge in self.edges if edge.bottleneck), None)


def code_of(path: Sequence[int]) -> str:
    """ "1-2-11", as addresses name a path."""
    return "-".join(str(step) for step in path)


def is_straight(path: Sequence[int]) -> bool:
    """Filed and delivered, every step at most once and in the order in which it is meant to be."""
    places = [ORDER.get(Step(step), -1) for step in path]
    return -1 not in places and Step.DELIVERED in path and all(one < other for one, other in pairwise(places))


def process_of(paths: Iterable[PathRow], edges: Iterable[EdgeRow], *, in_full: bool) -> Process:
    """`paths` must hold every path there is; those that are shown carry their times."""
    rows = sorted(paths, key=lambda row: (-row.n, row.path))
    n = sum(row.n for row in rows)
    shown = [row for row in rows[:MOST_VARIANTS] if in_full or row.n >= FEWEST]
    straight = [row for row in rows if is_straight(row.path)]
    edge_rows = list(edges)
    return Process(
        n=n,
        straight=sum(row.n for row in straight),
        usual=straight[0].path if straight else (),
        variants=[_variant(row, n) for row in shown],
        others=_others(rows[len(shown) :], n),
        edges=_edges(rows, edge_rows, in_full=in_full),
        needless=_needless(rows, edge_rows, in_full=in_full),
    )


def _variant(row: PathRow, n: int) -> Variant:
    kept = row.kept / row.judged if row.judged else None
    return Variant(row.path, row.n, row.n / n, row.median, row.p90, kept, row.judged, is_straight(row.path))


def _others(rows: Sequence[PathRow], n: int) -> Others | None:
    rest = sum(row.n for row in rows)
    return Others(rest, len(rows), rest / n) if rest else None


def _edges(paths: Sequence[PathRow], rows: Sequence[EdgeRow], *, in_full: bool) -> list[Edge]:
    """The commonest first. The bottleneck is where most time goes before a delivery."""
    requests: Counter[Pair] = Counter()
    for path in paths:
        for pair in set(pairwise(path.path)):
            requests[pair] += path.n
    found = [
        Edge(row.pair, row.n, requests[row.pair], row.total, row.median, row.p90, row.interval)
        for row in sorted(rows, key=lambda row: (-row.n, row.pair))
    ]
    told = [hidden(edge) if not in_full and edge.requests < FEWEST else edge for edge in found]
    work = [edge for edge in told if edge.total and edge.pair[0] != Step.DELIVERED]
    narrowest = max(work, key=lambda edge: edge.total or 0, default=None)
    return [replace(edge, bottleneck=edge is narrowest) for edge in told]


def hidden(edge: Edge) -> Edge:
    """Only that it is there."""
    return Edge(edge.pair, 0, 0, None, None, None, None, few=True)


def _needless(paths: Sequence[PathRow], edges: Sequence[EdgeRow], *, in_full: bool) -> list[Needless]:
    """Those that occurred, in the order of Detour."""
    seconds = {
        Detour.AGAIN: sum(row.total for row in edges if row.pair[0] == row.pair[1] and row.pair[0] not in HOLDS),
        Detour.HELD_AGAIN: sum(row.again_total for row in edges),
        Detour.CAME_BACK: sum(row.total for row in edges if row.pair[1] in (Step.GIVEN_BACK, Step.NOT_TAKEN)),
        Detour.SENT_BACK: sum(row.rework for row in paths),
    }
    found = []
    for kind in Detour:
        counts = [(times(kind, row.path), row.n) for row in paths]
        n = sum(count * rows for count, rows in counts)
        requests = sum(rows for count, rows in counts if count)
        if requests and not in_full and requests < FEWEST:
            found.append(Needless(kind, 0, 0, 0, few=True))
        elif requests:
            found.append(Needless(kind, n, requests, seconds[kind]))
    return found


def times(kind: Detour, path: Sequence[int]) -> int:
    """How often a path made this detour."""
    if kind == Detour.AGAIN:
        return sum(one == other and one not in HOLDS for one, other in pairwise(path))
    if kind == Detour.HELD_AGAIN:
        return max(sum(step in HOLDS for step in path) - 1, 0)
    steps = {Detour.CAME_BACK: (Step.GIVEN_BACK, Step.NOT_TAKEN), Detour.SENT_BACK: (Step.REJECTED, Step.REOPENED)}
    return sum(step in steps[kind] for step in path)
