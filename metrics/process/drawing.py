"""Where the steps stand in the picture and how the lines between them run, as SVG attributes. Pure.

Each step has its place, so that two pictures can be laid side by side: the straight way in the middle from left to
right, waiting above it, handing over below, ends without a result beside the beginning, where most of them happen.
Rows that nothing stands in are left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from metrics.facts.states import Step
from metrics.process.states import Edge, Pair

PLACES = {
    Step.HELD_CUSTOMER: (2, -2), Step.HELD_OTHER: (3, -2),
    Step.RESUMED: (3, -1), Step.REJECTED: (4, -1), Step.REOPENED: (5, -1),
    Step.FILED: (0, 0), Step.ACCEPTED: (1, 0), Step.STARTED: (2, 0), Step.DELIVERED: (4, 0), Step.CONFIRMED: (5, 0),
    Step.OFFERED: (1, 1), Step.HANDED_OVER: (2, 1), Step.CLOSED: (5, 1),
    Step.GIVEN_BACK: (2, 2), Step.NOT_TAKEN: (1, 2), Step.DECLINED: (0, 1), Step.CANCELLED: (0, -1),
}  # fmt: skip
WIDTH, HEIGHT = 124, 40
ACROSS, DOWN, MARGIN = 180, 96, 30
THINNEST, THICKEST = 1.2, 7.0
LEAST_SHARE, MOST_DRAWN = 0.01, 30
LONGEST_LINE = 15


@dataclass(frozen=True)
class Box:
    """A step: top left corner, the lines of its name with the y of each."""

    step: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """A passage. `kind`: usual, bottleneck or nothing. `mark`: where the word for a bottleneck begins."""

    pair: Pair
    d: str
    stroke: str
    kind: str
    n: int
    label_x: str
    label_y: str
    mark: str


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: Sequence[Box]
    lines: Sequence[Line]
    left_out: int


def picture_of(edges: Sequence[Edge], usual: Sequence[int], requests: int) -> Picture | None:
    """The commonest passages, at most thirty; rarer than 1 % of the requests are left out. None without any."""
    told = [edge for edge in edges if not edge.few]
    drawn = [edge for edge in told if edge.n >= requests * LEAST_SHARE][:MOST_DRAWN]
    if not drawn:
        return None
    steps = {step for edge in drawn for step in edge.pair}
    rows = sorted({PLACES[Step(step)][1] for step in steps})
    spots = {step: _spot(step, rows) for step in steps}
    most = max(edge.n for edge in drawn)
    straight = set(pairwise(usual))
    labels = _Labels(spots.values())
    marked_first = sorted(drawn, key=lambda edge: not edge.bottleneck)
    lines = [_line(edge, spots, most, edge.pair in straight, labels) for edge in marked_first]
    lines.sort(key=lambda line: (line.kind == "bottleneck", line.n))  # the last one lies on top
    return Picture(
        width=2 * MARGIN + 5 * ACROSS + WIDTH,
        height=2 * MARGIN + (len(rows) - 1) * DOWN + HEIGHT,
        boxes=[_box(step, *spots[step]) for step in sorted(steps)],
        lines=lines,
        left_out=len(edges) - len(drawn),
    )


def _spot(step: int, rows: Sequence[int]) -> tuple[int, int]:
    """The top left corner."""
    column, row = PLACES[Step(step)]
    return MARGIN + column * ACROSS, MARGIN + rows.index(row) * DOWN


def _box(step: int, x: int, y: int) -> Box:
    words = lines_of(str(Step(step).label))
    first = y + HEIGHT // 2 + 5 - 8 * (len(words) - 1)
    named = tuple((text, str(first + 16 * place)) for place, text in enumerate(words))
    return Box(step, str(x), str(y), str(WIDTH), str(HEIGHT), str(x + WIDTH // 2), named)


def lines_of(text: str) -> list[str]:
    """One line, or two broken at a space where it is too long for the box."""
    if len(text) <= LONGEST_LINE or " " not in text:
        return [text]
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    middle = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return [text[:middle], text[middle + 1 :]]


Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]


class _Labels:
    """Finds each label a place on its line that no box and no earlier label covers, as near the middle as may be."""

    TRIED = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)

    def __init__(self, spots: Iterable[tuple[int, int]]) -> None:
        self.boxes, self.taken = list(spots), list[Point]()

    def place(self, curve: Curve, *, word_below: bool) -> Point:
        tried = [_at(curve, share) for share in self.TRIED]
        found = next((point for point in tried if self._free(*point)), tried[0])
        below = [(found[0] + aside, found[1] + 20) for aside in (-36, 0, 36)] if word_below else []
        self.taken += [found, *below]
        return found

    def _free(self, x: float, y: float) -> bool:
        on_box = any(left - 12 < x < left + WIDTH + 12 and top - 8 < y < top + HEIGHT + 8 for left, top in self.boxes)
        return not on_box and all(abs(x - other) > 24 or abs(y - below) > 14 for other, below in self.taken)


def _at(curve: Curve, share: float) -> Point:
    """The point of a cubic curve after this share of its parameter."""
    rest = 1 - share
    weights = (rest**3, 3 * share * rest**2, 3 * share**2 * rest, share**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, curve, strict=True)) for axis in (0, 1))
    return x, y


def _line(edge: Edge, spots: dict[int, tuple[int, int]], most: int, usual: bool, labels: _Labels) -> Line:
    points = _points(edge.pair, spots)
    kind = "bottleneck" if edge.bottleneck else "usual" if usual else ""
    x, y = labels.place(points, word_below=edge.bottleneck)
    above = 12 if len({height for _across, height in points}) == 1 else 0  # a level line is too short for a number
    return Line(
        pair=edge.pair,
        d="M{:g} {:g}C{:g} {:g} {:g} {:g} {:g} {:g}".format(*(round(part, 1) for point in points for part in point)),
        stroke=f"{THINNEST + (THICKEST - THINNEST) * edge.n / most:.1f}",
        kind=kind,
        n=edge.n,
        label_x=f"{x:.1f}",
        label_y=f"{y + 4 - above:.1f}",
        mark=f"{x - 44:.1f} {y + 12:.1f}",
    )


def _points(pair: Pair, spots: dict[int, tuple[int, int]]) -> Curve:
    """Start, two handles and end of the curve."""
    (ax, ay), (bx, by) = spots[pair[0]], spots[pair[1]]
    if pair[0] == pair[1]:
        return _loop(ax, ay)
    if ay == by:
        return _along(pair, spots, ax, bx, ay)
    if ax == bx:
        return _upright(ax, ay, by)
    forth = bx > ax
    shift = -7 if forth else 7
    start_x, end_x = (ax + WIDTH, bx) if forth else (ax, bx + WIDTH)
    start_y, end_y = ay + HEIGHT / 2 + shift, by + HEIGHT / 2 + shift
    reach = (end_x - start_x) / 2
    return (start_x, start_y), (start_x + reach, start_y), (end_x - reach, end_y), (end_x, end_y)


def _upright(x: int, ay: int, by: int) -> Curve:
    """Down a little to the right of the middle, up to the left of it, so that there and back lie side by side."""
    down = by > ay
    middle = x + WIDTH / 2 + (14 if down else -14)
    start, end = (ay + HEIGHT, by) if down else (ay, by + HEIGHT)
    reach = (end - start) / 3
    return (middle, start), (middle, start + reach), (middle, end - reach), (middle, end)


def _along(pair: Pair, spots: dict[int, tuple[int, int]], ax: int, bx: int, y: int) -> Curve:
    """In one row: straight to the next box; over the boxes between, or back under them, in an arc."""
    between = any(
        spot[1] == y and min(ax, bx) < spot[0] < max(ax, bx) for step, spot in spots.items() if step not in pair
    )
    if bx > ax and not between:
        middle, third = y + HEIGHT / 2, (bx - ax - WIDTH) / 3
        start = ax + WIDTH
        return (start, middle), (start + third, middle), (bx - third, middle), (bx, middle)
    lift, aside = 26 + abs(bx - ax) / 18, 16 if bx > ax else -16
    edge_y, away = (y, y - lift) if bx > ax else (y + HEIGHT, y + HEIGHT + lift)
    left, right = ax + WIDTH / 2 + aside, bx + WIDTH / 2 - aside
    reach = (right - left) / 5
    return (left, edge_y), (left + reach, away), (right - reach, away), (right, edge_y)


def _loop(x: int, y: int) -> Curve:
    right = x + WIDTH
    return (right - 34, y), (right - 40, y - 26), (right + 2, y - 26), (right - 12, y)
