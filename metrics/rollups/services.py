"""Keeping figures right: what changes in the facts marks cells stale, stale cells are counted again as a whole."""

import json
import re
import time
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from metrics.facts.services import Change, refresh_facts
from metrics.rollups import engine, storing
from metrics.rollups.counting import Counted, add_up, count, first_days
from metrics.rollups.definitions import anchors
from metrics.rollups.models import Generation, StaleCell
from metrics.rollups.states import monday, parts_of
from requests_app.kernel.bulk import copy_in

RECOUNT_LOCK = 0x5243 << 44
BATCH = 1000  # marks: with ten million facts a few seconds, so that no worker is stopped in the middle of one
PATIENCE = 20.0  # seconds


class Cell(NamedTuple):
    """Where a row of facts counts for the figures of one anchor."""

    anchor: str
    supplier_id: int
    customer_id: int
    service_id: int
    priority: int
    day: date


@transaction.atomic
def refresh_figures(*, request_ids: Iterable[int]) -> int:
    """Fold these requests anew and mark the cells they left and entered; how many requests changed."""
    changes = refresh_facts(request_ids=request_ids)
    mark_stale({cell for change in changes for cell in touched_cells(change)})
    return len(changes)


def mark_stale(cells: Iterable[Cell]) -> None:
    copy_in(StaleCell, [StaleCell(**cell._asdict()) for cell in cells])


def touched_cells(change: Change) -> set[Cell]:
    """The cells whose count differs before and after: where the row left, where it came, where its values changed."""
    touched: set[Cell] = set()
    for anchor in anchors():
        before, after = _contributions(anchor, change, "before"), _contributions(anchor, change, "after")
        touched |= {cell for cell, _values in before ^ after}
    return touched


def _contributions(anchor: str, change: Change, side: str) -> set[tuple[Cell, tuple]]:
    """(cell, values that its figures are computed from) of each row of facts or offers that counts for the anchor."""
    source = engine.source_of(anchor)
    if source.table == engine.TABLES["offer"]:
        rows = [dict(row, place=place) for place, row in enumerate(getattr(change, f"offers_{side}"))]
    else:
        row = getattr(change, side)
        rows = [row] if row else []
    columns = columns_read(anchor)
    return {
        (_cell(anchor, source.supplier, row), tuple(_comparable(row[column]) for column in columns))
        for row in rows
        if row[f"{anchor}_day"] is not None
    }


def _comparable(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value


def _cell(anchor: str, supplier: str, row: dict[str, Any]) -> Cell:
    day = row[f"{anchor}_day"]
    return Cell(anchor, row[supplier], row["customer_id"], row["service_id"] or 0, row["priority"], day)


@cache
def columns_read(anchor: str) -> tuple[str, ...]:
    """The columns that the figures of an anchor are computed from, found in their own definitions."""
    texts = " ".join(f"{definition.value} {definition.calendar}" for definition in anchors()[anchor])
    found = set(re.findall(r"\bf\.(\w+)", texts))
    source = engine.source_of(anchor)
    if any(definition.personal for definition in source.definitions):
        found.add("rater_id")
    return (*sorted(found), *(["place"] if source.table == engine.TABLES["offer"] else []))


# ── Counting again ───────────────────────────────────────────────────────────


def recount_stale(*, most: int = 100, patience: float = PATIENCE) -> int:
    """Count stale cells until none is left or `most` batches are done; how many marks were worked off.

    No batch is begun after `patience` seconds: a worker may not stay forever, and the sweep comes every second.

    One counts at a time, so whoever writes a cell last has also read last; a second caller leaves at once, and what
    it came for is seen by the first one's next batch or by the sweep.
    """
    done, until = 0, time.monotonic() + patience
    for _batch in range(most):
        worked = _recount_batch()
        done += worked
        if worked < BATCH or time.monotonic() > until:
            break
    return done


@transaction.atomic
def _recount_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RECOUNT_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "DELETE FROM metrics_stalecell WHERE id IN (SELECT id FROM metrics_stalecell ORDER BY id LIMIT %s) "
            "RETURNING anchor, supplier_id, customer_id, service_id, priority, day",
            [BATCH],
        )
        rows = cursor.fetchall()
    if rows:
        recount_cells(cells={Cell(*row) for row in rows})
        note_generation()
    return len(rows)


