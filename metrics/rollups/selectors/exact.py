"""Counting straight from facts: for combinations of filters that no cell holds, and for what is open now."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from metrics.rollups import engine
from metrics.rollups.definitions import COUNTED, DEFINITIONS, Definition, anchors
from metrics.rollups.selectors import conditions
from metrics.rollups.states import Period, Scope, Tally
from metrics.rollups.statistics import median_ranks, percentile
from requests_app.org.models import Membership
from requests_app.org.states import SUPPLYING_ROLES

Key = tuple[Any, ...]
PIECES = "unnest(%(starts)s::date[], %(ends)s::date[]) WITH ORDINALITY AS piece (starts, ends, place)"


def exact_tallies(
    scope: Scope, keys: Iterable[str], *, apart: tuple[str, ...] = (), pieces: Sequence[Period] = ()
) -> dict[Key, Tally]:
    """(apart.., figure) → sums, with exact percentiles; at least one figure must be asked for. One query.

    With `pieces` of the period (place of the piece, apart.., figure).
    """
    wanted = set(keys)
    texts: list[str] = []
    params: dict[str, Any] = {}
    for anchor in anchors():
        chosen = [definition for definition in anchors()[anchor] if definition.key in wanted]
        if chosen:
            text, more = _query(scope, anchor, chosen, apart, pieces)
            texts.append(text)
            params |= more
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), params)
        ids = len(apart) + bool(pieces)
        return {tuple(row[: ids + 1]): _tally(row[ids:]) for row in cursor.fetchall()}


def _query(
    scope: Scope, anchor: str, chosen: list[Definition], apart: tuple[str, ...], pieces: Sequence[Period]
) -> tuple[str, dict]:
    source = engine.source_of(anchor)
    where = conditions.counted(scope, anchor)
    columns = "".join(f"f.{source.supplier if name == 'supplier_id' else name}, " for name in apart)
    people = "(array_agg(DISTINCT v.person) FILTER (WHERE v.person IS NOT NULL))[1:5]"
    rows = f"{source.table} AS f"
    if pieces:
        columns = f"piece.place - 1, {columns}"
        rows = f"{PIECES} JOIN {rows} ON f.{anchor}_day >= piece.starts AND f.{anchor}_day < piece.ends"
        where.params |= {"starts": [piece.start for piece in pieces], "ends": [piece.end for piece in pieces]}
    sql = f"""
        (SELECT {columns}v.figure, count(*), sum(v.x), sum(CASE WHEN v.timed THEN 0 ELSE v.x * v.x END), sum(v.y),
            {people}, array_agg(v.x) FILTER (WHERE v.timed), array_agg(v.y) FILTER (WHERE v.timed)
        FROM {rows} CROSS JOIN LATERAL {engine.values(chosen)}
        WHERE {where} AND {engine.APPLIES} GROUP BY {columns}v.figure)
    """  # noqa: S608
    return sql, where.params


def _tally(row: tuple) -> Tally:
    figure, n, total, squares, total_cs, people, xs, ys = row
    tally = Tally()
    tally.add(n, int(total), int(squares), None if total_cs is None else int(total_cs), people)
    if COUNTED[figure].is_duration:
        tally.exact, tally.exact_cs = _quantiles(xs), _quantiles(ys)
    return tally


def _quantiles(values: list[int] | None) -> list[float | None]:
    known = sorted(value for value in values or [] if value is not None)
    ranks = median_ranks(len(known))
    low, high = (known[ranks[0]], known[ranks[1]]) if ranks else (None, None)
    return [percentile(known, 0.5), percentile(known, 0.9), low, high]


# ── Open work ────────────────────────────────────────────────────────────────

WITH_MISSES = tuple(definition for definition in COUNTED.values() if definition.open_due)


def add_open_misses(found: dict[Key, Tally], scope: Scope, keys: Iterable[str], apart: tuple[str, ...] = ()) -> None:
    """Count open requests past their time as missed, though no event says so yet. One query, or none."""
    add_open_misses_of([(scope.period, found)], scope, keys, apart)


def add_open_misses_of(
    parts: Sequence[tuple[Period, dict[Key, Tally]]], scope: Scope, keys: Iterable[str], apart: tuple[str, ...] = ()
) -> None:
    """The same for several periods of a scope, each with what was found of it. One query, or none."""
    asked = set(keys)
    wanted = [definition for definition in WITH_MISSES if definition.key in asked]
    if not wanted:
        return
    where = conditions.belongs(scope)
    where.add("f.left_at IS NULL")
    columns = [f"f.{name}" for name in apart]
    counts = []
    for place, (period, _found) in enumerate(parts):
        start, end = period.bounds(scope.zone)
        where.params |= {f"from{place}": start, f"to{place}": min(end, scope.now)}
        for definition in wanted:
            missed = conditions.missed_in_period(definition, f"from{place}", f"to{place}")
            counts.append(f"count(*) FILTER (WHERE {missed})")
    sql = f"SELECT {', '.join([*columns, *counts])} FROM metrics_requestfact AS f WHERE {where}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} GROUP BY {', '.join(columns)}" if apart else sql, where.params)
        rows = cursor.fetchall()
    kinds = [(found, definition.key) for _period, found in parts for definition in wanted]
    for row in rows:
        for (found, key), n in zip(kinds, row[len(apart) :], strict=True):
            if n:
                found.setdefault((*row[: len(apart)], key), Tally()).add(n, 0, 0, None, None)


def snapshot_tallies(scope: Scope, keys: Iterable[str], *, apart: tuple[str, ...] = ()) -> dict[Key, Tally]:
    """(apart.., figure) → what is open at the end of the period. One query, and one for the agents if asked for."""
    wanted = [key for key in keys if DEFINITIONS[key].is_snapshot]
    if not wanted:
        return {}
    where = conditions.open_rows(scope)
    columns = "".join(f"f.{name}, " for name in apart)
    age = "extract(epoch FROM %(until)s - f.created_at)::bigint"
    sql = f"""
        SELECT {columns}count(*), sum({age}), array_agg({age}), count(*) FILTER (WHERE {conditions.HAS_TARGET}),
            count(*) FILTER (WHERE {conditions.HAS_TARGET} AND {conditions.OVERDUE}),
            count(*) FILTER (WHERE {conditions.STALE})
        FROM metrics_requestfact AS f WHERE {where} {"GROUP BY " + columns.rstrip(", ") if apart else ""}
    """  # noqa: S608
    agents = _agents(scope) if "load_per_agent" in wanted else 0
    found: dict[Key, Tally] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, where.params)
        for row in cursor.fetchall():
            for key, tally in _open_tallies(row[len(apart) :], agents).items():
                if key in wanted and tally.n:
                    found[(*row[: len(apart)], key)] = tally
    if not conditions.knows_silence(scope):
        found = {key: tally for key, tally in found.items() if key[-1] != "stale_open"}
    return found


def _open_tallies(row: tuple, agents: int) -> dict[str, Tally]:
    n, total_age, ages, with_target, overdue, stale = row
    return {
        "backlog": Tally(n=n, total=n),
        "backlog_age": Tally(n=n, total=int(total_age or 0), exact=_quantiles(ages)),
        "overdue_open": Tally(n=with_target, total=overdue),
        "stale_open": Tally(n=n, total=stale),
        "load_per_agent": Tally(n=agents, total=n if agents else 0),
    }


def _agents(scope: Scope) -> int:
    if scope.side != "supplier" or scope.department_ids is None:
        return 0
    hats = Membership.objects.filter(department_id__in=scope.department_ids, role__in=SUPPLYING_ROLES)
    return hats.filter(person__is_active=True).values("person_id").distinct().count()
