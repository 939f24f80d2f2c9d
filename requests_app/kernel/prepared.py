"""Queries over many tables, planned once a connection: there PostgreSQL takes ten times as long to plan as to answer.

PostgreSQL itself decides, after some calls, whether one plan fits all values. A connection keeps at most
`MOST_PREPARED`. `PREPARED_QUERIES=0` switches this off, for a pooler that hands connections on between statements.
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import AsIs

MANY_TABLES = 4  # from so many on the planner tries all orders of joining them, which grows fast
MOST_PREPARED = 100
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """One query: `params` holds constants, which are planned with, and open ones, which `opens` tells apart."""

    def __init__(self, sql: str, params: Sequence[Any], opens: Sequence[bool]):
        self._sql, self._params, self._opens = sql, params, opens
        self._name = ""

    def asked(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]] | None:
        """What to execute for these values of the open ones; None when the connection keeps too many already."""
        connection.ensure_connection()
        known = _prepared.setdefault(connection.connection, set())
        if self._name not in known:
            if len(known) >= MOST_PREPARED or not settings.PREPARED_QUERIES:
                return None
            self._prepare(connection.connection, known)
        places = f"({', '.join(['%s'] * len(values))})" if values else ""
        return f"EXECUTE {self._name}{places}", tuple(values)

    def _prepare(self, raw: Any, known: set[str]) -> None:
        """On the driver's own cursor: it is no query of the page. Prepared statements outlive a rollback."""
        numbers = iter(range(1, len(self._params) + 1))
        params = [
            AsIs(f"${next(numbers)}") if is_open else value
            for value, is_open in zip(self._params, self._opens, strict=True)
        ]
        with raw.cursor() as cursor:
            sql = cursor.mogrify(self._sql, params).decode()
            self._name = f"q{hashlib.sha256(sql.encode()).hexdigest()[:20]}"
            if self._name not in known:
                cursor.execute(f"PREPARE {self._name} AS {sql}")
                known.add(self._name)
