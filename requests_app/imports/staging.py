"""Rows on disk until each case is complete: memory stays small however large the file and however scattered its cases.

One SQLite file per import. It also remembers what was refused, and that the reading was finished, so that an import
which was interrupted goes on without reading the source again.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from types import TracebackType

from requests_app.imports.readers import Refused
from requests_app.imports.shapes import CaseRow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BATCH = 5000
SCHEMA = """
CREATE TABLE rows (case_id TEXT, at INTEGER, line INTEGER, cells TEXT);
CREATE TABLE refused (line INTEGER, case_id TEXT, reason TEXT, UNIQUE (line, case_id, reason));
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER);
"""
BY_CASE = """
CREATE INDEX by_case ON rows (case_id, at, line);
CREATE TABLE cases AS SELECT case_id, min(at) AS began FROM rows GROUP BY case_id ORDER BY began, case_id;
"""
# CROSS JOIN keeps SQLite from starting with the rows: case by case, each along the index, nothing to sort.
IN_ORDER = """
SELECT rows.case_id, rows.at, rows.line, rows.cells FROM cases CROSS JOIN rows USING (case_id)
ORDER BY cases.rowid, rows.at, rows.line
"""


def staging_path(folder: Path, source: Path, mapping: Path) -> Path:
    """The same for the same file under the same mapping; another as soon as either changes."""
    stat = source.stat()
    identity = f"{source.resolve()}|{stat.st_size}|{stat.st_mtime_ns}".encode() + mapping.read_bytes()
    return folder / f"import-{hashlib.sha256(identity).hexdigest()[:16]}.sqlite3"


class Staging:
    """A place for rows. Use it as a context manager; `discard` removes it once everything is imported."""

    def __init__(self, path: Path, columns: Iterable[str]) -> None:
        self.path, self.columns = path, sorted(columns)
        self._pending: list[tuple[str, int, int, str]] = []

    def __enter__(self) -> "Staging":
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connect()
            usable = self.complete
        except sqlite3.DatabaseError:
            usable = False
        if not usable:
            self._begin_anew()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @property
    def complete(self) -> bool:
        """The whole source has been read into it."""
        known = self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'facts'").fetchone()
        return bool(known and self._database.execute("SELECT 1 FROM facts WHERE name = 'complete'").fetchone())

    def _connect(self) -> None:
        self._database = sqlite3.connect(self.path, isolation_level=None)
        # What is lost in a crash is read again, so nothing needs to reach the disk at once.
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;")

    def _begin_anew(self) -> None:
        self._database.close()
        self.path.unlink(missing_ok=True)
        self._connect()
        self._database.executescript(SCHEMA)
        self._database.execute("BEGIN")

    def add(self, case_id: str, at: datetime, line: int, cells: dict[str, str]) -> None:
        kept = json.dumps([cells[name] for name in self.columns], ensure_ascii=False)
        self._pending.append((case_id, (at - EPOCH) // MICROSECOND, line, kept))
        if len(self._pending) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self._database.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", self._pending)
        self._pending.clear()

    def refuse(self, refused: Refused) -> None:
        self._database.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?)", refused)

    def finish(self, *, ignored: int) -> None:
        self._flush()
        for statement in BY_CASE.split(";"):  # not as a script, which would commit first
            self._database.execute(statement)
        self._database.execute("INSERT INTO facts VALUES ('ignored', ?)", [ignored])
        self._database.execute("INSERT INTO facts VALUES ('complete', 1)")
        self._database.execute("COMMIT")

    def counts(self) -> dict[str, int]:
        one = lambda sql: self._database.execute(sql).fetchone()[0]  # noqa: E731
        return {
            "rows": one("SELECT count(*) FROM rows"),
            "cases": one("SELECT count(*) FROM cases"),
            "refused": one("SELECT count(*) FROM refused"),
            "ignored": one("SELECT value FROM facts WHERE name = 'ignored'"),
        }

    def cases(self) -> Iterator[tuple[str, list[CaseRow]]]:
        """Each case with all its rows in order of time, then line; the cases in order of their beginning."""
        with closing(self._database.execute(IN_ORDER)) as found:
            for case_id, rows in groupby(found, key=lambda row: row[0]):
                yield case_id, [self._row(at, line, cells) for _case, at, line, cells in rows]

    def _row(self, at: int, line: int, cells: str) -> CaseRow:
        return CaseRow(EPOCH + at * MICROSECOND, line, dict(zip(self.columns, json.loads(cells), strict=True)))

    def refused(self) -> Iterator[Refused]:
        for row in self._database.execute("SELECT line, case_id, reason FROM refused ORDER BY line"):
            yield Refused(*row)

    def discard(self) -> None:
        self._database.close()
        self.path.unlink(missing_ok=True)