def note_generation() -> None:
    """Tell whoever remembers figures that these are new; call under RECOUNT_LOCK, with the cells."""
    if not Generation.objects.update(number=F("number") + 1):
        Generation.objects.create(pk=1, number=1)


@transaction.atomic
def recount_cells(*, cells: set[Cell]) -> None:
    """Count these cells from facts and replace what is stored, then the coarser cells that they are part of."""
    for grain in engine.COUNTED_FROM_FACTS:
        _count_days(grain, cells)
    for grain in engine.ADDED_UP:
        _add_up(grain, "day", {key for cell in cells for key in _keys(grain, cell)})
    for grain in engine.GRAINS:
        days = {key for cell in cells for key in _keys(grain, cell)}
        _add_up(grain, "week", {(*ids, monday(day), figure) for *ids, day, figure in days})
        _add_up(grain, "month", {(*ids, day.replace(day=1), figure) for *ids, day, figure in days})


def _keys(grain: str, cell: Cell) -> list[tuple]:
    """(ids of the grain.., day, figure) for each figure of the cell's anchor that this grain holds."""
    ids = tuple(getattr(cell, name) for name in engine.GRAINS[grain])
    return [(*ids, cell.day, figure) for figure in engine.figures_of(cell.anchor, grain)]


def _count_days(grain: str, cells: set[Cell]) -> None:
    ids = engine.GRAINS[grain]
    _remove(grain, "day", {key for cell in cells for key in _keys(grain, cell)})
    by_anchor: dict[str, set[tuple]] = {}
    for cell in cells:
        by_anchor.setdefault(cell.anchor, set()).add((*(getattr(cell, name) for name in ids), cell.day))
    for anchor, mine in by_anchor.items():
        if definitions := storing.definitions_of(anchor, grain):
            rows = storing.facts_of_cells(anchor, ids, _arrays((*ids, "day"), mine))
            storing.write(count(rows, ids, definitions), grain=grain, span="day")


def _add_up(grain: str, span: str, found: set[tuple]) -> None:
    """Replace these coarser cells by the sum of the days and weeks, or of the pairs, that they are made of."""
    if not found:
        return
    ids = engine.GRAINS[grain]
    _remove(grain, span, found)
    of_grain = "pair" if span == "day" else grain
    made_of = {(*others, *part, figure) for *others, day, figure in found for part in parts_of(span, day)}
    parts = storing.cells_of(of_grain, ids, _arrays((*ids, "span", "day", "figure"), made_of))
    storing.write(coarser(parts, grain, span), grain=grain, span=span)


def coarser(days: Counted, grain: str, span: str) -> Counted:
    """Finer cells of a grain, or of the pairs that it is made of, added up to its cells of a span."""
    apart = engine.GRAINS[grain]
    changed = {name: 0 for name in engine.DIMENSIONS if name not in apart}
    return add_up(days, **changed, day=first_days(days.key["day"], span))


def _remove(grain: str, span: str, found: set[tuple]) -> None:
    if found:
        with connection.cursor() as cursor:
            cursor.execute(engine.removal(grain, span), _arrays((*engine.GRAINS[grain], "day", "figure"), found))


def _arrays(columns: tuple[str, ...], keys: set[tuple]) -> dict[str, str]:
    """Keys as one array a column, as the database writes arrays: it reads one word faster than thousands."""
    return {column: f"{{{','.join(str(key[place]) for key in keys)}}}" for place, column in enumerate(columns)}
