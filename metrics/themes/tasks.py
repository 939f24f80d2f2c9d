"""Finding themes and recurring needs, once a day."""

from celery import shared_task
from django.db import OperationalError

from metrics.themes.services import find_all_if_due


@shared_task(name="metrics.themes", expires=600, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def find_themes_nightly() -> None:
    """Asked every ten minutes; finds when the day of the company has changed since, so a night off is caught up."""
    find_all_if_due()
