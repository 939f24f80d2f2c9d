"""The SQL around the counting of cells. Texts are put together from our own definitions; all values are parameters.

Cells of a day by pair, by service and by priority are counted from facts. Those of a supplier and of a customer add
up their pairs, those of a week and a month add up days: sums and sketches add exactly, as if counted from facts.
"""

from dataclasses import dataclass
from functools import cache

from metrics.rollups.counting import MISSING
from metrics.rollups.definitions import COUNTED, Definition, anchors

TABLES = {"fact": "metrics_requestfact", "offer": "metrics_offerfact"}
DIMENSIONS = ("supplier_id", "customer_id", "service_id", "priority")
GRAINS = {
    "pair": ("supplier_id", "customer_id"),
    "service": ("supplier_id", "service_id"),
    "priority": ("supplier_id", "priority"),
    "line": ("supplier_id", "customer_id", "service_id"),
    "supplier": ("supplier_id",),
    "customer": ("customer_id",),
}
FLAGS = {"service": "fine", "priority": "fine", "line": "by_line"}  # these hold only the figures marked so
COUNTED_FROM_FACTS = ("pair", *FLAGS)
ADDED_UP = ("supplier", "customer")  # from pairs
SPANS = ("week", "month")  # added up from days
TYPES = {"supplier_id": "bigint", "customer_id": "bigint", "service_id": "bigint", "priority": "smallint"}
TYPES |= {"span": "varchar", "day": "date", "figure": "varchar"}
COLUMNS = "n, total, squares, total_cs, people, sketch, sketch_cs"
FIRST_DAY = "date '1970-01-01'"
NUMBERS = {key: number for number, key in enumerate(COUNTED)}  # of the figures, in columns of numbers


@dataclass(frozen=True)
class Source:
    """Where the rows of an anchor come from."""

    table: str
    supplier: str
    definitions: tuple[Definition, ...]


def source_of(anchor: str, grain: str = "pair") -> Source:
    """The figures of an anchor that a grain holds. They share a table and the column that names the supplier."""
    chosen = anchors()[anchor]
    first = chosen[0]
    flag = FLAGS.get(grain)
    wanted = tuple(definition for definition in chosen if flag is None or getattr(definition, flag))
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


@dataclass(frozen=True)
class Family:
    """Anchors whose facts lie in one table and name their supplier in one column, so they can be read together."""

    table: str
    supplier: str
    anchors: tuple[str, ...]


@cache
def families() -> list[Family]:
    found: dict[tuple[str, str], list[str]] = {}
    for anchor in anchors():
        source = source_of(anchor)
        found.setdefault((source.table, source.supplier), []).append(anchor)
    return [Family(*which, tuple(mine)) for which, mine in found.items()]


def columns(family: Family) -> dict[str, str]:
    """Name → SQL of every column that counting reads: the ids, who rated, a day for each anchor counted from 1970, and
    `.. x` and, where there is calendar time, `.. y` for each figure.
    """
    found = {name: dimension(name, "f") for name in DIMENSIONS} | {"supplier_id": f"f.{family.supplier}"}
    for anchor in family.anchors:
        found[f"{anchor} day"] = f"f.{anchor}_day - {FIRST_DAY}"
        for definition in source_of(anchor).definitions:
            found[f"{definition.key} x"] = definition.value
            if definition.calendar:
                found[f"{definition.key} y"] = definition.calendar
            if definition.personal:
                found["rater"] = "f.rater_id"
    return found


def rows_of_cells(family: Family, ids: tuple[str, ...]) -> str:
    """The facts of a family's one anchor that the cells named by `keys` (ids.., day) were counted from."""
    (anchor,) = family.anchors
    chosen = columns(family)
    same = " AND ".join([*(f"{chosen[name]} = key.{name}" for name in ids), f"f.{anchor}_day = key.day"])
    return f"SELECT {_whole(chosen)} FROM ({keys((*ids, 'day'))}) AS key JOIN {family.table} AS f ON {same}"  # noqa: S608


def rows_of_suppliers(family: Family) -> str:
    """The facts of `suppliers` that were filed (offered) from the day `start` up to `end`."""
    first = f"f.{'offered' if family.table == TABLES['offer'] else 'created'}_day"
    return (
        f"SELECT {_whole(columns(family))} FROM {family.table} AS f "  # noqa: S608
        f"WHERE f.{family.supplier} = ANY(%(suppliers)s) AND {first} >= %(start)s AND {first} < %(end)s"
    )


def _whole(chosen: dict[str, str]) -> str:
    """Every value as a whole number of eight bytes, never NULL."""
    return ", ".join(f"coalesce(({value})::bigint, {MISSING})" for value in chosen.values())


def extent(family: Family) -> str:
    """Whose facts there are, how many, and the first and the last day on which any was filed (offered)."""
    first = f"{'offered' if family.table == TABLES['offer'] else 'created'}_day"
    return (
        f"SELECT {family.supplier}, count(*), min({first}), max({first}) FROM {family.table} "  # noqa: S608
        f"WHERE {family.supplier} IS NOT NULL GROUP BY 1"
    )


def stored(grain: str, ids: tuple[str, ...], *, everything_of: str = "") -> str:
    """The stored cells of a grain named by `keys` (ids.., span, day, figure), or all day cells of one department,
    `everything_of` a column of the key. The key's columns come first, figures by their names.

    Each day is asked for by name: the index of the cells tells figures apart within a day, not within a month.
    """
    columns = f"r.supplier_id, r.customer_id, r.service_id, r.priority, r.day - {FIRST_DAY}, r.figure, {_of('r')}"
    if everything_of:
        return (
            f"SELECT {columns} FROM metrics_rollup AS r "  # noqa: S608
            f"WHERE r.grain = '{grain}' AND r.span = 'day' AND r.{everything_of} = %(department)s"
        )
    same = [f"r.{name} = key.{name}" for name in (*ids, "span", "day", "figure")]
    same += [f"r.{name} = 0" for name in DIMENSIONS if name not in (*ids, *GRAINS[grain])]
    return f"""
        SELECT {columns} FROM ({keys((*ids, "span", "day", "figure"))}) AS key
        JOIN metrics_rollup AS r ON {" AND ".join(same)}
        WHERE r.grain = '{grain}'
    """  # noqa: S608


def _of(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in COLUMNS.split(", "))


def figures_of(anchor: str, grain: str = "pair") -> list[str]:
    return [definition.key for definition in source_of(anchor, grain).definitions]
