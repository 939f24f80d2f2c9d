"""A CSV file, plain or gzipped, row by row; what cannot be read is yielded as refused, never skipped in silence."""

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from requests_app.imports.values import BadMapping

GZIP_MAGIC = b"\x1f\x8b"
LONGEST_CELL = 1_000_000


class BadFile(Exception):
    """The file as a whole cannot be read. The message says why."""


class Row(NamedTuple):
    line: int
    cells: dict[str, str]


class Refused(NamedTuple):
    line: int
    case: str
    reason: str


@dataclass(frozen=True)
class Dialect:
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    missing: frozenset[str] = frozenset({""})


def read_rows(path: Path, dialect: Dialect, needed: Iterable[str]) -> Iterator[Row | Refused]:
    """Every record with the line it begins on; cells are stripped, and empty where they hold a missing marker.

    BadFile when the file cannot be opened or breaks off; BadMapping when it lacks a column that is needed.
    """
    csv.field_size_limit(LONGEST_CELL)
    try:
        with _opened(path, dialect.encoding) as file:
            reader = csv.reader(file, delimiter=dialect.delimiter)
            header = _header(reader, needed)
            yield from _records(reader, header, dialect.missing)
    except (OSError, EOFError, zlib.error, LookupError) as error:
        raise BadFile(f"{path} cannot be read: {error}") from error


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[IO[str]]:
    with path.open("rb") as raw:
        zipped = raw.read(2) == GZIP_MAGIC
    opener = gzip.open if zipped else open
    with opener(path, "rt", encoding=encoding, errors="surrogateescape", newline="") as file:
        yield file


def _header(reader: Iterator[list[str]], needed: Iterable[str]) -> list[str]:
    header = [name.strip() for name in next(reader, [])]
    absent = sorted(set(needed) - set(header))
    if absent:
        wanted = ", ".join(f"“{name}”" for name in absent)
        raise BadMapping(f"the file has no column {wanted}; it has {', '.join(header) or 'nothing'}")
    return header


def _records(reader: Iterator[list[str]], header: list[str], missing: frozenset[str]) -> Iterator[Row | Refused]:
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(line, "", f"not readable as CSV: {error}")
            continue
        if not record:  # a blank line
            continue
        yield _row(line, record, header, missing)


def _row(line: int, record: list[str], header: list[str], missing: frozenset[str]) -> Row | Refused:
    if len(record) != len(header):
        return Refused(line, "", f"{len(record)} cells, but the header has {len(header)}")
    texts = [text.strip() for text in record]
    if not _storable(texts):
        return Refused(line, "", "holds bytes that are no text in this encoding, or a NUL character")
    return Row(line, {name: "" if text in missing else text for name, text in zip(header, texts, strict=True)})


def _storable(texts: list[str]) -> bool:
    whole = "".join(texts)
    if "\x00" in whole:
        return False
    if whole.isascii():
        return True
    try:
        whole.encode()
    except UnicodeEncodeError:  # an undecodable byte, carried as a lone surrogate
        return False
    return True
