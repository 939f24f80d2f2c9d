"""Many rows at once, by COPY: several times faster than INSERT, for history that comes in by the ten thousand."""

import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

# The text format of COPY separates by tab and line, and escapes with a backslash.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"
BATCH = 5000


def reserve_numbers(model: type[models.Model], count: int) -> list[int]:
    """The next `count` primary keys of the table, which nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def copy_in(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert the rows as they are, numbering those without a primary key. Call inside a transaction.

    Constraints and triggers hold as ever. Columns with a default of the database are left to it.
    """
    nameless = [row for row in rows if row.pk is None]
    for row, number in zip(nameless, reserve_numbers(model, len(nameless)), strict=True):
        row.pk = number
    for start in range(0, len(rows), BATCH):
        _copy(model, rows[start : start + BATCH])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    fields = [field for field in model._meta.concrete_fields if not _left_to_database(field, rows[0])]
    columns = [(field.attname, _encoder(field)) for field in fields]
    lines = []
    for row in rows:
        cells = ((encode, getattr(row, attname)) for attname, encode in columns)
        lines.append("\t".join(NULL if value is None else encode(value) for encode, value in cells))
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN", io.StringIO("\n".join(lines) + "\n")
        )


def _left_to_database(field: models.Field, row: models.Model) -> bool:
    return field.generated or isinstance(getattr(row, field.attname), DatabaseDefault)


def _encoder(field: models.Field) -> Callable[[Any], str]:
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    if isinstance(field, models.CharField | models.TextField):
        return lambda value: str(value).translate(ESCAPES)
    if isinstance(field, models.DateTimeField):
        return datetime.isoformat
    return str
