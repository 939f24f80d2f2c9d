"""Periodic work about charts."""

from celery import shared_task

from metrics.charts.services import watch_all
from requests_app.events.services import claim_slot

SLOT = 6 * 3600


@shared_task(name="metrics.charts", expires=600)
def watch() -> None:
    """New weeks end with a Monday; looking more often only finds what came late."""
    if claim_slot("metrics.charts", seconds=SLOT):
        watch_all()
