"""Periodic work about agreements."""

from celery import shared_task

from requests_app.agreements.negotiation.services import remind_of_expiry
from requests_app.events.services import claim_slot


@shared_task(name="agreements.remind_of_expiry", expires=3600)
def remind() -> None:
    if claim_slot("agreements.remind_of_expiry", seconds=3600):
        remind_of_expiry()
