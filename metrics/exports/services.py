"""Asking for an export, writing its file, and forgetting it after a week."""

import csv
import gzip
import io
import logging
import os
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.exports import policies, selectors
from metrics.exports.models import FactExport
from metrics.exports.states import COLUMNS, KEPT_DAYS, LONGEST_DAYS, MOST_A_DAY, MOST_ROWS, SIDES
from metrics.reports.writing import harmless
from requests_app.desk.states import number_of
from requests_app.events.services import claim_slot
from requests_app.kernel.errors import DomainError, IllegalMove, WrongInput
from requests_app.org.models import Department, Person

log = logging.getLogger(__name__)
CLAIM = 120  # seconds


@transaction.atomic
def ask(*, by: Person, department: Department, side: str, first: date, last: date) -> FactExport:
    """The facts of requests filed from `first` to `last`, both included; a worker writes the file within moments."""
    policies.require_export(by, department)
    if side not in SIDES:
        raise WrongInput({"side": [_("Choose one of: %(c)s.") % {"c": ", ".join(SIDES)}]})
    if last < first:
        raise WrongInput({"to": [_("The last day lies before the first. Swap them.")]})
    if (last - first).days >= LONGEST_DAYS:
        raise WrongInput({"from": [_("At most three years at a time. Choose a later first day.")]})
    Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    now = timezone.now()
    if selectors.exports_of(by).filter(created_at__gte=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise IllegalMove(_("At most %(n)s exports a day. Ask again tomorrow.") % {"n": MOST_A_DAY})
    export = FactExport(
        asked_by=by.pk, department_id=department.pk, side=side, first=first, last=last,
        expires_at=now + timedelta(days=KEPT_DAYS),
    )  # fmt: skip
    export.total = selectors.facts_of(export).count()
    if export.total > MOST_ROWS:
        said = {"n": export.total, "most": MOST_ROWS}
        raise WrongInput({"from": [_("These are %(n)s requests; at most %(most)s go into a file.") % said]})
    export.save()
    return export


def carry_out_waiting() -> int:
    """What the worker does every few seconds: each export that waits, once; how many were finished.

    An export is claimed for as long as one may take, so a worker that died leaves it to the next one.
    """
    waiting = FactExport.objects.filter(finished_at=None, failed="").order_by("pk").values_list("pk", flat=True)
    return sum(_finish(pk) for pk in list(waiting) if claim_slot(f"export {pk}", seconds=CLAIM))


def _finish(pk: int) -> bool:
    """An export that cannot be written says so, instead of being tried for ever."""
    export = FactExport.objects.filter(pk=pk, finished_at=None, failed="").first()
    if export is None:
        return False
    try:
        carry_out(export)
    except Exception as error:  # whatever it is, the reader must not wait for ever
        log.exception("export %s failed", pk)
        why = error.message if isinstance(error, DomainError) else type(error).__name__
        FactExport.objects.filter(pk=pk).update(failed=str(why)[:500])
        return False
    return True


def carry_out(export: FactExport) -> FactExport:
    """Write the file with what its asker may read now. Safe to run again: the later file counts."""
    person = Person.objects.get(pk=export.asked_by, is_active=True)
    policies.require_export(person, Department.objects.get(pk=export.department_id))
    export.storage_key = secrets.token_hex(20)
    path = selectors.path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            _write(export, person, file)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    export.size, export.finished_at = path.stat().st_size, timezone.now()
    export.save()
    return export


def _write(export: FactExport, person: Person, file: BinaryIO) -> None:
    looked_at = written = 0
    with (
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8-sig", newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for count, rows in selectors.rows_for(person, export):
            writer.writerows(_cells(row) for row in rows)
            looked_at, written = looked_at + count, written + len(rows)
            FactExport.objects.filter(pk=export.pk).update(done=looked_at)
    export.total = export.done = looked_at
    export.left_out = looked_at - written


def _cells(row: tuple) -> Iterable[Any]:
    yield number_of(row[0])
    yield from (_plain(cell) for cell in row[1:])


def _plain(cell: Any) -> Any:
    """Instants as ISO 8601 in UTC, yes and no as true and false, nothing for what cannot be said."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    return harmless(cell)


def forget_expired() -> int:
    """Remove exports whose week is over, with their files; how many."""
    gone = 0
    for export in FactExport.objects.filter(expires_at__lte=timezone.now()):
        _remove(selectors.path_of(export) if export.storage_key else None)
        export.delete()
        gone += 1
    return gone


def _remove(path: Path | None) -> None:
    if path is not None:
        path.unlink(missing_ok=True)
