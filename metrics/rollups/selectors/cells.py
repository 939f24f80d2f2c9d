"""Adding up stored cells: whole months by month, whole weeks at the ends by week, the days left by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from metrics.rollups.states import Period, Tally

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Cells:
    """Which cells: a grain, the ids that narrow it (None for all), the figures, the period, and what to tell apart."""

    grain: str
    period: Period
    figures: tuple[str, ...]
    supplier_ids: tuple[int, ...] | None = None
    customer_ids: tuple[int, ...] | None = None
    service_id: int | None = None
    priority: int | None = None
    apart: tuple[str, ...] = ()  # columns of the key, before the figure
    calendar: bool = False  # also the durations in calendar time


def tallies(cells: Cells, *, pieces: Sequence[Period] = ()) -> dict[Key, Tally]:
    """(apart.., figure) → sums; with `pieces` of the period (place of the piece, apart.., figure). One query.

    The database adds up, so that an answer has one row for each key however many cells there are.
    """
    columns = ["figure", "sum(n)::bigint", "sum(total)::bigint", "sum(squares)::bigint", "sum(total_cs)::bigint",
               "string_agg(array_to_string(people, ','), ',')", "string_agg(sketch, ''::bytea)",
               "string_agg(sketch_cs, ''::bytea)" if cells.calendar else "NULL::bytea"]  # fmt: skip
    found: dict[Key, Tally] = {}
    for *key, figure, n, total, squares, total_cs, people, sketch, sketch_cs in _rows(cells, columns, pieces):
        tally = found[*key, figure] = Tally()
        tally.add(n, total, squares, total_cs, map(int, people.split(",")) if people else None)
        tally.sketch.take_packed(sketch)
        tally.sketch_cs.take_packed(sketch_cs)
    return found


def sums(cells: Cells, *, pieces: Sequence[Period] = ()) -> dict[Key, Tally]:
    """The same of n, total and squares alone: for figures without percentiles."""
    columns = ["figure", "sum(n)::bigint", "sum(total)::bigint", "sum(squares)::bigint"]
    return {
        (*key, figure): Tally(n=n, total=total, squares=squares)
        for *key, figure, n, total, squares in _rows(cells, columns, pieces)
    }


def _rows(cells: Cells, columns: Sequence[str], pieces: Sequence[Period]) -> list[tuple]:
    """Cells added up by what is to be told apart and by figure, with pieces first by the place of the piece."""
    key = list(cells.apart)
    conditions, params = _where(cells, pieces or [cells.period])
    if pieces:
        key.insert(0, "width_bucket(day, %(starts)s::date[]) - 1")
        params["starts"] = [piece.start for piece in pieces]
    groups = ", ".join(str(place) for place in range(1, len(key) + 2))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([*key, *columns])} FROM metrics_rollup WHERE {conditions} GROUP BY {groups}",  # noqa: S608
            params,
        )
        return cursor.fetchall()


def _where(cells: Cells, pieces: Sequence[Period]) -> tuple[str, dict[str, Any]]:
    conditions = [f"grain = '{cells.grain}'", "figure = ANY(%(figures)s)"]
    conditions += [f"{column} = ANY(%({column})s)" for column, ids in _ids(cells) if ids is not None]
    conditions += [f"{column} = %({column})s" for column, value in _values(cells) if value is not None]
    days, params = _days(pieces)
    narrowed = {column: list(ids) for column, ids in _ids(cells) if ids is not None}
    return " AND ".join([*conditions, days]), {"figures": list(cells.figures)} | params | narrowed | dict(
        _values(cells)
    )


def _ids(cells: Cells) -> list[tuple[str, tuple[int, ...] | None]]:
    return [("supplier_id", cells.supplier_ids), ("customer_id", cells.customer_ids)]


def _values(cells: Cells) -> list[tuple[str, int | None]]:
    return [("service_id", cells.service_id), ("priority", cells.priority)]


def _days(pieces: Sequence[Period]) -> tuple[str, dict[str, date]]:
    """Which cells make up the pieces, the coarsest there are."""
    params: dict[str, date] = {}
    texts = []
    for place, (span, first, after) in enumerate(_stretches(tile for piece in pieces for tile in piece.tiles())):
        params |= {f"first{place}": first, f"after{place}": after}
        texts.append(f"(span = '{span}' AND day >= %(first{place})s AND day < %(after{place})s)")
    return f"({' OR '.join(texts)})", params


def _stretches(tiles: Iterable[tuple[str, date, date]]) -> list[tuple[str, date, date]]:
    """Tiles of one span that follow each other as one."""
    found: list[tuple[str, date, date]] = []
    for span, first, after in tiles:
        if found and found[-1][0] == span and found[-1][2] == first:
            found[-1] = (span, found[-1][1], after)
        else:
            found.append((span, first, after))
    return found
