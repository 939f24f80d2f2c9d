"""The charts of the company's page with the tables beside them: who asks whom, how suppliers compare. Pure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from django.utils.translation import gettext as _

from metrics.rollups.definitions import Definition, Direction
from metrics.rollups.states import Figure
from metrics.rollups.statistics import shrunk_shares
from requests_app.kernel.formats import number, percent
from requests_app.org.models import Department

MOST_FLOWS = 30
SURE = 30  # with fewer a dot is drawn hollow

Pair = tuple[int, int]


@dataclass(frozen=True)
class Drawing:
    """Data of a chart, its table and its height."""

    chart: dict[str, Any]
    table: dict[str, Any]
    size: str
    shown: int = 0
    whole: int = 0


@dataclass(frozen=True)
class Rank:
    """A supplier's share, pulled toward the company's where n is small."""

    department: Department
    n: int
    share: float
    low: float
    high: float
    differs: bool  # its interval does not hold the company's own share


def flows_of(created: Mapping[Pair, Figure], names: Mapping[int, str], marked: Set[Pair]) -> Drawing | None:
    """The busiest pairs, at most thirty; requests inside one department are no flow. None without any."""
    between = {pair: figure.n for pair, figure in created.items() if pair[0] != pair[1] and figure.n}
    known = {pair: n for pair, n in between.items() if pair[0] in names and pair[1] in names}
    busiest = sorted(known, key=lambda pair: (-known[pair], pair))[:MOST_FLOWS]
    if not busiest:
        return None
    links = [
        {"source": f"c:{names[customer]}", "target": f"s:{names[supplier]}", "value": known[customer, supplier]}
        | ({"hi": True} if (customer, supplier) in marked else {})
        for customer, supplier in busiest
    ]
    nodes = dict.fromkeys([link["source"] for link in links] + [link["target"] for link in links])
    whole, shown = sum(between.values()), sum(known[pair] for pair in busiest)
    rows = [[_asks(names, pair), number(known[pair]), percent(known[pair] / whole)] for pair in busiest]
    return Drawing(
        {"label": _("Who asks whom: requests by customer and supplier"), "nodes": [{"id": node} for node in nodes],
         "links": links},
        {"caption": _("Table: flows"), "head": [_("Who asks whom"), _("Requests"), _("Share of all")], "rows": rows},
        "h420" if len(nodes) > 8 else "h260",
        shown,
        whole,
    )  # fmt: skip


def _asks(names: Mapping[int, str], pair: Pair) -> str:
    return _("%(customer)s asks %(supplier)s") % {"customer": names[pair[0]], "supplier": names[pair[1]]}


def ranking_of(told: Mapping[int, Figure], departments: Mapping[int, Department]) -> tuple[list[Rank], float]:
    """(suppliers with something to compare, best first; the company's share). Never a naked order."""
    counts = {
        pk: (figure.total or 0, figure.n)
        for pk, figure in told.items()
        if figure.n and not figure.hidden and pk in departments
    }
    total = sum(n for _good, n in counts.values())
    mean = sum(good for good, _n in counts.values()) / total if total else 0.0
    ranks = [
        Rank(departments[row.key], row.n, row.share, row.low, row.high, not row.low <= mean <= row.high)
        for row in shrunk_shares(counts, enough=SURE)
    ]
    definition = next(iter(told.values())).definition if told else None
    return (ranks[::-1] if definition and definition.direction == Direction.LOWER else ranks), mean


def whiskers_of(definition: Definition, ranks: Sequence[Rank], mean: float) -> Drawing | None:
    if not ranks:
        return None
    lowest, highest = min(rank.low for rank in ranks), max(rank.high for rank in ranks)
    rows = [
        {"name": rank.department.name, "v": _hundredfold(rank.share), "lo": _hundredfold(rank.low),
         "hi": _hundredfold(rank.high), "n": rank.n, "open": rank.n < SURE}
        for rank in ranks
    ]  # fmt: skip
    chart = {
        "label": _("%(figure)s by supplier, with 95 %% interval") % {"figure": definition.label}, "unit": " %",
        "min": floor(lowest * 10) * 10, "max": min(ceil(highest * 10) * 10, 100), "mean": _hundredfold(mean),
        "mean_label": _("company %(share)s") % {"share": percent(mean)}, "rows": rows,
    }  # fmt: skip
    lines = [
        [rank.department.name, percent(rank.share), f"{percent(rank.low)} – {percent(rank.high)}", number(rank.n),
         _("clearly different") if rank.differs else _("no clear difference")]
        for rank in ranks
    ]  # fmt: skip
    head = [_("Supplier"), _("Share"), _("95 %% interval") % {}, "n", _("Against the company")]
    size = "h220" if len(ranks) <= 5 else "h360" if len(ranks) <= 12 else "h420"
    return Drawing(chart, {"caption": _("Table: ranking"), "head": head, "rows": lines}, size)


def _hundredfold(share: float) -> float:
    return round(share * 100, 1)
