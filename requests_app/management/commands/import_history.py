"""`manage.py import_history FILE --mapping MAPPING.toml`: the past of another desk, told in docs/import.md."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from requests_app.imports.readers import BadFile
from requests_app.imports.services import Importing, Summary, compute_figures
from requests_app.imports.values import BadMapping
from requests_app.kernel.errors import DomainError

OWN_MAPPINGS = Path(__file__).resolve().parents[2] / "imports" / "mappings"


class Progress:
    """A line every two seconds, and how fast it goes."""

    def __init__(self, write: Any) -> None:
        self.write, self.what = write, ""
        self.began = self.said = time.monotonic()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if what != self.what:
            self.what, self.began, self.said = what, now, now
        if now - self.said >= 2:
            self.said = now
            of = f" of {total:,}" if total else ""
            self.write(f"  {done:,}{of} {what}, {done / (now - self.began):,.0f} a second".replace(",", " "))


class Command(BaseCommand):
    help = "Import the history of another desk from a CSV file, plain or gzipped, as a mapping describes it."

    def add_arguments(self, parser: CommandParser) -> None:
        own = ", ".join(sorted(path.stem for path in OWN_MAPPINGS.glob("*.toml")))
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--mapping", required=True, help=f"a TOML file, or one of ours: {own}")
        parser.add_argument("--dry-run", action="store_true", help="read and try everything, change nothing")
        parser.add_argument("--report", type=Path, help="write refused rows here: line, case and reason as CSV")
        parser.add_argument("--restart", action="store_true", help="read the file anew instead of going on after an interruption")
        parser.add_argument("--no-figures", action="store_true", help="leave counting to the workers")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        progress = Progress(lambda line: self.stderr.write(line))
        job = Importing(
            source=options["file"],
            mapping_path=self._mapping(options["mapping"]),
            folder=Path(settings.DATA_DIR) / "imports",
            now=timezone.now(),
            tell=progress,
        )
        try:
            summary = job.run(dry_run=options["dry_run"], restart=options["restart"], report=options["report"])
        except (BadFile, BadMapping, DomainError) as error:
            raise CommandError(str(error)) from error
        counted = 0 if options["dry_run"] or options["no_figures"] else compute_figures(progress)
        self.stdout.write("\n".join(told(summary, counted, time.monotonic() - began, options)))

    def _mapping(self, name: str) -> Path:
        own = OWN_MAPPINGS / f"{name}.toml"
        return own if own.exists() else Path(name)


def told(summary: Summary, counted: int, seconds: float, options: dict[str, Any]) -> list[str]:
    """The summary in sentences, numbers first."""
    dry = options["dry_run"]
    made = summary.made
    lines = [
        f"{summary.rows} rows of {summary.cases} cases read, {summary.ignored} ignored, {summary.refused} refused"
        + (f" (see {options['report']})" if options["report"] else ""),
        f"{summary.imported} requests {'would be imported' if dry else 'imported'} with {summary.events} events, "
        f"{summary.here_already} are here already",
        f"{made['departments']} departments, {made['people']} people and {made['services']} services "
        f"{'are spoken of' if dry else 'made'}",
    ]
    if summary.resumed:
        lines.insert(0, "Going on with an earlier run; --restart reads the file anew.")
    if not dry:
        lines.append(f"figures of {counted} requests computed")
        lines.append(f"{seconds:.1f} s, {summary.rows / max(seconds, 0.001):.0f} rows a second")
    return lines
