"""Counting everything from the beginning, to replace what is stored or to compare with it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, transaction

from metrics.facts import selectors as facts
from metrics.facts.models import HoldingInterval, RequestFact
from metrics.facts.services import COLUMNS, computed, refresh_facts
from metrics.rollups import engine, storing
from metrics.rollups.counting import Counted, add_up, count, joined
from metrics.rollups.models import Rollup, StaleCell
from metrics.rollups.services import RECOUNT_LOCK, coarser, mark_stale, note_generation, touched_cells

CHUNK = 500
ROOM = 500_000  # facts that are counted together
INTERVAL_COLUMNS = tuple(field.name for field in HoldingInterval._meta.concrete_fields)


# ── Facts ────────────────────────────────────────────────────────────────────


def chunks_of_requests() -> Iterator[list[int]]:
    """All requests of the log, by id."""
    last = 0
    while ids := facts.request_ids_after(last, CHUNK):
        yield ids
        last = ids[-1]


def refold_all() -> Iterator[tuple[int, int]]:
    """Fold every request anew, a chunk a transaction; yields (requests folded, requests changed)."""
    for ids in chunks_of_requests():
        yield len(ids), _refold(ids)
    orphans = facts.fact_ids_without_history()
    if orphans:
        yield 0, _refold(orphans)


@transaction.atomic
def _refold(ids: list[int]) -> int:
    changes = refresh_facts(request_ids=ids)
    mark_stale({cell for change in changes for cell in touched_cells(change)})
    return len(changes)


def wrong_facts() -> Iterator[int]:
    """Requests whose stored facts, intervals, offers or work differ from what their events fold to."""
    for ids in chunks_of_requests():
        stored = facts.facts_of(ids, COLUMNS)
        found = computed(ids)
        stored_intervals, stored_offers, stored_work = _intervals_of(ids), facts.offers_of(ids), facts.work_of(ids)
        for pk in ids:
            same = stored.get(pk) == found.facts.get(pk) and stored_offers.get(pk) == found.offers.get(pk)
            same = same and stored_work.get(pk) == found.work.get(pk)
            if not same or stored_intervals.get(pk, []) != found.intervals.get(pk, []):
                yield pk
    yield from facts.fact_ids_without_history()


def _intervals_of(ids: list[int]) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = {}
    rows = HoldingInterval.objects.filter(request_id__in=ids).order_by("request_id", "place")
    for row in rows.values(*INTERVAL_COLUMNS):
        found.setdefault(row["request_id"], []).append(row)
    return found


# ── Cells ────────────────────────────────────────────────────────────────────


def _wait_for_turn() -> None:
    """However long somebody else counts: whoever counts everything has time, needs room, and counts between queries."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECOUNT_LOCK])


