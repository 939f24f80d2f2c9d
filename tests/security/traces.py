"""What a test touched in the database, and how it is undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import connection, transaction

# Not the product's: sessions and counters of attempts, which a refused request may touch as well.
UNWATCHED = frozenset({"django_session", "servicedesk_cache", "django_migrations"})


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    before = fingerprint()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    _SEEN[:] = [_written(), before]


@cache
def _watched() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - UNWATCHED)


_SEEN: list = [None, {}]  # what was written when the tables were looked at last, and what they were then


def fingerprint() -> dict[str, tuple[int, int]]:
    """table → how many rows, and the newest transaction that wrote one: equal only if no row was touched.

    Looked at anew only if something was written since: that is asked of the database, and costs a fiftieth.
    """
    written = _written()
    if _SEEN[0] != written:
        one = "SELECT '{0}', count(*), coalesce(max(xmin::text::bigint), 0) FROM \"{0}\""
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(one.format(table) for table in _watched()))
            _SEEN[:] = [written, {table: (count, newest) for table, count, newest in cursor.fetchall()}]
    return _SEEN[1]


def _written() -> tuple[str, int]:
    """This transaction, and how many rows it tried to write so far, what was undone included."""
    kinds = " + ".join(f"pg_stat_get_xact_tuples_{kind}(oid)" for kind in ("inserted", "updated", "deleted"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_current_xact_id_if_assigned()::text, sum({kinds}) FROM unnest(%s::oid[]) AS oid",  # noqa: S608
            [_oids()],
        )
        return cursor.fetchone()


@cache
def _oids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name::regclass::oid::bigint FROM unnest(%s) AS name", [_watched()])
        return [oid for (oid,) in cursor.fetchall()]
