"""After a large load: fold what waits in large batches, then count everything once instead of cell by cell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

from django.db import connection, transaction

from metrics.rollups.models import StaleCell
from metrics.rollups.rebuilding import rebuild_cells
from metrics.rollups.services import RECOUNT_LOCK, recount_stale, refresh_figures
from requests_app.events.models import Delivery

SUBSCRIBER = "facts"
CHUNK = 500
MANY = 5000  # stale cells from which on counting everything is quicker


def take_in_waiting() -> Iterator[int]:
    """Fold every request whose events wait for the figures; yields how many deliveries each batch worked off.

    The cells they touch stay marked until `count_waiting`, so nothing is lost if this process dies in between.
    """
    while done := _take_in_batch():
        yield done


@transaction.atomic
def _take_in_batch() -> int:
    waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = waiting.filter(subscriber=SUBSCRIBER, dead=False).order_by("pk")
    rows = list(waiting.values_list("pk", "event__subject_kind", "event__subject_id")[:CHUNK])
    refresh_figures(request_ids={subject for _pk, kind, subject in rows if kind == "request"})
    Delivery.objects.filter(pk__in=[pk for pk, _kind, _subject in rows]).delete()
    return len(rows)


def count_waiting() -> int:
    """Count what is marked stale, one way or the other; how many cells were counted."""
    if StaleCell.objects.count() >= MANY:
        return rebuild_cells()
    return recount_stale(most=1 + MANY, patience=inf)


def catch_up(tell: Callable[[int], None] = lambda folded: None) -> tuple[int, int]:
    """Both, while nobody else counts; how many deliveries were worked off and how many cells counted.

    `tell` hears how many are folded so far.
    """
    folded = 0
    with _nobody_else_counts():
        for done in take_in_waiting():
            folded += done
            tell(folded)
        return folded, count_waiting()


@contextmanager
def _nobody_else_counts() -> Iterator[None]:
    """Workers that come by meanwhile find the lock taken and leave their cells to us."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # however long somebody else counts
        cursor.execute("SELECT pg_advisory_lock(%s)", [RECOUNT_LOCK])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [RECOUNT_LOCK])
