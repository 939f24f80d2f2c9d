"""Counting: rows of facts become cells, cells become coarser cells. Whole columns at a time, in no database.

A set of cells is kept as columns side by side (`Counted`); place i of every column belongs to cell i. What a cell has
several of - the bars of its sketch, the people who answered - are lines of their own that name their cell (`Lines`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from metrics.rollups.definitions import Definition
from metrics.rollups.sketch import BAR, LN_GAMMA, SHIFT, ZERO

Column = np.ndarray  # of whole numbers
KEY = ("supplier_id", "customer_id", "service_id", "priority", "day", "figure")
MISSING = -(1 << 62)  # stands for NULL in a column
MOST_PEOPLE = 5  # enough to tell whether five answered


class Lines(NamedTuple):
    """`n` times `item`, of the cell at this place."""

    place: Column
    item: Column
    n: Column


NONE = np.empty(0, np.int64)
NO_LINES = Lines(NONE, NONE, NONE)


@dataclass(frozen=True)
class Counted:
    """Cells: `key` by the names of KEY (day counted from 1970, figure by its number), sums, sketches, people."""

    key: Mapping[str, Column]
    n: Column
    total: Column
    squares: Column
    total_cs: Column
    bars: Lines = NO_LINES
    bars_cs: Lines = NO_LINES
    people: Lines = NO_LINES

    def __len__(self) -> int:
        return len(self.n)


@dataclass(frozen=True)
class Rows:
    """Rows of facts: the ids and the day by the names of KEY, who rated, and the values of each figure or MISSING."""

    key: Mapping[str, Column]
    rater: Column
    values: Mapping[str, tuple[Column, Column]]  # key of the figure → working time or plain, calendar time


class Groups(NamedTuple):
    """Which rows share a key: rows in the `order` of their keys, where each group `starts`, each row's `place`."""

    order: Column
    starts: Column
    place: Column

    def sums(self, values: Column) -> Column:
        return np.add.reduceat(values[self.order], self.starts) if len(self.starts) else np.empty(0, np.int64)

    def firsts(self, values: Column) -> Column:
        return values[self.order[self.starts]]


def grouped(columns: Sequence[Column]) -> Groups:
    code = _code(columns)
    order = np.argsort(code)
    ranked = code[order]
    new = np.ones(len(code), bool)
    new[1:] = ranked[1:] != ranked[:-1]
    place = np.empty(len(code), np.int64)
    place[order] = np.cumsum(new) - 1
    return Groups(order, np.flatnonzero(new), place)


def _code(columns: Sequence[Column]) -> Column:
    """One number for each row, equal where all columns are."""
    code, room = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        if not len(column):
            return code
        least, width = column.min(), int(column.max() - column.min()) + 1
        if room * width >= 1 << 62:
            code, room = _ranks(code)
            column, width = _ranks(column)
            least = 0
        code = code * width + (column - least)
        room *= width
    return code


def _ranks(column: Column) -> tuple[Column, int]:
    different, ranks = np.unique(column, return_inverse=True)
    return ranks.reshape(-1), len(different)


def _together(lines: Lines) -> Lines:
    """Lines of the same cell and item as one, by cell and item."""
    if not len(lines.place):
        return lines
    groups = grouped([lines.place, lines.item])
    return Lines(groups.firsts(lines.place), groups.firsts(lines.item), groups.sums(lines.n))


def _few(people: Lines) -> Lines:
    """Of each cell the first few different people."""
    people = _together(people)
    if not len(people.place):
        return people
    starts = np.flatnonzero(np.r_[True, people.place[1:] != people.place[:-1]])
    rank = np.arange(len(people.place)) - np.repeat(starts, np.diff(np.r_[starts, len(people.place)]))
    kept = rank < MOST_PEOPLE
    return Lines(people.place[kept], people.item[kept], np.ones(int(kept.sum()), np.int64))


# ── From facts ───────────────────────────────────────────────────────────────


def count(rows: Rows, ids: Sequence[str], definitions: Mapping[int, Definition]) -> Counted:
    """The day cells that tell these ids apart, of these figures (by number). Cells of nothing are left out."""
    groups = grouped([rows.key[name] for name in (*ids, "day")])
    zeros = np.zeros(len(groups.starts), np.int64)
    key = {name: groups.firsts(rows.key[name]) if name in (*ids, "day") else zeros for name in KEY[:-1]}
    return joined([_figure(rows, groups, key, number, definition) for number, definition in definitions.items()])


