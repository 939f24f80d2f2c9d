"""Where departments stand in the picture of the chain, and how the lines between them run, as SVG attributes. Pure.

On the right the customers outside the company, to the left of them whoever supplies them, and so on back to the first
supplier: a department's column is the shortest way from it to the outside along what is named.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from feedback.chain.states import Match
from metrics.chain.states import Gap, Way, with_outside

WIDTH, HEIGHT = 128, 44
ACROSS, DOWN, MARGIN = 280, 72, 26
ASIDE = 64  # left and right of the boxes, for lines within a column
THINNEST, THICKEST = 1.5, 7.0
MOST_DRAWN, MOST_OUTSIDE = 40, 20  # so many lines, and of them so many to the customers outside
DIGIT, LABEL_HEIGHT, AIR = 8, 15, 3  # of the numbers on lines
LONGEST_LINE, LONGEST_NAME = 16, 30
OUT = 0  # the node of the customers outside
KINDS = {
    "agreed": _("both name it"), "one": _("only one names it so far"),
    "seen": _("outside, and named by nobody"),
    "missing": _("heavy, and not named by one of the two"), "unused": _("named, and not asked"),
}  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A department, or the customers outside; its name in one or two lines, each with its y."""

    node: int
    x: str
    y: str
    middle: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """From supplier to customer. `kind`: agreed, one (one side names it), missing (nobody does), unused."""

    kind: str
    d: str
    stroke: str
    n: int | None  # None where there is nothing to count
    label_x: str
    label_y: str


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    box_width: str
    box_height: str
    boxes: Sequence[Box]
    lines: Sequence[Line]
    left_out: int


def picture_of(ways: Sequence[Way], names: Mapping[int, str], partners: Set[int] = frozenset()) -> Picture | None:
    """At most forty lines: first those to the customers outside, then what differs. None of nothing.

    `names` by id, the customers outside under 0; `partners`: the organisations that count as such when they ask.
    """
    told = with_outside(ways, partners)
    outside = [way for way in told if way.customer_id is None][:MOST_OUTSIDE]
    drawn = [*outside, *(way for way in told if way.customer_id is not None)][:MOST_DRAWN]
    if not drawn:
        return None
    columns = columns_of([(way.supplier_id, way.customer_id or OUT) for way in drawn])
    rows = _rows(columns, drawn)
    last, tallest = max(columns.values()), max(map(len, rows.values()))
    height = 2 * MARGIN + (tallest - 1) * DOWN + HEIGHT
    spots = {}
    for column, nodes in rows.items():
        above = (tallest - len(nodes)) * DOWN // 2
        for place, node in enumerate(nodes):
            spots[node] = (ASIDE + (last - column) * ACROSS, MARGIN + above + place * DOWN)
    most = max(way.n for way in drawn) or 1
    lines = _lines(list(reversed(drawn)), spots, most)
    return Picture(
        2 * ASIDE + last * ACROSS + WIDTH, height, str(WIDTH), str(HEIGHT),
        [_box(node, *spots[node], names.get(node, "")) for node in spots], lines, len(told) - len(drawn),
    )  # fmt: skip


