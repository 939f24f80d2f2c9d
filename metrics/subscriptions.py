"""What the figures listen to."""

import time

from django.db import transaction

from metrics.charts import letters as chart_letters
from metrics.rollups import services
from requests_app.events.models import Event
from requests_app.events.registry import subscribe
from requests_app.events.selectors import waits
from requests_app.events.states import REQUEST_KINDS

SILENT = {"clock.warned", "rating.answered", "rating.held_back"}  # they change no fact
REST = 1.0
NAME = "facts"


class Recounter:
    """Counts right after the facts are committed, without asking the broker.

    While more events wait, at most once a second a process: a flood is counted in large batches, its end and a single
    event at once. What a dying worker leaves behind, the sweep counts.
    """

    last = 0.0

    @classmethod
    def count(cls) -> None:
        if time.monotonic() - cls.last >= REST or not waits(NAME):
            services.recount_stale()
            cls.last = time.monotonic()


def take_in(events: list[Event]) -> None:
    """Fold the requests that these events are about; safe to run twice, late and in any order."""
    ids = {event.subject_id for event in events if event.subject_kind == "request"}
    if services.refresh_figures(request_ids=ids):
        transaction.on_commit(Recounter.count, robust=True)


subscribe("metrics.chart_letters", [chart_letters.KIND], chart_letters.queue_letters, queue="outside", batch=100)
subscribe(NAME, set(REQUEST_KINDS) - SILENT, take_in, queue="figures", batch=200)
