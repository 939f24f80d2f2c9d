"""`manage.py import_history FILE --mapping MAPPING.toml`: the past of another desk, told in docs/import.md."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from requests_app.imports.readers import BadFile
from requests_app.imports.services import Importing, Summary
from requests_app.imports.values import BadMapping
from requests_app.kernel.bulk import seldom_collected
from requests_app.kernel.errors import DomainError

OWN_MAPPINGS = Path(__file__).resolve().parents[2] / "imports" / "mappings"
FIGURES_COMMAND = "recompute"


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
        parser.add_argument(
            "--restart", action="store_true", help="read the file anew instead of going on after an interruption"
        )
        parser.add_argument("--no-figures", action="store_true", help="leave counting to the workers")

    def handle(self, *args: Any, **options: Any) -> None:
        with seldom_collected():
            self._import(options)

    def _import(self, options: dict[str, Any]) -> None:
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
        self.stdout.write("\n".join(told(summary, options)))
        if not (options["dry_run"] or options["no_figures"]):
            self._compute_figures()
        seconds = max(time.monotonic() - began, 0.001)
        self.stdout.write(f"{seconds:.1f} s, {summary.rows / seconds:.0f} rows a second")

    def _compute_figures(self) -> None:
        """By the name of the command: figures lie above this app. Without them the workers count."""
        if FIGURES_COMMAND in get_commands():
            call_command(FIGURES_COMMAND, waiting=True, stdout=self.stdout, stderr=self.stderr)

    def _mapping(self, name: str) -> Path:
        own = OWN_MAPPINGS / f"{name}.toml"
        return own if own.exists() else Path(name)


def told(summary: Summary, options: dict[str, Any]) -> list[str]:
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
    return lines
