"""Importing a history: read it to disk, replay it chunk by chunk, tell what was refused. Safe to repeat."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import OPEN
from requests_app.events.services import record
from requests_app.imports.mapping import HistoryMapping, load_mapping
from requests_app.imports.parties import Parties
from requests_app.imports.promises import PromiseBook
from requests_app.imports.readers import BadFile, Refused, read_rows
from requests_app.imports.replay import Life
from requests_app.imports.shapes import CaseRow, Shape
from requests_app.imports.staging import Staging, staging_path
from requests_app.imports.states import Case, Draft
from requests_app.imports.times import BadTime
from requests_app.imports.values import BadValue
from requests_app.imports.writing import write_cases
from requests_app.kernel.errors import DomainError

CHUNK = 500  # cases in one transaction
LOCK = (7302, 1)
Tell = Callable[[str, int, int | None], None]  # what, how many are done, of how many if known


@dataclass
class Summary:
    """What an import did, or in a dry run would do."""

    rows: int = 0
    cases: int = 0
    refused: int = 0
    ignored: int = 0
    here_already: int = 0
    imported: int = 0
    events: int = 0
    made: dict[str, int] = field(default_factory=dict)
    resumed: bool = False


@dataclass(frozen=True)
class Importing:
    """One import of one file. `folder` is where rows wait until their case is complete."""

    source: Path
    mapping_path: Path
    folder: Path
    now: datetime
    tell: Tell = lambda what, done, total: None

    def run(self, *, dry_run: bool = False, restart: bool = False, report: Path | None = None) -> Summary:
        """Import what is not here yet, or only say what would be; BadFile, BadMapping or DomainError when nothing can.

        An interrupted run goes on where it stopped; `restart` reads the source anew instead.
        """
        mapping = load_mapping(self.mapping_path)
        shape = Shape(mapping, self.now)
        if not self.source.is_file():
            raise BadFile(f"{self.source} cannot be read: there is no such file")
        path = staging_path(self.folder, self.source, self.mapping_path)
        if restart:
            path.unlink(missing_ok=True)
        with _one_at_a_time(), Staging(path, mapping.columns()) as staging:
            summary = Summary(resumed=staging.complete)
            if not staging.complete:
                self._read(mapping, shape, staging)
            self._replay(mapping, shape, staging, summary, dry_run)
            vars(summary).update(staging.counts())
            if report:
                write_report(report, staging.refused())
            if not dry_run:
                self._note(summary)
                staging.discard()
        return summary

    def _read(self, mapping: HistoryMapping, shape: Shape, staging: Staging) -> None:
        ignored = 0
        for done, row in enumerate(read_rows(self.source, mapping.dialect, mapping.columns()), start=1):
            if isinstance(row, Refused):
                staging.refuse(row)
            else:
                ignored += not _stage(row.line, row.cells, shape, staging, mapping)
            self.tell("rows read", done, None)
        staging.finish(ignored=ignored)

    def _replay(self, mapping: HistoryMapping, shape: Shape, staging: Staging, summary: Summary, dry_run: bool) -> None:
        promises = PromiseBook()
        parties = None if dry_run else self._parties(mapping)
        tally = Tally()
        done, total = 0, staging.counts()["cases"]
        for chunk in _chunks(staging.cases()):
            known = _here_already(mapping, [case_id for case_id, _rows in chunk])
            fresh = [found for found in chunk if f"{mapping.source}:{found[0]}" not in known]
            drafts = list(_drafts(shape, staging, fresh))
            summary.here_already += len(chunk) - len(fresh)
            summary.imported += len(drafts)
            summary.events += self._dry(drafts, tally) if parties is None else self._write(drafts, parties, promises)
            done += len(chunk)
            self.tell("cases imported" if parties else "cases tried", done, total)
        summary.made = tally.counts() if parties is None else parties.made

    @transaction.atomic
    def _parties(self, mapping: HistoryMapping) -> Parties:
        return Parties(mapping, now=self.now)

    @transaction.atomic
    def _write(self, drafts: list[Draft], parties: Parties, promises: PromiseBook) -> int:
        parties.make_missing(drafts)
        for draft in drafts:
            parties.settle(draft)
            self._promise(draft.case, parties, promises)
        lives = write_cases([draft.case for draft in drafts], nobody=parties.nobody, now=self.now)
        return sum(len(life.events) for life in lives)

    def _promise(self, case: Case, parties: Parties, promises: PromiseBook) -> None:
        wanted = parties.mapping.targets
        if wanted == "none":
            return
        if wanted == "open" and Life(case, pk=0, nobody=parties.nobody, now=self.now).row.status not in OPEN:
            return
        case.targets = promises.targets(
            customer=case.customer, supplier=case.supplier, service=case.service, priority=case.priority,
            at=self.now if wanted == "open" else case.created_at, calendar=case.calendar,
        )  # fmt: skip

    def _dry(self, drafts: list[Draft], tally: "Tally") -> int:
        """Live every case in memory, with made-up numbers, so that a dry run finds what a real one would."""
        return sum(tally.live(draft, self.now) for draft in drafts)

    def _note(self, summary: Summary) -> None:
        counts = {name: getattr(summary, name) for name in ("rows", "refused", "imported", "here_already", "events")}
        with transaction.atomic():
            record(
                kind="import.finished", subject_kind="import", subject_id=0, at=self.now,
                data={"file": self.source.name} | counts,
            )  # fmt: skip


class Tally:
    """The names met in a dry run."""

    def __init__(self) -> None:
        self.departments: set[tuple[str, ...]] = set()
        self.people: set[str] = set()
        self.services: set[tuple[tuple[str, ...], str]] = set()

    def live(self, draft: Draft, now: datetime) -> int:
        places = {draft.customer, draft.supplier, draft.service_owner, *draft.places} - {()}
        self.departments |= {place[:depth] for place in places for depth in range(1, len(place) + 1)}
        self.people |= {draft.requester, *draft.actors} - {""}
        self.services.add((draft.service_owner, draft.service))
        numbers = {place: number for number, place in enumerate(sorted(places), start=1)}
        case = draft.case
        case.customer, case.supplier = numbers[draft.customer], numbers[draft.supplier]
        for step, place in zip(case.steps, draft.places, strict=True):
            step.department = numbers.get(place)
        case.due = {}  # a clock would need a calendar of the database
        return len(Life(case, pk=0, nobody=0, now=now).events)

    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in ("departments", "people", "services")}


def _stage(line: int, cells: dict[str, str], shape: Shape, staging: Staging, mapping: HistoryMapping) -> bool:
    """Keep the row for its case, or in the report; False when a rule says it is to be ignored."""
    try:
        placed = shape.place_row(cells)
    except (BadValue, BadTime) as error:
        staging.refuse(Refused(line, cells.get(mapping.case["id"].column, ""), str(error)))
        return True
    if placed is None:
        return False
    staging.add(*placed, line, cells)
    return True


def _drafts(shape: Shape, staging: Staging, cases: list[tuple[str, list[CaseRow]]]) -> Iterator[Draft]:
    for case_id, rows in cases:
        try:
            yield shape.draft(case_id, rows)
        except (BadValue, BadTime) as error:
            staging.refuse(Refused(rows[0].line, case_id, f"the whole case: {error}"))


def _chunks(cases: Iterator[tuple[str, list[CaseRow]]]) -> Iterator[list[tuple[str, list[CaseRow]]]]:
    while chunk := list(islice(cases, CHUNK)):
        yield chunk


def _here_already(mapping: HistoryMapping, case_ids: list[str]) -> set[str]:
    names = [f"{mapping.source}:{case_id}" for case_id in case_ids]
    return set(ServiceRequest.objects.filter(external_id__in=names).values_list("external_id", flat=True))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two imports at once would make the same department twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
        if not cursor.fetchone()[0]:
            raise DomainError("Another import is running. Wait until it has finished.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)


def write_report(path: Path, refused: Iterator[Refused]) -> None:
    """line, case, reason, as CSV that a spreadsheet takes for text and never for a formula."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Refused._fields)
        writer.writerows((line, _plain(case), reason) for line, case, reason in refused)


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
