"""Facts out of the database as columns, cells into it and out of it again."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection

from metrics.rollups import engine
from metrics.rollups.counting import KEY, MISSING, Counted, Lines, Rows, packed, unpacked
from metrics.rollups.definitions import COUNTED, Definition

FIRST_DAY = date(1970, 1, 1)
FIGURES = tuple(COUNTED)
HEADER, TRAILER = 19, 2  # bytes around the rows of COPY's binary format
FIELD = (("length", ">i4"), ("value", ">i8"))
NULL = "\\N"
Params = Mapping[str, Any]


class Facts:
    """Facts of a family of anchors as columns."""

    def __init__(self, family: engine.Family, sql: str, params: Params) -> None:
        names = list(engine.columns(family))
        self._columns = dict(zip(names, _taken(sql, params, len(names)), strict=True))

    def of(self, anchor: str) -> Rows:
        """Those that count on a day of this anchor."""
        days = self._columns[f"{anchor} day"]
        held = days != MISSING
        missing = np.full(int(held.sum()), MISSING, np.int64)
        chosen = lambda name: self._columns[name][held] if name in self._columns else missing  # noqa: E731
        figures = engine.figures_of(anchor)
        return Rows(
            key={name: chosen(name) for name in KEY[:-2]} | {"day": days[held]},
            rater=chosen("rater"),
            values={key: (chosen(f"{key} x"), chosen(f"{key} y")) for key in figures},
        )


def facts_of_cells(anchor: str, ids: tuple[str, ...], params: Params) -> Rows:
    """The facts that the cells named by `params` (one array an id, and `day`) were counted from."""
    source = engine.source_of(anchor)
    family = engine.Family(source.table, source.supplier, (anchor,))
    return Facts(family, engine.rows_of_cells(family, ids), params).of(anchor)


def _taken(sql: str, params: Params, columns: int) -> list[np.ndarray]:
    """COPY in binary: every value has eight bytes, so no value need be looked at."""
    taken = io.BytesIO()
    with connection.cursor() as cursor:
        filled = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({filled}) TO STDOUT (FORMAT binary)", taken)
    fields = [("fields", ">i2"), *((f"{kind}{place}", size) for place in range(columns) for kind, size in FIELD)]
    rows = np.frombuffer(taken.getbuffer()[HEADER:-TRAILER], np.dtype(fields))
    return [rows[f"value{place}"].astype(np.int64) for place in range(columns)]


def definitions_of(anchor: str, grain: str) -> dict[int, Definition]:
    """The figures of an anchor that a grain holds, by their numbers."""
    return {engine.NUMBERS[key]: COUNTED[key] for key in engine.figures_of(anchor, grain)}


def cells_of(grain: str, ids: tuple[str, ...], params: Params, *, everything_of: str = "") -> Counted:
    """Stored cells as `engine.stored` chooses them; figures that are defined no more are left out."""
    with connection.cursor() as cursor:
        cursor.execute(engine.stored(grain, ids, everything_of=everything_of), params)
        rows = [row for row in cursor if row[5] in engine.NUMBERS]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 13
    numbers = [np.array(column, np.int64) for column in columns[:5]]
    figures = np.array([engine.NUMBERS[key] for key in columns[5]], np.int64)
    n, total, squares = (np.array(column, np.int64) for column in columns[6:9])
    return Counted(
        key=dict(zip(KEY, [*numbers, figures], strict=True)),
        n=n, total=total, squares=squares,
        total_cs=np.array([value or 0 for value in columns[9]], np.int64),
        people=_lines(columns[10]), bars=unpacked(columns[11]), bars_cs=unpacked(columns[12]),
    )  # fmt: skip


def _lines(people: Sequence[Sequence[int] | None]) -> Lines:
    sizes = [len(some or ()) for some in people]
    items = np.array([person for some in people for person in some or ()], np.int64)
    return Lines(np.repeat(np.arange(len(people)), sizes), items, np.ones(len(items), np.int64))


def write(cells: Counted, *, grain: str, span: str) -> int:
    """Store these cells, of which none may be there yet; how many they are."""
    if not len(cells):
        return 0
    names = f"grain, span, {', '.join(KEY)}, {engine.COLUMNS}"
    text = io.StringIO("\n".join(_written(cells, f"{grain}\t{span}")) + "\n")
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY metrics_rollup ({names}) FROM STDIN", text)
    return len(cells)


def _written(cells: Counted, begins: str) -> Iterable[str]:
    size = len(cells)
    days = {day: (FIRST_DAY + timedelta(days=day)).isoformat() for day in np.unique(cells.key["day"]).tolist()}
    kinds = [(key, COUNTED[key].is_duration, bool(COUNTED[key].calendar), COUNTED[key].personal) for key in FIGURES]
    columns = [cells.key[name].tolist() for name in KEY]
    sums = [column.tolist() for column in (cells.n, cells.total, cells.squares, cells.total_cs)]
    people = _people(cells.people, size)
    sketches, sketches_cs = packed(cells.bars, size), packed(cells.bars_cs, size)
    for place, (supplier, customer, service, priority, day, number, n, total, squares, total_cs) in enumerate(
        zip(*columns, *sums, strict=True)
    ):
        key, timed, calendar, personal = kinds[number]
        yield (
            f"{begins}\t{supplier}\t{customer}\t{service}\t{priority}\t{days[day]}\t{key}\t{n}\t{total}\t{squares}\t"
            f"{total_cs if calendar else NULL}\t{people.get(place, NULL) if personal else NULL}\t"
            f"{_bytes(sketches[place]) if timed else NULL}\t"
            f"{_bytes(sketches_cs[place]) if timed and calendar else NULL}"
        )


def _bytes(sketch: bytes) -> str:
    return f"\\\\x{sketch.hex()}"


def _people(people: Lines, size: int) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for place, person in zip(people.place.tolist(), people.item.tolist(), strict=True):
        found.setdefault(place, []).append(str(person))
    return {place: "{" + ",".join(some) + "}" for place, some in found.items()}
