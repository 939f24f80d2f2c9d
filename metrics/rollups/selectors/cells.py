"""Adding up stored cells: whole months by month, the days at the ends by day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from metrics.rollups.definitions import COUNTED
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


def tallies(cells: Cells, *, piece_of: Callable[[date], Any] | None = None, by_day: bool = False) -> dict[Key, Tally]:
    """(apart.., figure) → sums; with `piece_of` (apart.., piece, figure). `by_day` reads no months. One query."""
    found: dict[Key, Tally] = {}
    timed = {key for key in cells.figures if key in COUNTED and COUNTED[key].is_duration}
    with connection.cursor() as cursor:
        cursor.execute(*_sql(cells, by_day=by_day))
        for row in cursor:
            *apart, day, figure, n, total, squares, total_cs, people, buckets, counts, buckets_cs, counts_cs = row
            key = (*apart, figure) if piece_of is None else (*apart, piece_of(day), figure)
            tally = found.get(key)
            if tally is None:
                tally = found[key] = Tally()
            tally.add(n, total, squares, total_cs, people)
            if figure in timed:
                tally.sketch.add(buckets, counts)
                if buckets_cs:
                    tally.sketch_cs.add(buckets_cs, counts_cs)
    return found


def sums(cells: Cells) -> dict[Key, Tally]:
    """(apart.., figure) → n, total and squares alone, added up by the database: for figures without percentiles."""
    apart = "".join(f"{column}, " for column in cells.apart)
    sql, params = _sql(cells, by_day=False)
    found: dict[Key, Tally] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {apart}figure, sum(n), sum(total), sum(squares) FROM ({sql}) AS cell GROUP BY {apart}figure",  # noqa: S608
            params,
        )
        for *key, n, total, squares in cursor:
            found[tuple(key)] = Tally(n=int(n), total=int(total), squares=int(squares))
    return found


def _sql(cells: Cells, *, by_day: bool) -> tuple[str, dict[str, Any]]:
    apart = "".join(f"{column}, " for column in cells.apart)
    calendar = "buckets_cs, counts_cs" if cells.calendar else "NULL AS buckets_cs, NULL AS counts_cs"
    conditions = [f"grain = '{cells.grain}'", "figure = ANY(%(figures)s)"]
    conditions += [f"{column} = ANY(%({column})s)" for column, ids in _ids(cells) if ids is not None]
    conditions += [f"{column} = %({column})s" for column, value in _values(cells) if value is not None]
    conditions.append(_days(cells.period, by_day=by_day))
    sql = f"""
        SELECT {apart}day, figure, n, total, squares, total_cs, people, buckets, counts, {calendar}
        FROM metrics_rollup WHERE {" AND ".join(conditions)}
    """  # noqa: S608
    first, last = cells.period.whole_months()
    days = {"start": cells.period.start, "end": cells.period.end, "first": first, "last": last}
    narrowed = {column: list(ids) for column, ids in _ids(cells) if ids is not None}
    return sql, {"figures": list(cells.figures)} | days | narrowed | dict(_values(cells))


def _ids(cells: Cells) -> list[tuple[str, tuple[int, ...] | None]]:
    return [("supplier_id", cells.supplier_ids), ("customer_id", cells.customer_ids)]


def _values(cells: Cells) -> list[tuple[str, int | None]]:
    return [("service_id", cells.service_id), ("priority", cells.priority)]


def _days(period: Period, *, by_day: bool) -> str:
    first, last = period.whole_months()
    if by_day or first == last:
        return "span = 'day' AND day >= %(start)s AND day < %(end)s"
    return (
        "((span = 'month' AND day >= %(first)s AND day < %(last)s) OR (span = 'day' AND "
        "((day >= %(start)s AND day < %(first)s) OR (day >= %(last)s AND day < %(end)s))))"
    )
