"""What two departments are to each other, in figures: each as the other's supplier, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.dashboards.states import Stretch, Tile, stretch_of, tile_of
from metrics.relations import policies
from metrics.rollups import selectors
from metrics.rollups.definitions import DEFINITIONS, Definition
from metrics.rollups.links import rows_link
from metrics.rollups.states import DAY, Figure, Period, Scope, Side, Tally, figure_of, next_month
from metrics.rollups.suppression import shown_cells
from requests_app.kernel.formats import month, percent
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, slugs_below

KEYS = ("created", "resolution_kept", "first_response_time", "resolution_time", "rating_mean",
        "rating_response_rate", "asking_quality", "asked_well", "answer_delay", "backlog")  # fmt: skip
MONTHS = 12


@dataclass(frozen=True)
class Line:
    """One figure, once for each direction."""

    definition: Definition
    tiles: tuple[Tile, Tile]


@dataclass(frozen=True)
class Relation:
    """`pairs`: (supplier, customer), first the one way, then the other. `lines` stand in this order too."""

    one: Department
    other: Department
    stretch: Stretch
    pairs: tuple[tuple[Department, Department], ...]
    lines: list[Line]
    chart: dict[str, Any] | None
    table: dict[str, Any] | None
    as_of: datetime


def relation_of(
    *, person: Person, one: Department, other: Department, choice: str = "", now: datetime | None = None
) -> Relation:
    """NotAllowed for whom it is not; WrongInput for a stretch of time that is not offered."""
    policies.require_relation(person, one, other)
    now = now or timezone.now()
    stretch = stretch_of(choice, "", "", today=now.astimezone(ZoneInfo(one.time_zone)).date())
    answers = policies.reads_answers(person, one, other)
    keys = [key for key in KEYS if answers or not DEFINITIONS[key].personal]
    pairs = ((one, other), (other, one))
    ways = [_way(person, supplier, customer, keys, stretch.period, now) for supplier, customer in pairs]
    months = [_months(supplier, customer, now) for supplier, customer in pairs]
    chart, table = _drawn(pairs, months)
    return Relation(
        one=one,
        other=other,
        stretch=stretch,
        pairs=pairs,
        lines=[Line(DEFINITIONS[key], (ways[0][key], ways[1][key])) for key in keys],
        chart=chart,
        table=table,
        as_of=selectors.as_of(now),
    )


TALKED_OF = ("created", "overdue_open", "resolution_kept", "rating_mean")
TALK_STRETCH = "quarter"


def tiles_for_a_talk(
    person: Person, supplier: Department, customer: Department, now: datetime | None = None
) -> list[Tile]:
    """The supplier with this customer in the last quarter, as on the page of the two; nothing for whom that is not."""
    if not policies.reads_relation(person, supplier, customer):
        return []
    now = now or timezone.now()
    stretch = stretch_of(TALK_STRETCH, "", "", today=now.astimezone(ZoneInfo(supplier.time_zone)).date())
    answers = policies.reads_answers(person, supplier, customer)
    keys = [key for key in TALKED_OF if answers or not DEFINITIONS[key].personal]
    tiles = _way(person, supplier, customer, keys, stretch.period, now)
    return [tiles[key] for key in keys]


def _way(
    person: Person, supplier: Department, customer: Department, keys: Sequence[str], period: Period, now: datetime
) -> dict[str, Tile]:
    """The figures of the supplier with this customer, hidden as they are in the table of all its customers."""
    tree = slugs_below(supplier)
    scope = Scope(Side.SUPPLIER, tuple(tree), period, now, ZoneInfo(supplier.time_zone))
    found, before = _told(scope, keys, customer), _told(replace(scope, period=period.before()), keys, customer)
    targets, opens = selectors.targets_for(supplier.pk), policies.opens_rows_as(person, supplier, customer)
    return {
        key: tile_of(
            replace(found[key], target=targets.get(key)),
            before[key],
            url=_rows(key, opens, list(tree.values()), customer, period) if opens else "",
        )
        for key in keys
    }


def _told(scope: Scope, keys: Sequence[str], customer: Department) -> dict[str, Figure]:
    by_department = selectors.figures_by_department(scope, keys)
    found = {}
    for key in keys:
        cells = {pk: figures[key] for pk, figures in by_department.items() if key in figures}
        found[key] = shown_cells(cells, DEFINITIONS[key]).get(customer.pk) or figure_of(DEFINITIONS[key], Tally())
    return found


def _rows(
    key: str, opens: tuple[str, Department], suppliers: Sequence[str], customer: Department, period: Period
) -> str:
    """The supplier with those below it, as its figures are; the customer alone, as in the supplier's table."""
    side, department = opens
    narrowed = {"customer": customer.slug} if side == Side.SUPPLIER else {"only": "1", "supplier": list(suppliers)}
    return rows_link(figure=key, side=side, department=department.slug, period=period, **narrowed)


def _months(supplier: Department, customer: Department, now: datetime) -> list[tuple[Period, Figure]]:
    """The agreement kept in each of the last twelve months, this one as far as it has gone."""
    zone = ZoneInfo(supplier.time_zone)
    today = now.astimezone(zone).date()
    period = Period(_months_ago(today, MONTHS - 1), today + DAY)
    pieces = period.months()
    scope = Scope(
        Side.SUPPLIER, tuple(below(supplier)), Period(pieces[0].start, next_month(pieces[-1].start)), now, zone,
        other_ids=(customer.pk,),
    )  # fmt: skip
    whole = [replace(piece, end=next_month(piece.start)) for piece in pieces]
    return list(zip(pieces, selectors.series(scope, ["resolution_kept"], whole)["resolution_kept"], strict=True))


def _months_ago(day: date, months: int) -> date:
    year, place = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, place + 1, 1)


def _drawn(
    pairs: Sequence[tuple[Department, Department]], months: Sequence[list[tuple[Period, Figure]]]
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The line chart and its table; a month with too few is a gap. None while there are no two months to tell of."""
    names = [_("%(supplier)s for %(customer)s") % {"supplier": s.name, "customer": c.name} for s, c in pairs]
    shares = [[_share(figure) for _piece, figure in way] for way in months]
    if max(sum(share is not None for share in way) for way in shares) < 2:
        return None, None
    labels = [month(piece.start) for piece, _figure in months[0]]
    lowest = min(share for way in shares for share in way if share is not None)
    chart = {
        "label": _("Agreement kept, month by month"), "x": labels, "unit": " %", "max": 100,
        "min": max(int(lowest * 10) * 10 - 10, 0),
        "series": [
            {"name": name, "values": [None if share is None else round(share * 100, 1) for share in way]}
            for name, way in zip(names, shares, strict=True)
        ],
    }  # fmt: skip
    rows = [[label, *(_said(months[way][place][1]) for way in range(len(names)))] for place, label in enumerate(labels)]
    return chart, {"caption": _("As a table"), "head": [_("Month"), *names], "rows": rows}


def _share(figure: Figure) -> float | None:
    return figure.value if figure.n >= figure.definition.fewest else None


def _said(figure: Figure) -> str:
    share = _share(figure)
    return f"n {figure.n}" if share is None else f"{percent(share)} · n {figure.n}"


def told(relation: Relation) -> Mapping[str, int]:
    """How many requests each of the two filed with the other in the period, by the slug of who filed them."""
    created = next(line for line in relation.lines if line.definition.key == "created")
    return {
        customer.slug: tile.figure.n for (_supplier, customer), tile in zip(relation.pairs, created.tiles, strict=True)
    }
