"""Fold every request from its events and count every figure from the beginning."""

import time

from django.core.management.base import BaseCommand

from metrics.rollups import rebuilding


class Command(BaseCommand):
    help = "Compute all facts and figures anew from the event log. Safe beside running workers."

    def handle(self, *args, **options) -> None:
        began = time.monotonic()
        folded = changed = 0
        for count, different in rebuilding.refold_all():
            folded, changed = folded + count, changed + different
            if options["verbosity"] > 1:
                self.stdout.write(f"{folded} requests")
        half = time.monotonic()
        cells = rebuilding.rebuild_cells()
        self.stdout.write(
            f"{folded} requests folded, {changed} of them changed, in {half - began:.1f} s; "
            f"{cells} cells counted in {time.monotonic() - half:.1f} s."
        )
