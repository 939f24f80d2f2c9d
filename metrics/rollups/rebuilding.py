"""Counting everything from the beginning, to replace what is stored or to compare with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from metrics.facts import selectors as facts
from metrics.facts.models import HoldingInterval, RequestFact
from metrics.facts.services import COLUMNS, computed, refresh_facts
from metrics.rollups import engine
from metrics.rollups.definitions import anchors
from metrics.rollups.models import Rollup, StaleCell
from metrics.rollups.services import RECOUNT_LOCK, mark_stale, note_generation, touched_cells

CHUNK = 500
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
    """However long somebody else counts: whoever counts everything has time, and needs room."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECOUNT_LOCK])


@contextmanager
def counted_aside() -> Iterator[str]:
    """All cells counted from facts into a temporary table that hides the real one; yields the real one's name.

    Inside, every statement of the engine that names metrics_rollup means the temporary table.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _wait_for_turn()
        cursor.execute("SELECT quote_ident(current_schema()) || '.metrics_rollup'")
        real = cursor.fetchone()[0]
        cursor.execute(f"CREATE TEMPORARY TABLE metrics_rollup (LIKE {real} INCLUDING ALL) ON COMMIT DROP")
        for sql in statements():
            cursor.execute(sql)
        yield real
        cursor.execute("DROP TABLE pg_temp.metrics_rollup")


def statements() -> Iterator[str]:
    """The whole count, finest cells first."""
    for grain in engine.COUNTED_FROM_FACTS:
        for anchor in anchors():
            if engine.figures_of(anchor, fine=grain in engine.FINE):
                yield engine.count_from_facts(grain, anchor, everything=True)
    yield engine.count_from_cells("customer", "day", of_grain="pair", of_span="day", everything=True)
    for grain in engine.GRAINS:
        yield engine.count_from_cells(grain, "month", of_grain=grain, of_span="day", everything=True)


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
    with connection.cursor() as cursor:
        StaleCell.objects.all().delete()
        for sql in statements():
            cursor.execute(sql)
    note_generation()
    return Rollup.objects.count()


def wrong_cells() -> list[tuple]:
    """Stored cells that a count from facts does not give, and counted ones that are not stored."""
    columns = "grain, supplier_id, customer_id, service_id, priority, span, day, figure"
    ordered = [f"(SELECT array_agg(b ORDER BY b) FROM unnest({name}) AS b)" for name in ("buckets", "buckets_cs")]  # noqa: S608
    wanted = f"{columns}, n, total, squares, total_cs, counts, counts_cs, people, {', '.join(ordered)}"
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
