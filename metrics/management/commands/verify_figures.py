"""Fold everything again, write nothing, and say where the stored figures differ."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from metrics.rollups import rebuilding
from metrics.rollups.models import StaleCell
from requests_app.events.models import Delivery

SHOWN = 20
ROUNDS, PAUSE = 3, 2.0


class Command(BaseCommand):
    help = "Compare all stored facts and figures with a computation from the event log. Exit code 1 on any difference."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--patience", type=float, default=10, help="seconds without progress after which waiting events are left"
        )

    def handle(self, *args, **options) -> None:
        left = self._wait(options["patience"])
        if left:
            self.stdout.write(f"{left} changes have not reached the figures yet; is a worker running?")
        facts = self._lasting(rebuilding.wrong_facts)
        cells = self._lasting(rebuilding.wrong_cells)
        sizes = rebuilding.sizes()
        for request_id in facts[:SHOWN]:
            self.stdout.write(f"request {request_id}: the stored facts are not what its events say")
        for cell in cells[:SHOWN]:
            self.stdout.write("cell " + " ".join(str(part) for part in cell))
        found = len(facts) + len(cells)
        self.stdout.write(f"{sizes['requests']} requests and {sizes['cells']} cells compared: {found} differences.")
        if found:
            raise CommandError("The figures differ. `manage.py recompute` puts them right.")

    @staticmethod
    def _lasting(find: Callable[[], Iterable[Any]]) -> list[Any]:
        """What is found again and again: while people work, something is always on its way."""
        found = set(find())
        for _again in range(ROUNDS - 1):
            if not found:
                break
            time.sleep(PAUSE)
            found &= set(find())
        return sorted(found)

    @staticmethod
    def _wait(patience: float) -> int:
        """Let the workers finish what is on its way, as long as it gets less."""
        best, since = None, time.monotonic()
        while True:
            left = Delivery.objects.filter(subscriber="facts", dead=False).count() + StaleCell.objects.count()
            if best is None or left < best:
                best, since = left, time.monotonic()
            if not left or time.monotonic() - since > patience:
                return left
            time.sleep(0.2)