@contextmanager
def counted_aside() -> Iterator[str]:
    """All cells counted from facts into a temporary table that hides the real one; yields the real one's name.

    Inside, every statement that names metrics_rollup means the temporary table.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _wait_for_turn()
        cursor.execute("SELECT quote_ident(current_schema()) || '.metrics_rollup'")
        real = cursor.fetchone()[0]
        cursor.execute(f"CREATE TEMPORARY TABLE metrics_rollup (LIKE {real} INCLUDING ALL) ON COMMIT DROP")
        count_everything()
        yield real
        cursor.execute("DROP TABLE pg_temp.metrics_rollup")


def count_everything() -> int:
    """Count all facts into an empty table of cells, a lot of suppliers at a time; how many cells."""
    cells = 0
    for suppliers, first, last in lots():
        for grain, days in _days_of_suppliers(suppliers, first, last).items():
            cells += _write_spans(days, grain)
            if grain == "pair":
                cells += _write_spans(coarser(days, "supplier", "day"), "supplier")
    for customer in _customers():
        pairs = storing.cells_of("pair", (), {"department": customer}, everything_of="customer_id")
        cells += _write_spans(coarser(pairs, "customer", "day"), "customer")
    return cells


def lots() -> list[tuple[list[int], date, date]]:
    """Suppliers that are counted together, with the first and last day of their facts: some ROOM facts, or just one."""
    sizes: Counter[int] = Counter()
    days: dict[int, list[date]] = {}
    with connection.cursor() as cursor:
        for family in engine.families():
            cursor.execute(engine.extent(family))
            for supplier, n, first, last in cursor.fetchall():
                sizes[supplier] += n
                days.setdefault(supplier, []).extend((first, last))
    found: list[list[int]] = []
    room = 0
    for supplier, n in sorted(sizes.items()):
        if n > room:
            found.append([])
            room = ROOM
        found[-1].append(supplier)
        room -= n
    every = [[day for supplier in lot for day in days[supplier]] for lot in found]
    return [(lot, min(some), max(some)) for lot, some in zip(found, every, strict=True)]


def _days_of_suppliers(suppliers: list[int], first: date, last: date) -> dict[str, Counted]:
    """The day cells of each grain that is counted from facts."""
    parts: dict[str, list[Counted]] = {grain: [] for grain in engine.COUNTED_FROM_FACTS}
    for start, end in _years(first, last):
        for family in engine.families():
            params = {"suppliers": suppliers, "start": start, "end": end}
            facts = storing.Facts(family, engine.rows_of_suppliers(family), params)
            for anchor in family.anchors:
                rows = facts.of(anchor)
                for grain, mine in parts.items():
                    definitions = storing.definitions_of(anchor, grain)
                    mine.append(count(rows, engine.GRAINS[grain], definitions))
    return {grain: add_up(joined(mine)) for grain, mine in parts.items()}


def _years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """[first, last] in pieces that fit into memory, as [start, end)."""
    for year in range(first.year, last.year + 1):
        yield max(first, date(year, 1, 1)), min(last + timedelta(days=1), date(year + 1, 1, 1))


def _customers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT customer_id FROM metrics_rollup WHERE grain = 'pair' AND span = 'month'")
        return [customer for (customer,) in cursor.fetchall()]


def _write_spans(days: Counted, grain: str) -> int:
    coarse = sum(storing.write(coarser(days, grain, span), grain=grain, span=span) for span in engine.SPANS)
    return storing.write(days, grain=grain, span="day") + coarse


def rebuild_cells() -> int:
    """Replace every stored cell; readers see the old ones until the new ones are all there."""
    if not Rollup.objects.exists():
        return _first_count()
    with counted_aside() as real, connection.cursor() as cursor:
        StaleCell.objects.all().delete()
        cursor.execute(f"DELETE FROM {real}")  # noqa: S608
        cursor.execute(f"INSERT INTO {real} SELECT * FROM metrics_rollup")  # noqa: S608
        note_generation()
        return cursor.rowcount


@transaction.atomic
def _first_count() -> int:
    """Nothing to compare with and nobody to spare: count straight into place, at half the cost."""
    _wait_for_turn()
    StaleCell.objects.all().delete()
    cells = count_everything()
    note_generation()
    return cells


def wrong_cells() -> list[tuple]:
    """Stored cells that a count from facts does not give, and counted ones that are not stored."""
    columns = "grain, supplier_id, customer_id, service_id, priority, span, day, figure"
    wanted = f"{columns}, {engine.COLUMNS}"
    with counted_aside() as real, connection.cursor() as cursor:
        sql = f"""
            WITH stored AS (SELECT {wanted} FROM {real}), counted AS (SELECT {wanted} FROM metrics_rollup)
            SELECT DISTINCT {columns} FROM (
                (TABLE stored EXCEPT TABLE counted) UNION ALL (TABLE counted EXCEPT TABLE stored)) AS wrong
        """  # noqa: S608
        cursor.execute(sql)
        return cursor.fetchall()


def sizes() -> dict[str, int]:
    return {"requests": RequestFact.objects.count(), "cells": Rollup.objects.count()}
