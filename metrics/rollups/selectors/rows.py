"""The requests behind a figure: exactly those it was counted from."""

from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from metrics.rollups import engine
from metrics.rollups.definitions import DEFINITIONS, Definition
from metrics.rollups.selectors import conditions
from metrics.rollups.states import Scope

PARTS = {"good": "= 1", "bad": "= 0"}
TIMED = "timed"  # of what was filed only what a resolution can be told of: neither declined nor cancelled before
CHOICES = (*PARTS, TIMED)
_TIMED = "(f.resolution_ws >= 0 OR (f.left_at IS NULL AND f.first_delivered_at IS NULL))"


def request_ids_behind(scope: Scope, key: str, *, part: str = "", age: str = "") -> RawSQL:
    """A subquery of request ids, for `pk__in`. `part`: of a share only what counted, `good`, or did not, `bad`.

    `age`: of a figure of open work only what is of this age, a key of `AGES`.

    For figures of handoffs the requests that were handed over: fewer than the handoffs when one came twice.
    """
    sql, params = _sql(scope, DEFINITIONS[key], part, age)
    return RawSQL(*positional(sql, params))  # noqa: S611  # texts are our own, values are parameters


def count_behind(scope: Scope, key: str, *, part: str = "", age: str = "") -> int:
    sql, params = _sql(scope, DEFINITIONS[key], part, age)
    return _counted(sql, params)


def handoffs_behind(scope: Scope, key: str, *, part: str = "") -> int | None:
    """How many handoffs a figure of handoffs was counted from; None for every other figure."""
    definition = DEFINITIONS[key]
    if definition.source != "offer":
        return None
    where = _where(scope, definition, part)
    return _counted(_rows_of(definition, "f.request_id", where), where.params)


def _counted(sql: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS behind", params)  # noqa: S608
        return cursor.fetchone()[0]


def _sql(scope: Scope, definition: Definition, part: str, age: str) -> tuple[str, dict[str, Any]]:
    if definition.is_snapshot:
        return _open_sql(scope, definition, part, age)
    where = _where(scope, definition, part)
    sql = _rows_of(definition, "DISTINCT f.request_id", where)
    params = where.params
    if definition.open_due and part != "good":
        missed = conditions.still_missed(scope, definition)
        sql += f" UNION SELECT f.request_id FROM metrics_requestfact AS f WHERE {missed}"  # noqa: S608
        params |= missed.params
    return sql, params


def _where(scope: Scope, definition: Definition, part: str) -> conditions.Where:
    where = conditions.counted(scope, definition.anchor)
    where.add(engine.APPLIES)
    if part in PARTS:
        where.add(f"v.x {PARTS[part]}")
    if part == TIMED and definition.source != "offer":
        where.add(_TIMED)
    return where


def _rows_of(definition: Definition, columns: str, where: conditions.Where) -> str:
    table = engine.source_of(definition.anchor).table
    return f"SELECT {columns} FROM {table} AS f CROSS JOIN LATERAL {engine.values([definition])} WHERE {where}"  # noqa: S608


def _open_sql(scope: Scope, definition: Definition, part: str, age: str) -> tuple[str, dict[str, Any]]:
    where = conditions.snapshot(scope, definition.key)
    test = {"overdue_open": conditions.OVERDUE, "stale_open": conditions.STALE}.get(definition.key)
    if test and part in PARTS:
        where.add(test if part == "good" else f"({test}) IS NOT TRUE")
    if age:
        aged = conditions.of_age(scope, age)
        where.add(str(aged), **aged.params)
    return f"SELECT f.request_id FROM metrics_requestfact AS f WHERE {where}", where.params  # noqa: S608


def positional(sql: str, params: dict[str, Any]) -> tuple[str, list[Any]]:
    """Named parameters turned into positional ones, as querysets need them."""
    pieces, values = [], []
    for place, piece in enumerate(sql.split("%(")):
        if not place:
            pieces.append(piece)
            continue
        name, rest = piece.split(")s", 1)
        values.append(params[name])
        pieces.append("%s" + rest)
    return "".join(pieces), values
