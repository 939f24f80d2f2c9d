"""Shells around the delivery services, and the bell that wakes them after a commit."""

import logging
import os
import threading
import time

from celery import shared_task
from django.conf import settings
from django.db import OperationalError

from requests_app.events import registry, services

log = logging.getLogger(__name__)


@shared_task(name="events.deliver", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def deliver(name: str) -> None:
    if name in registry.SUBSCRIBERS:
        services.deliver(name)


@shared_task(name="events.sweep", expires=30)
def sweep() -> None:
    """What the wake-up missed, because Redis was away or the ringing was coalesced."""
    for name in services.waiting_subscribers():
        deliver.apply_async(args=[name], queue=registry.SUBSCRIBERS[name].queue, expires=60)


@shared_task(name="events.beat", expires=30)
def beat() -> None:
    services.note_heartbeat("beat")
    for queue in sorted({subscriber.queue for subscriber in registry.SUBSCRIBERS.values()}):
        pulse.apply_async(args=[queue], queue=queue, expires=30)


@shared_task(name="events.pulse", expires=30)
def pulse(queue: str) -> None:
    services.note_heartbeat(f"worker:{queue}")


@shared_task(name="events.forget_old_keys", expires=600)
def forget_old_keys() -> None:
    services.forget_old_keys()


class BrokerBell:
    """Rings from a thread of its own, so that no request ever waits for the broker, alive, frozen or gone.

    Names rung within 50 ms become one message. What is lost (the broker is away, the process
    ends before the thread has run) the sweeper finds within a second or two.
    """

    GATHER, REST = 0.05, 5.0

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.lock = threading.Lock()
        self.rung = threading.Event()
        self.owner = 0

    def ring(self, names: set[str]) -> None:
        with self.lock:
            self.names |= names
            if self.owner != os.getpid():  # threads do not survive the fork of a server process
                self.owner, self.rung = os.getpid(), threading.Event()
                threading.Thread(target=self._run, name="bell", daemon=True).start()
        self.rung.set()

    def _run(self) -> None:
        while True:
            self.rung.wait()
            time.sleep(self.GATHER)
            self.rung.clear()
            with self.lock:
                names, self.names = self.names, set()
            try:
                for name in names:
                    deliver.apply_async(args=[name], queue=registry.SUBSCRIBERS[name].queue, expires=60)
            except Exception:  # whatever the broker's trouble is, the work is safe in the database
                log.warning("the broker cannot be reached; the sweeper will deliver")
                time.sleep(self.REST)


if getattr(settings, "RING_THE_BELL", True):
    registry.Bell.ring = BrokerBell().ring
