"""Looking ahead, once a day."""

from celery import shared_task
from django.db import OperationalError

from metrics.forecast.services import look_ahead_if_due


@shared_task(name="metrics.forecast", expires=600, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def forecast_nightly() -> None:
    """Asked every ten minutes; computes when the day of the company has changed since, so a night off is caught up."""
    look_ahead_if_due()
