"""Fold every request from its events and count every figure from the beginning."""

import time

from django.core.management.base import BaseCommand

from metrics.forecast.services import look_ahead
from metrics.rollups import catching_up, rebuilding
from requests_app.kernel.bulk import seldom_collected


class Command(BaseCommand):
    help = "Compute all facts and figures anew from the event log. Safe beside running workers."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--waiting", action="store_true", help="only what waits to be counted, after a large load")

    def handle(self, *args, **options) -> None:
        work = self._catch_up if options["waiting"] else self._everything
        with seldom_collected():
            work(options["verbosity"])
        self.stdout.write(f"{look_ahead()} forecasts computed.")

    def _catch_up(self, verbosity: int) -> None:
        began = time.monotonic()
        tell = (
            (lambda folded: self.stderr.write(f"  {folded} requests folded")) if verbosity > 1 else lambda folded: None
        )
        folded, cells = catching_up.catch_up(tell)
        self.stdout.write(f"{folded} requests folded and {cells} cells counted in {time.monotonic() - began:.1f} s.")

    def _everything(self, verbosity: int) -> None:
        began = time.monotonic()
        folded = changed = 0
        for count, different in rebuilding.refold_all():
            folded, changed = folded + count, changed + different
            if verbosity > 1:
                self.stdout.write(f"{folded} requests")
        half = time.monotonic()
        cells = rebuilding.rebuild_cells()
        self.stdout.write(
            f"{folded} requests folded, {changed} of them changed, in {half - began:.1f} s; "
            f"{cells} cells counted in {time.monotonic() - half:.1f} s."
        )
