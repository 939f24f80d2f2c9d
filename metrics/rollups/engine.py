"""The SQL that counts cells. Texts are put together from our own definitions; all values are parameters.

Cells of a day by pair, by service and by priority are counted from facts. Those of a supplier and of a customer add
up their pairs, those of a month add up its days: counts and buckets add exactly, so the sum equals a count from facts.
"""

from dataclasses import dataclass

from metrics.rollups.definitions import Definition, anchors
from metrics.rollups.statistics import LN_GAMMA, ZERO

TABLES = {"fact": "metrics_requestfact", "offer": "metrics_offerfact"}
DIMENSIONS = ("supplier_id", "customer_id", "service_id", "priority")
GRAINS = {
    "pair": ("supplier_id", "customer_id"),
    "service": ("supplier_id", "service_id"),
    "priority": ("supplier_id", "priority"),
    "supplier": ("supplier_id",),
    "customer": ("customer_id",),
}
FINE = ("service", "priority")  # these hold only the figures marked fine
COUNTED_FROM_FACTS = ("pair", "supplier", *FINE)
TYPES = {"supplier_id": "bigint", "customer_id": "bigint", "service_id": "bigint", "priority": "smallint"}
TYPES |= {"day": "date", "figure": "varchar"}
COLUMNS = (
    "grain, supplier_id, customer_id, service_id, priority, span, day, figure, n, total, squares, total_cs, "
    "buckets, counts, buckets_cs, counts_cs, people"
)


def bucket(value: str) -> str:
    return f"CASE WHEN {value} >= 1 THEN ceil(ln({value}::float8) / {LN_GAMMA!r})::int ELSE {ZERO} END"


@dataclass(frozen=True)
class Source:
    """Where the rows of an anchor come from."""

    table: str
    supplier: str
    definitions: tuple[Definition, ...]


def source_of(anchor: str, *, fine: bool = False) -> Source:
    """All figures of an anchor share a table and the column that names the supplier."""
    chosen = anchors()[anchor]
    first = chosen[0]
    wanted = tuple(definition for definition in chosen if definition.fine or not fine)
    return Source(TABLES[first.source], first.supplier, wanted)


def values(definitions: tuple[Definition, ...] | list[Definition]) -> str:
    """Each fact as one row per figure: figure, x in working time or plain, y in calendar time, timed, person."""
    rows = (
        f"('{definition.key}', ({definition.value})::bigint, ({definition.calendar or 'NULL'})::bigint, "
        f"{definition.is_duration}, {'f.rater_id' if definition.personal else 'NULL::bigint'})"
        for definition in definitions
    )
    return "(VALUES " + ", ".join(rows) + ") AS v (figure, x, y, timed, person)"


APPLIES = "v.x IS NOT NULL AND (v.y IS NULL OR (v.x >= 0 AND v.y >= 0))"


def dimension(column: str, table: str) -> str:
    """Requests without a service count under service 0."""
    return f"coalesce({table}.{column}, 0)" if column == "service_id" else f"{table}.{column}"


def keys(columns: tuple[str, ...]) -> str:
    """The cells to count, handed over as one array a column."""
    arrays = ", ".join(f"%({column})s::{TYPES[column]}[]" for column in columns)
    return f"SELECT * FROM unnest({arrays}) AS key ({', '.join(columns)})"  # noqa: S608


def removal(grain: str, span: str) -> str:
    """Take the cells away that are about to be counted."""
    columns = (*GRAINS[grain], "day", "figure")
    same = " AND ".join(f"cell.{column} = key.{column}" for column in columns)
    return f"""
        DELETE FROM metrics_rollup AS cell USING ({keys(columns)}) AS key
        WHERE cell.grain = '{grain}' AND cell.span = '{span}' AND {same}
    """  # noqa: S608


