"""`manage.py translations`: bring the catalogues in line with what is marked; `--check` only looks."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicedesk.catalogues import read_catalogues, update_catalogues
from servicedesk.extraction import extract_strings


class Command(BaseCommand):
    help = "Write new strings into locale/*/LC_MESSAGES/django.po and take out those that nobody says any more."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a catalogue is behind")

    def handle(self, *args: Any, **options: Any) -> None:
        strings, folder = extract_strings(settings.BASE_DIR), settings.BASE_DIR / "locale"
        if not options["check"]:
            update_catalogues(folder, strings)
        states = read_catalogues(folder, strings)
        for state in states:
            self.stdout.write(f"{state.language}: {state.told} of {len(strings)} strings translated")
        behind = [f"{state.language}: {state.untold[0]!r}" for state in states if state.untold]
        if options["check"] and behind:
            raise CommandError(f"Not translated: {'; '.join(behind)} …\nFill in locale/*/LC_MESSAGES/django.po.")
