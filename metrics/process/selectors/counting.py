"""Paths and passages counted by the database, straight from facts. Values are parameters, texts are our own.

Counted are the requests filed in the period that are delivered or ended. Percentiles are exact (type 7), intervals of
medians lie between the order statistics of `metrics.rollups.statistics.median_ranks`.
"""

from datetime import date
from typing import Any

from django.db import connection

from metrics.facts.states import Step
from metrics.process.states import MOST_VARIANTS, EdgeRow, PathRow
from metrics.rollups.selectors.conditions import Where, counted
from metrics.rollups.states import Scope
from metrics.rollups.statistics import Z95

FINISHED = "f.left_at IS NOT NULL AND f.path <> '{}'"
COLUMNS = {
    False: {"waits": "f.path_ws", "first": "f.resolution_ws", "last": "f.full_resolution_ws"},
    True: {"waits": "f.path_cs", "first": "f.resolution_cs", "last": "f.full_resolution_cs"},
}
PASSAGES = "unnest(f.path, f.path[2:], {waits}) WITH ORDINALITY AS e (a, b, x, place)"
# Whether the passage leads out of a hold that was not the first one of its request.
AGAIN = (
    f"e.a IN ({Step.HELD_CUSTOMER:d}, {Step.HELD_OTHER:d}) AND e.place > least("
    f"array_position(f.path, {Step.HELD_CUSTOMER:d}::smallint), array_position(f.path, {Step.HELD_OTHER:d}::smallint))"
)
REACH = f"{Z95!r} * sqrt(g.n) / 2"
# The ranks of median_ranks as shares of the way from the first value to the last.
LOW = f"(greatest(floor(g.n / 2.0::float8 - {REACH}), 1) - 1) / (g.n - 1)"
HIGH = f"(least(ceil(g.n / 2.0::float8 + 1 + {REACH}), g.n) - 1) / (g.n - 1)"
Key = bool  # of a period cut in two: whether after the cut


def finished(scope: Scope) -> Where:
    where = counted(scope, "created")
    where.add(FINISHED)
    return where


def path_rows(scope: Scope, *, calendar: bool = False, split: date | None = None) -> dict[Key, list[PathRow]]:
    """Every path with how many requests took it, the commonest ones with their times. One query."""
    where, columns = finished(scope), COLUMNS[calendar]
    sql = f"""
        SELECT g.later, g.path, g.n, g.total, g.judged, g.kept, g.rework, s.q
        FROM (
            SELECT {_later(where, split)} AS later, f.path, count(*) AS n, sum(t.total) AS total,
                count(f.resolution_kept) AS judged, count(*) FILTER (WHERE f.resolution_kept) AS kept,
                coalesce(sum(greatest({columns["last"]} - {columns["first"]}, 0)), 0) AS rework,
                array_agg(t.total) AS xs,
                row_number() OVER (PARTITION BY {_later(where, split)} ORDER BY count(*) DESC, f.path) AS rank
            FROM metrics_requestfact AS f
            CROSS JOIN LATERAL (SELECT coalesce(sum(x), 0) AS total FROM unnest({columns["waits"]}) AS x) AS t
            WHERE {where} GROUP BY 1, 2
        ) AS g
        LEFT JOIN LATERAL (
            SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY x) AS q FROM unnest(g.xs) AS x
        ) AS s ON g.rank <= {MOST_VARIANTS}
        ORDER BY g.later, g.rank
    """  # noqa: S608
    found: dict[Key, list[PathRow]] = {}
    for later, path, n, total, judged, kept, rework, quantiles in _fetched(sql, where.params):
        median, p90 = quantiles or (None, None)
        row = PathRow(tuple(path), n, int(total), judged, kept, int(rework), median, p90)
        found.setdefault(later, []).append(row)
    return found


def edge_rows(scope: Scope, *, calendar: bool = False, split: date | None = None) -> dict[Key, list[EdgeRow]]:
    """Every passage from a step to the next with the time between. One query."""
    where = finished(scope)
    passages = PASSAGES.format(**COLUMNS[calendar])
    sql = f"""
        SELECT g.later, g.a, g.b, g.n, g.total, g.again, g.again_total, s.q
        FROM (
            SELECT {_later(where, split)} AS later, e.a, e.b, count(*) AS n, sum(e.x) AS total, array_agg(e.x) AS xs,
                count(*) FILTER (WHERE {AGAIN}) AS again,
                coalesce(sum(e.x) FILTER (WHERE {AGAIN}), 0) AS again_total
            FROM metrics_requestfact AS f CROSS JOIN LATERAL {passages}
            WHERE {where} AND e.b IS NOT NULL GROUP BY 1, 2, 3
        ) AS g
        CROSS JOIN LATERAL (
            SELECT percentile_cont(
                CASE WHEN g.n < 6 THEN ARRAY[0.5, 0.9]::float8[] ELSE ARRAY[0.5, 0.9, {LOW}, {HIGH}]::float8[] END
            ) WITHIN GROUP (ORDER BY x) AS q
            FROM unnest(g.xs) AS x
        ) AS s
    """  # noqa: S608
    found: dict[Key, list[EdgeRow]] = {}
    for later, a, b, n, total, again, again_total, quantiles in _fetched(sql, where.params):
        median, p90, *interval = [round(value, 6) for value in quantiles]
        between = (interval[0], interval[1]) if interval else None
        row = EdgeRow((a, b), n, int(total), median, p90, between, again, int(again_total))
        found.setdefault(later, []).append(row)
    return found


def asked(scope: Scope) -> list[tuple[int | None, int, int, int]]:
    """(service, department on the other side, requests filed in the period, of them not finished). One query."""
    other = "customer_id" if scope.side == "supplier" else "supplier_id"
    where = counted(scope, "created")
    sql = f"""
        SELECT f.service_id, f.{other}, count(*), count(*) FILTER (WHERE f.left_at IS NULL)
        FROM metrics_requestfact AS f WHERE {where} GROUP BY 1, 2
    """  # noqa: S608
    return _fetched(sql, where.params)


def _later(where: Where, split: date | None) -> str:
    if split is None:
        return "FALSE"
    where.params["split"] = split
    return "f.created_day >= %(split)s"


def _fetched(sql: str, params: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