def columns_of(edges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Node → how many steps it is from the outside, by (supplier, customer).

    Without anybody outside the ends are those who supply nobody. A node from which no way leads there stands a column
    nearer to the end than whoever supplies it.
    """
    nodes = {node for edge in edges for node in edge}
    ends = (
        {OUT} & nodes
        or {node for node in nodes if all(supplier != node for supplier, _customer in edges)}
        or {min(nodes)}
    )
    found = dict.fromkeys(ends, 0)
    while len(found) < len(nodes):
        step = {
            supplier: found[customer] + 1
            for supplier, customer in sorted(edges, key=lambda edge: -found.get(edge[1], -1))
            if customer in found and supplier not in found
        }
        if not step:
            rest = sorted(nodes - found.keys())
            near = [node for node in rest if any(supplier in found for supplier, to in edges if to == node)]
            node = (near or rest)[0]
            step = {node: max(min((found[s] for s, to in edges if to == node and s in found), default=2) - 1, 1)}
        found |= step
    return found


def _rows(columns: Mapping[int, int], ways: Sequence[Way]) -> dict[int, list[int]]:
    """Column → its nodes from top to bottom: each near the middle of those it is tied to in the columns before."""
    rows: dict[int, list[int]] = {}
    for column in range(max(columns.values()) + 1):
        nodes = [node for node in columns if columns[node] == column]
        place = {node: spot for done in rows.values() for spot, node in enumerate(done)}
        rows[column] = sorted(nodes, key=lambda node: (_middle(node, ways, place), node))
    return {column: nodes for column, nodes in rows.items() if nodes}


def _middle(node: int, ways: Sequence[Way], place: Mapping[int, int]) -> float:
    tied = [
        place[other]
        for way in ways
        for one, other in ((way.supplier_id, way.customer_id or OUT), (way.customer_id or OUT, way.supplier_id))
        if one == node and other in place
    ]
    return sum(tied) / len(tied) if tied else 0.0


def _box(node: int, x: int, y: int, name: str) -> Box:
    words = _in_lines(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…")
    first = y + HEIGHT // 2 + 5 - 8 * (len(words) - 1)
    return Box(
        node, str(x), str(y), str(x + WIDTH // 2),
        tuple((text, str(first + 16 * place)) for place, text in enumerate(words)),
    )  # fmt: skip


def _in_lines(text: str) -> list[str]:
    if len(text) <= LONGEST_LINE or " " not in text:
        return [text]
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    middle = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return [text[:middle], text[middle + 1 :]]


def kind_of(way: Way) -> str:
    if way.gap in (Gap.UNDECLARED, Gap.UNNAMED):
        return "missing"
    if way.gap == Gap.UNUSED:
        return "unused"
    if way.match == Match.NONE:
        return "seen"
    return "agreed" if way.match in (Match.AGREED, Match.DIFFERENT, Match.OUTSIDE) else "one"


Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
Area = tuple[float, float, float, float]  # left, top, right, bottom
SHARES = sorted((place / 50 for place in range(2, 49)), key=lambda share: abs(share - 0.5))


def _lines(ways: Sequence[Way], spots: Mapping[int, tuple[int, int]], most: int) -> list[Line]:
    """With their numbers where they hide neither a box nor each other, as near to the middle of the line as can be."""
    taken: list[Area] = [(x, y, x + WIDTH, y + HEIGHT) for x, y in spots.values()]
    boxes, found = len(taken), []
    for way in ways:
        points = _points(spots[way.supplier_id], spots[way.customer_id or OUT])
        x, y = _free(points, DIGIT * len(f"{way.n:,}"), taken, boxes) if way.n else _at(points, 0.5)
        if way.n:
            taken.append(_around(x, y, DIGIT * len(f"{way.n:,}")))
        thick = THINNEST + (THICKEST - THINNEST) * way.n / most
        found.append(Line(kind_of(way), _drawn(points), f"{thick:.1f}", way.n or None, f"{x:.1f}", f"{y + 4:.1f}"))
    return found


def _drawn(points: Curve) -> str:
    return "M{:g} {:g}C{:g} {:g} {:g} {:g} {:g} {:g}".format(*(round(part, 1) for point in points for part in point))


def _free(points: Curve, width: int, taken: Sequence[Area], boxes: int) -> Point:
    """Between two columns there is always room beside the boxes; where numbers crowd, they touch each other."""
    spots = [_at(points, share) for share in SHARES]
    beside = [spot for spot in spots if _is_free(_around(*spot, width), taken[:boxes])]
    return next((spot for spot in beside if _is_free(_around(*spot, width), taken[boxes:])), (beside or spots)[0])


def _around(x: float, y: float, width: int) -> Area:
    return x - width / 2, y - LABEL_HEIGHT / 2, x + width / 2, y + LABEL_HEIGHT / 2


def _is_free(area: Area, taken: Sequence[Area]) -> bool:
    left, top, right, bottom = area
    return all(
        right + AIR <= x or left - AIR >= to_x or bottom + AIR <= y or top - AIR >= to_y for x, y, to_x, to_y in taken
    )


def _points(start: tuple[int, int], end: tuple[int, int]) -> Curve:
    """Start, two handles, end: to the right below the middle, to the left above it, in a column an arc aside."""
    (ax, ay), (bx, by) = start, end
    middle = HEIGHT / 2
    if ax < bx:
        reach = (bx - ax - WIDTH) / 2
        return (
            (ax + WIDTH, ay + middle + 6), (ax + WIDTH + reach, ay + middle + 6), (bx - reach, by + middle + 6),
            (bx, by + middle + 6),
        )  # fmt: skip
    if ax > bx:
        reach = (ax - bx - WIDTH) / 2
        return (
            (ax, ay + middle - 8), (ax - reach, ay + middle - 8), (bx + WIDTH + reach, by + middle - 8),
            (bx + WIDTH, by + middle - 8),
        )  # fmt: skip
    down = by > ay
    side, sign = (ax + WIDTH, 1) if down else (ax, -1)
    reach = sign * min(36 + abs(by - ay) / 8, ASIDE - 4)
    return (side, ay + middle), (side + reach, ay + middle), (side + reach, by + middle), (side, by + middle)


def _at(curve: Curve, share: float) -> Point:
    """The point of a cubic curve after this share of its parameter."""
    rest = 1 - share
    weights = (rest**3, 3 * share * rest**2, 3 * share**2 * rest, share**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, curve, strict=True)) for axis in (0, 1))
    return x, y
