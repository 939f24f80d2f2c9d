"""Periodic work of needs. Any number of schedulers may start it: what is told once stays told."""

from celery import shared_task

from feedback.needs import services
from requests_app.events.services import claim_slot


@shared_task(name="feedback.tell_due_needs", expires=600)
def tell_due_needs() -> None:
    if claim_slot("feedback.tell_due_needs", seconds=600):
        services.tell_what_is_due()
