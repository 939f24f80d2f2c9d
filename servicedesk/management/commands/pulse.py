"""`manage.py pulse beat`: the health check of processes that listen on no port."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicedesk.health.selectors import health


class Command(BaseCommand):
    help = "Say when beat or a worker was last seen; fail if that is too long ago."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="beat, or worker:QUEUE")

    def handle(self, *args: Any, **options: Any) -> None:
        pulses = {pulse.name: pulse for pulse in health().pulses}
        pulse = pulses.get(options["name"])
        if pulse is None:
            raise CommandError(f"Nothing of that name is expected. Known: {', '.join(pulses)}.")
        if not pulse.alive:
            raise CommandError(f"{pulse.name} was last seen at {pulse.at or 'no time at all'}.")
        self.stdout.write(f"{pulse.name} was seen at {pulse.at}.")