def count_from_facts(grain: str, anchor: str, *, everything: bool = False) -> str:
    """Insert the day cells of one grain and anchor: those named by `keys`, or all there are.

    Each value's bucket is kept as it comes, in no order; only coarser cells count how many share one.
    """
    source = source_of(anchor, fine=grain in FINE)
    day = f"f.{anchor}_day"
    ids = {name: dimension(name, "f") for name in GRAINS[grain]}
    if "supplier_id" in ids:
        ids["supplier_id"] = f"f.{source.supplier}"
    rows = f"{source.table} AS f"
    condition = f"{day} IS NOT NULL"
    if not everything:
        same = [f"{expression} = key.{name}" for name, expression in ids.items()]
        rows = f"({keys((*ids, 'day'))}) AS key JOIN {rows} ON {' AND '.join([*same, f'{day} = key.day'])}"
    raters = "(array_agg(DISTINCT v.person) FILTER (WHERE v.person IS NOT NULL))[1:5]"
    personal = any(definition.personal for definition in source.definitions)
    return f"""
    INSERT INTO metrics_rollup ({COLUMNS})
    SELECT '{grain}', {_four(ids)}, 'day', {day}, v.figure, count(*), sum(v.x),
        sum(CASE WHEN v.timed THEN 0 ELSE v.x * v.x END), sum(v.y),
        array_agg({bucket("v.x")}) FILTER (WHERE v.timed), NULL,
        array_agg({bucket("v.y")}) FILTER (WHERE v.timed AND v.y IS NOT NULL), NULL, {raters if personal else "NULL"}
    FROM {rows} CROSS JOIN LATERAL {values(source.definitions)}
    WHERE {condition} AND {APPLIES}
    GROUP BY {", ".join(ids.values())}, {day}, v.figure
    """  # noqa: S608


def _four(ids: dict[str, str]) -> str:
    """The four ids of a cell, 0 for those its grain does not tell apart."""
    return ", ".join(ids.get(name, "0") for name in DIMENSIONS)


def count_from_cells(grain: str, span: str, *, of_grain: str, of_span: str, everything: bool = False) -> str:
    """Insert cells that add up finer ones, a customer its pairs, a month its days: those named by `keys`, or all."""
    ids = {name: f"r.{name}" for name in GRAINS[grain]}
    day = "r.day" if span == of_span else "date_trunc('month', r.day)::date"
    rows = "metrics_rollup AS r"
    if not everything:
        same = [f"r.{name} = key.{name}" for name in (*ids, "figure")]
        same.append(
            "r.day = key.day" if span == of_span else "r.day >= key.day AND r.day < key.day + interval '1 month'"
        )
        rows = f"({keys((*ids, 'day', 'figure'))}) AS key JOIN {rows} ON {' AND '.join(same)}"
    cell = ", ".join([*ids, "day", "figure"])
    return f"""
    INSERT INTO metrics_rollup ({COLUMNS})
    SELECT '{grain}', {_four({name: name for name in ids})}, '{span}', day, figure,
        sum(n) FILTER (WHERE part = 's'), sum(total) FILTER (WHERE part = 's'),
        sum(squares) FILTER (WHERE part = 's'), sum(total_cs) FILTER (WHERE part = 's'),
        array_agg(item ORDER BY item) FILTER (WHERE part = 'w'), array_agg(n ORDER BY item) FILTER (WHERE part = 'w'),
        array_agg(item ORDER BY item) FILTER (WHERE part = 'c'), array_agg(n ORDER BY item) FILTER (WHERE part = 'c'),
        (array_agg(item ORDER BY item) FILTER (WHERE part = 'p'))[1:5]
    FROM (
        SELECT {", ".join(ids.values())}, {day} AS day, r.figure, part, item, sum(part.n) AS n,
            sum(part.total) AS total, sum(part.squares) AS squares, sum(part.total_cs) AS total_cs
        FROM {rows}
        CROSS JOIN LATERAL (
            SELECT 's' AS part, NULL::bigint AS item, r.n, r.total, r.squares, r.total_cs
            UNION ALL
            SELECT 'w', item, coalesce(n, 1), 0, 0, 0 FROM unnest(r.buckets, r.counts) AS bar (item, n)
            UNION ALL
            SELECT 'c', item, coalesce(n, 1), 0, 0, 0 FROM unnest(r.buckets_cs, r.counts_cs) AS bar (item, n)
            UNION ALL
            SELECT 'p', item, 1, 0, 0, 0 FROM unnest(r.people) AS item
        ) AS part
        WHERE r.grain = '{of_grain}' AND r.span = '{of_span}'
        GROUP BY {", ".join(ids.values())}, {day}, r.figure, part, item) AS merged
    GROUP BY {cell}
    """  # noqa: S608


def figures_of(anchor: str, *, fine: bool) -> list[str]:
    return [definition.key for definition in source_of(anchor, fine=fine).definitions]
