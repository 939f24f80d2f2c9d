"""Columns counted at once give what counting row by row, in plain Python, gives."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.rollups.counting import KEY, MISSING, Rows, add_up, count, first_days, grouped, joined, packed, unpacked
from metrics.rollups.definitions import COUNTED
from metrics.rollups.sketch import SHIFT, bucket_of

TIMED, PLAIN, PERSONAL = COUNTED["resolution_time"], COUNTED["handoffs_mean"], COUNTED["rating_mean"]
FIGURES = {0: TIMED, 1: PLAIN, 2: PERSONAL}
IDS = ("supplier_id", "customer_id")
small, value = st.integers(1, 3), st.none() | st.integers(-2, 400_000)
rows = st.lists(st.tuples(small, small, st.integers(20_000, 20_070), small, value, value, value, value), max_size=60)


def columns_of(rows):
    column = lambda place: np.array([MISSING if row[place] is None else row[place] for row in rows], np.int64)  # noqa: E731
    nothing = np.zeros(len(rows), np.int64)
    key = dict(zip(KEY, [column(0), column(1), nothing, nothing, column(2)], strict=False))
    missing = np.full(len(rows), MISSING, np.int64)
    values = {
        TIMED.key: (column(4), column(5)), PLAIN.key: (column(6), missing), PERSONAL.key: (column(7), missing),
    }  # fmt: skip
    return Rows(key=key, rater=column(3), values=values)


def by_hand(rows, span="day", customers=True):
    """(supplier, customer or 0, first day, figure) → n, total, squares, total in calendar time, bars, people."""
    found = defaultdict(lambda: [0, 0, 0, 0, Counter(), Counter(), set()])
    for supplier, customer, day, person, working, calendar, plain, personal in rows:
        cell = (supplier, customer if customers else 0, start_of(day, span))
        if working is not None and (calendar is None or (working >= 0 and calendar >= 0)):
            note(found[*cell, 0], working, 0, calendar, person=None)
        for figure, x in ((1, plain), (2, personal)):
            if x is not None:
                note(found[*cell, figure], x, x * x, None, person=person if figure == 2 else None, timed=False)
    return {key: [*sums[:6], sorted(sums[6])[:5]] for key, sums in found.items()}


def note(sums, x, square, calendar, *, person, timed=True):
    sums[0] += 1
    sums[1] += x
    sums[2] += square
    sums[3] += calendar or 0
    if timed:
        sums[4][bucket_of(x) + SHIFT] += 1
        if calendar is not None:
            sums[5][bucket_of(calendar) + SHIFT] += 1
    if person is not None:
        sums[6].add(person)


def start_of(day, span):
    known = date(1970, 1, 1) + timedelta(days=day)
    first = {"day": known, "week": known - timedelta(days=known.weekday()), "month": known.replace(day=1)}[span]
    return (first - date(1970, 1, 1)).days


def told(cells):
    """The same out of columns."""
    found = {}
    for place in range(len(cells)):
        key = tuple(int(cells.key[name][place]) for name in ("supplier_id", "customer_id", "day", "figure"))
        lines = [of_place(lines, place) for lines in (cells.bars, cells.bars_cs, cells.people)]
        sums = [int(column[place]) for column in (cells.n, cells.total, cells.squares, cells.total_cs)]
        found[key] = [*sums, lines[0], lines[1], sorted(lines[2])]
    assert len(found) == len(cells)
    return found


def of_place(lines, place):
    mine = lines.place == place
    return Counter(dict(zip(lines.item[mine].tolist(), lines.n[mine].tolist(), strict=True)))


@given(rows)
def test_day_cells_are_what_counting_by_hand_gives(rows):
    assert told(count(columns_of(rows), IDS, FIGURES)) == by_hand(rows)


@settings(deadline=None)
@given(rows, st.sampled_from(["day", "week", "month"]), st.booleans())
def test_coarser_cells_are_what_counting_all_by_hand_gives(rows, span, customers):
    days = count(columns_of(rows), IDS, FIGURES)
    changed = {} if customers else {"customer_id": 0}

    assert told(add_up(days, day=first_days(days.key["day"], span), **changed)) == by_hand(rows, span, customers)


@given(rows)
def test_sets_that_share_no_key_are_joined_as_they_are(rows):
    first, rest = [row for row in rows if row[0] == 1], [row for row in rows if row[0] != 1]

    parts = [count(columns_of(part), IDS, FIGURES) for part in (first, rest)]

    assert told(joined(parts)) == by_hand(rows)


@given(rows)
def test_sketches_come_out_of_their_bytes_as_they_went_in(rows):
    cells = count(columns_of(rows), IDS, FIGURES)

    read = unpacked(packed(cells.bars, len(cells)))

    assert [column.tolist() for column in read] == [column.tolist() for column in cells.bars]


def test_keys_too_wide_for_one_number_are_told_apart_all_the_same():
    wide = [np.array([1, 1 << 40, 1, 5], np.int64), np.array([7, 1 << 41, 7, 1 << 40], np.int64)]

    assert grouped(wide).place.tolist() == [0, 2, 0, 1]


def test_of_nothing_nothing_is_counted():
    assert len(joined([])) == len(count(columns_of([]), IDS, FIGURES)) == 0
