"""Shells around the recount."""

from celery import shared_task
from django.db import OperationalError

from metrics.rollups import services


@shared_task(name="metrics.recount", expires=30, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def recount() -> None:
    """What was not counted at once: because somebody else was counting, or the worker died in between."""
    services.recount_stale()
