"""Adding up stored cells: whole months by month, whole weeks at the ends by week, the days left by day."""

from bisect import bisect_right
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
    """(apart.., figure) → sums; with `pieces` of the period (apart.., place of the piece, figure). One query."""
    found: dict[Key, Tally] = {}
    starts = [piece.start for piece in pieces]
    with connection.cursor() as cursor:
        cursor.execute(*_sql(cells, pieces or [cells.period]))
        for row in cursor:
            *apart, day, figure, n, total, squares, total_cs, people, sketch, sketch_cs = row
            key = (*apart, bisect_right(starts, day) - 1, figure) if pieces else (*apart, figure)
            tally = found.get(key)
            if tally is None:
                tally = found[key] = Tally()
            tally.add(n, total, squares, total_cs, people)
            tally.sketch.take_packed(sketch)
            tally.sketch_cs.take_packed(sketch_cs)
    return found


def sums(cells: Cells) -> dict[Key, Tally]:
    """(apart.., figure) → n, total and squares alone, added up by the database: for figures without percentiles."""
    apart = "".join(f"{column}, " for column in cells.apart)
    sql, params = _sql(cells, [cells.period])
    found: dict[Key, Tally] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {apart}figure, sum(n), sum(total), sum(squares) FROM ({sql}) AS cell GROUP BY {apart}figure",  # noqa: S608
            params,
        )
        for *key, n, total, squares in cursor:
            found[tuple(key)] = Tally(n=int(n), total=int(total), squares=int(squares))
    return found


def _sql(cells: Cells, pieces: Sequence[Period]) -> tuple[str, dict[str, Any]]:
    apart = "".join(f"{column}, " for column in cells.apart)
    conditions = [f"grain = '{cells.grain}'", "figure = ANY(%(figures)s)"]
    conditions += [f"{column} = ANY(%({column})s)" for column, ids in _ids(cells) if ids is not None]
    conditions += [f"{column} = %({column})s" for column, value in _values(cells) if value is not None]
    days, params = _days(pieces)
    sql = f"""
        SELECT {apart}day, figure, n, total, squares, total_cs, people, sketch,
            {"sketch_cs" if cells.calendar else "NULL::bytea"}
        FROM metrics_rollup WHERE {" AND ".join([*conditions, days])}
    """  # noqa: S608
    narrowed = {column: list(ids) for column, ids in _ids(cells) if ids is not None}
    return sql, {"figures": list(cells.figures)} | params | narrowed | dict(_values(cells))


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
