"""Half a million requests: the demo company's year, copied until there are enough.

Copies are shifted by whole weeks, so that hours and weekdays stay what they are, and carry a word of their own, so
that search has something to find. Everything is copied set by set inside PostgreSQL; figures are then counted from
the copied facts by the product's own rebuild.

For ten million, what figures read is copied further, facts and handoffs of requests that are over: nothing of figures
reads the desk's own tables, and no desk has half a million requests open.
"""

import time

from django.core.management import call_command
from django.db import connection

from metrics.rollups.rebuilding import rebuild_cells
from requests_app.desk.models import ServiceRequest

# table → (column of the request, column of its own id or none)
TABLES = {
    "desk_servicerequest": ("id", "id"),
    "desk_clock": ("service_request_id", "id"),
    "desk_hold": ("service_request_id", "id"),
    "desk_handoff": ("service_request_id", "id"),
    "desk_message": ("service_request_id", "id"),
    "events_event": ("subject_id", "id"),
    "metrics_requestfact": ("request_id", None),
    "metrics_holdinginterval": ("request_id", None),
    "metrics_offerfact": ("request_id", None),
}
WEEKS = 4  # copies lie within four weeks of the original, so the year stays a year
SHIFTED = {"timestamp with time zone": "- make_interval(weeks => {week})", "date": "- 7 * {week}"}


def load(requests: int, say=print) -> None:
    """Fill the database of this process up to about `requests` requests."""
    began = time.monotonic()
    if not ServiceRequest.objects.exists():
        call_command("demo")
    call_command("createcachetable")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET session_replication_role = replica")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, title text NOT NULL)")
        base, top = _count(cursor), _top(cursor, "desk_servicerequest")
        copies = max(requests // base - 1, 0)
        tops = {table: _top(cursor, table) for table, (_request, own) in TABLES.items() if own}
        for table, (request, own) in TABLES.items():
            say(f"copying {table} {copies} times")
            _copy(cursor, table, request, own, copies, top, tops)
        for table, highest in tops.items():
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest * (copies + 1)} + 1)")
        cursor.execute("SET session_replication_role = DEFAULT")
        say("counting")
        cursor.execute("TRUNCATE metrics_rollup, metrics_stalecell")
        say(f"{rebuild_cells()} cells counted in {time.monotonic() - began:.0f} s since the start")
        say("analysing")
        cursor.execute("VACUUM ANALYZE")
        say(f"{_count(cursor)} requests")


FACTS = ("metrics_requestfact", "metrics_offerfact")
APART = 10**9  # ids of copied facts begin here, so that a request filed later is never taken for one of them
YEARS = 104  # weeks over which further facts lie, before those that are there


def load_facts(facts: int, say=print) -> None:
    """Copy the facts there are, open ones left out, until there are about `facts`."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0; SET session_replication_role = replica")
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE left_at IS NOT NULL) FROM metrics_requestfact")
        there, over = cursor.fetchone()
        top = _top(cursor, "metrics_requestfact", "request_id")
        copies = max((facts - there) // over, 0)
        for copy in range(1, copies + 1):
            for table in FACTS:
                _copy_facts(cursor, table, copy, YEARS * copy // copies, top)
            say(f"facts copied {copy} of {copies} times in {time.monotonic() - began:.0f} s")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE metrics_requestfact, metrics_offerfact")


def _copy_facts(cursor, table: str, copy: int, week: int, top: int) -> None:
    columns = _columns(cursor, table)
    values = ", ".join(
        f"f.request_id + {top} * {copy} + {APART}" if name == "request_id" else f"f.{_shifted(name, kind)}"
        for name, kind in columns
    )
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(name for name, _kind in columns)}) "  # noqa: S608
        f"SELECT {values.replace('{week}', str(week))} FROM {table} AS f JOIN metrics_requestfact AS whole "
        f"ON whole.request_id = f.request_id AND whole.left_at IS NOT NULL WHERE f.request_id <= {top}"
    )


def _copy(cursor, table: str, request: str, own: str | None, copies: int, top: int, tops: dict) -> None:
    columns = _columns(cursor, table)
    names = ", ".join(name for name, _kind in columns)
    values = ", ".join(_value(table, name, kind, request, own, top, tops) for name, kind in columns)
    where = "WHERE subject_kind = 'request'" if table == "events_event" else ""
    for copy in range(1, copies + 1):
        filled = values.replace("{copy}", str(copy)).replace("{week}", str(copy % WEEKS))
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {filled} FROM {table} "  # noqa: S608
                       f"{where} {'AND' if where else 'WHERE'} {request} <= {top}")  # fmt: skip


def _value(table: str, name: str, kind: str, request: str, own: str | None, top: int, tops: dict) -> str:
    if name == own:
        return f"{name} + {tops[table]} * {{copy}}"
    if name == request:
        return f"{name} + {top} * {{copy}}"
    if name == "title":
        return "left(title, 180) || ' lot{copy}'"
    if name == "external_id":
        return "''"
    return _shifted(name, kind)


def _shifted(name: str, kind: str) -> str:
    return f"{name} {SHIFTED[kind]}" if kind in SHIFTED else name


def _columns(cursor, table: str) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return cursor.fetchall()


def _count(cursor) -> int:
    cursor.execute("SELECT count(*) FROM desk_servicerequest")
    return cursor.fetchone()[0]


def _top(cursor, table: str, column: str = "id") -> int:
    cursor.execute(f"SELECT coalesce(max({column}), 0) FROM {table}")  # noqa: S608
    return cursor.fetchone()[0]
