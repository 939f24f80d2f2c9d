"""Periodic work about reports."""

from celery import shared_task

from metrics.reports.services import queue_due_reports
from requests_app.events.services import claim_slot


@shared_task(name="metrics.reports", expires=60)
def send_due() -> None:
    if claim_slot("metrics.reports", seconds=60):
        queue_due_reports()
