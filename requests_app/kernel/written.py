"""Queries written once: Django spends more time on putting a query together than PostgreSQL on answering it.

    @written_once
    def _request(hats: Standing, *, pk: int) -> QuerySet[ServiceRequest]:
        return ServiceRequest.objects.visible_to(Stand(hats)).filter(pk=pk)

    found = _request(standing(person), pk=7)

The function is run once for each set of its positional arguments; the SQL that comes of it is kept, and so is what
Django knows about its columns. Keyword arguments are values that the SQL leaves open: inside the function they are
`Slot`s, which can be compared with (`pk=pk`, `pk__among=pks`) and nothing else. So whatever shapes the query must be
positional, hashable and compared by value, and the function must look at nothing but its arguments: not at the time,
not at the language, not at the database.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Field, Lookup, Model, QuerySet, Value
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler

from requests_app.kernel.prepared import MANY_TABLES, Prepared

MOST_KEPT = 512  # some 70 KiB each
Row = TypeVar("Row")


class Slot(Value):
    """A value that is filled in each time the query is asked."""

    def __init__(self, name: str):
        super().__init__(name)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Among(Lookup):
    """`pk__among=pks`: like `in`, with as many values as there are that time."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = compiler.compile(self.rhs)
        return f"{lhs} = ANY({rhs})", (*lhs_params, *rhs_params)


Field.register_lookup(Among)
ForeignObject.register_lookup(Among)


class _Written:
    """Stands in a query set where its query stood: the same columns, the SQL as it was written."""

    def __init__(self, rows: QuerySet):
        self._rows = rows
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self._sql, params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, params = "", ()
        self._params = tuple(params)
        opens = [isinstance(one, Slot) for one in params]
        self._prepared = Prepared(self._sql, params, opens) if len(rows.query.alias_map) >= MANY_TABLES else None
        columns = [column for column, *_rest in self._compiler.select or ()]
        self._converters = self._compiler.get_converters(columns)

    def asked(self, values: dict[str, Any]) -> QuerySet:
        """A query set that asks with these values once it is iterated."""
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        sql = self.executed(values, compiler.connection)
        vars(compiler)["as_sql"] = lambda *_args, **_more: sql
        vars(compiler)["get_converters"] = lambda _columns: self._converters
        query = copy(self._rows.query)
        vars(query)["get_compiler"] = lambda *_args, **_more: compiler
        found: QuerySet = type(self._rows)(model=self._rows.model, query=query, using=DEFAULT_DB_ALIAS)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects"):
            setattr(found, name, getattr(self._rows, name))
        return found

    def executed(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """What is sent to the database: the query, or the name under which it is prepared there."""
        opened = [values[one.value] for one in self._params if isinstance(one, Slot)]
        prepared = self._prepared.asked(connection, opened) if self._prepared and self._sql else None
        return prepared or self.sql(values)

    def sql(self, values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        filled = (values[one.value] if isinstance(one, Slot) else one for one in self._params)
        return self._sql, tuple(filled)


@lru_cache(maxsize=MOST_KEPT)
def _written(build: Callable[..., QuerySet], shape: tuple[Any, ...], names: tuple[str, ...]) -> _Written:
    return _Written(build(*shape, **{name: Slot(name) for name in names}))


def written_once(build: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """See above. What comes back are the rows."""

    @wraps(build)
    def rows(*shape: Any, **values: Any) -> list[Row]:
        return list(_written(build, shape, tuple(values)).asked(_plain(values)))

    return rows


def counted_once(build: Callable[..., QuerySet]) -> Callable[..., int]:
    """The same, and what comes back is how many rows there are."""

    @wraps(build)
    def count(*shape: Any, **values: Any) -> int:
        sql, params = _written(build, shape, tuple(values)).sql(_plain(values))
        if not sql:
            return 0
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS found", params)  # noqa: S608 - SQL that Django wrote
            return cast(int, cursor.fetchone()[0])

    return count


def summed_once(build: Callable[..., QuerySet]) -> Callable[..., tuple[Any, ...] | None]:
    """The same for what `summed` makes: its one row; None, and nothing asked, where no row can ever be found."""
    ask = written_once(build)

    @wraps(build)
    def sums(*shape: Any, **values: Any) -> tuple[Any, ...] | None:
        return next(iter(ask(*shape, **values)), None)

    return sums


def summed(rows: QuerySet, **sums: Aggregate) -> QuerySet:
    """One row of these sums over all the rows, zeros where there are none."""
    return rows.order_by().prefetch_related(None).values(together=Value(1)).annotate(**sums).values_list(*sums)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Sets and the like as the lists that the driver knows."""
    return {
        name: list(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else value
        for name, value in values.items()
    }


MOST_ROWS = 20


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model, each with its id afterwards: `bulk_create`, for a few with its SQL written once.

    Columns that the database fills stay its own; of the first row is seen which these are.
    """
    if not rows:
        return
    if len(rows) > MOST_ROWS:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=2000)
        return
    connection, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    given = vars(rows[0])
    left_out = frozenset(name for name, value in given.items() if isinstance(value, DatabaseDefault))
    sql, fields = _inserting(model, left_out, len(rows))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        ids = cursor.fetchall()
    for row, (pk,) in zip(rows, ids, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, DEFAULT_DB_ALIAS


@lru_cache(maxsize=MOST_KEPT)
def _inserting(model: type[Model], left_out: frozenset[str], rows: int) -> tuple[str, tuple[Field, ...]]:
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    own = [field for field in model._meta.local_concrete_fields if not field.generated and not field.primary_key]
    fields = tuple(field for field in own if field.attname not in left_out)
    names = ", ".join(quoted(str(field.column)) for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    table, pk = quoted(model._meta.db_table), quoted(str(model._meta.pk.column))
    return f"INSERT INTO {table} ({names}) VALUES {values} RETURNING {pk}", fields  # noqa: S608 - names of our models
