"""How the installation is: what waits, what died, who was last seen at work."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from requests_app.events.models import Delivery
from requests_app.events.registry import SUBSCRIBERS
from requests_app.events.selectors import delivery_state

SILENT_AFTER = timedelta(seconds=60)
LATE_AFTER = timedelta(seconds=60)
DISK_WARNING = 0.15


@dataclass(frozen=True)
class Pulse:
    """One kind of process: when it was last seen, and whether that is recent enough."""

    name: str
    at: datetime | None
    alive: bool


@dataclass(frozen=True)
class Health:
    """Everything the health page shows."""

    pulses: list[Pulse]
    waiting: int
    oldest_waiting: datetime | None
    late: bool
    dead: list[Delivery]
    disk_free_share: float
    disk_low: bool

    @property
    def well(self) -> bool:
        return all(pulse.alive for pulse in self.pulses) and not (self.late or self.dead or self.disk_low)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def health(now: datetime | None = None) -> Health:
    now = now or timezone.now()
    state = delivery_state()
    expected = ["beat", *sorted({f"worker:{subscriber.queue}" for subscriber in SUBSCRIBERS.values()})]
    disk = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else "/")
    return Health(
        pulses=[_pulse(name, state.heartbeats.get(name), now) for name in expected],
        waiting=state.waiting,
        oldest_waiting=state.oldest_waiting,
        late=state.oldest_waiting is not None and now - state.oldest_waiting > LATE_AFTER,
        dead=state.dead,
        disk_free_share=disk.free / disk.total,
        disk_low=disk.free / disk.total < DISK_WARNING,
    )


def _pulse(name: str, at: datetime | None, now: datetime) -> Pulse:
    return Pulse(name, at, at is not None and now - at < SILENT_AFTER)