def _figure(rows: Rows, groups: Groups, key: Mapping[str, Column], number: int, definition: Definition) -> Counted:
    x, y = rows.values[definition.key]
    applies = x != MISSING
    applies &= (y == MISSING) | ((x >= 0) & (y >= 0))
    n = groups.sums(applies.astype(np.int64))
    held = np.flatnonzero(n)
    cell = np.cumsum(n > 0) - 1  # a group's place among those that hold anything
    place, x, y = cell[groups.place[applies]], x[applies], y[applies]
    timed, known = definition.is_duration, y != MISSING
    add_up = lambda where, values: _added(len(held), where, values)  # noqa: E731
    return Counted(
        key={name: column[held] for name, column in key.items()} | {"figure": np.full(len(held), number)},
        n=n[held],
        total=add_up(place, x),
        squares=np.zeros(len(held), np.int64) if timed else add_up(place, x * x),
        total_cs=add_up(place[known], y[known]),
        bars=_bars(place, x) if timed else NO_LINES,
        bars_cs=_bars(place[known], y[known]) if timed else NO_LINES,
        people=_people(place, rows.rater[applies]) if definition.personal else NO_LINES,
    )


def _added(size: int, place: Column, values: Column) -> Column:
    sums = np.zeros(size, np.int64)
    np.add.at(sums, place, values)
    return sums


def _bars(place: Column, values: Column) -> Lines:
    buckets = np.full(len(values), ZERO, np.int64)
    timed = values >= 1
    buckets[timed] = np.ceil(np.log(values[timed]) / LN_GAMMA).astype(np.int64)
    return _together(Lines(place, buckets + SHIFT, np.ones(len(values), np.int64)))


def _people(place: Column, raters: Column) -> Lines:
    known = raters != MISSING
    return _few(Lines(place[known], raters[known], np.ones(int(known.sum()), np.int64)))


# ── From cells ───────────────────────────────────────────────────────────────


def add_up(cells: Counted, **changed: Column | int) -> Counted:
    """The cells with these columns of the key changed; those whose keys become the same add up to one."""
    size = len(cells)
    key = {name: np.broadcast_to(np.asarray(changed.get(name, cells.key[name]), np.int64), size) for name in KEY}
    groups = grouped(list(key.values()))
    move = lambda lines: Lines(groups.place[lines.place], lines.item, lines.n)  # noqa: E731
    return Counted(
        key={name: groups.firsts(column) for name, column in key.items()},
        n=groups.sums(cells.n),
        total=groups.sums(cells.total),
        squares=groups.sums(cells.squares),
        total_cs=groups.sums(cells.total_cs),
        bars=_together(move(cells.bars)),
        bars_cs=_together(move(cells.bars_cs)),
        people=_few(move(cells.people)),
    )


def joined(parts: Sequence[Counted]) -> Counted:
    """Cells of several sets, none of which share a key."""
    if not parts:
        return Counted(dict.fromkeys(KEY, NONE), NONE, NONE, NONE, NONE)
    starts = np.cumsum([0, *map(len, parts)])[:-1]
    lines = lambda name: Lines(  # noqa: E731
        np.concatenate([getattr(part, name).place + start for part, start in zip(parts, starts, strict=True)]),
        np.concatenate([getattr(part, name).item for part in parts]),
        np.concatenate([getattr(part, name).n for part in parts]),
    )
    sums = ("n", "total", "squares", "total_cs")
    plain = {name: np.concatenate([getattr(part, name) for part in parts]) for name in sums}
    key = {name: np.concatenate([part.key[name] for part in parts]) for name in KEY}
    return Counted(key=key, **plain, bars=lines("bars"), bars_cs=lines("bars_cs"), people=lines("people"))


def first_days(days: Column, span: str) -> Column:
    """The first day of the week (a Monday) or month that each day lies in; all days counted from 1970."""
    if span == "week":
        return days - (days + 3) % 7  # 1970 began on a Thursday
    if span == "month":
        return days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


# ── To and from the database ─────────────────────────────────────────────────


def packed(lines: Lines, size: int) -> list[bytes]:
    """The bars of each of `size` cells as the database keeps them; lines come by cell and bucket."""
    bars = np.empty(len(lines.place), BAR)
    bars["bucket"], bars["n"] = lines.item, lines.n
    whole = bars.tobytes()
    ends = np.searchsorted(lines.place, np.arange(1, size + 1)) * BAR.itemsize
    starts = [0, *ends.tolist()]
    return [whole[start:end] for start, end in pairwise(starts)]


def unpacked(sketches: Sequence[bytes | memoryview | None]) -> Lines:
    bars = np.frombuffer(b"".join(sketch or b"" for sketch in sketches), BAR)
    sizes = [len(sketch or b"") // BAR.itemsize for sketch in sketches]
    place = np.repeat(np.arange(len(sketches)), sizes)
    return Lines(place, bars["bucket"].astype(np.int64), bars["n"].astype(np.int64))
