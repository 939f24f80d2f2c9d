"""Periodic work of talks. Any number of schedulers may start it: what is told once stays told."""

from celery import shared_task

from feedback.talks import due
from requests_app.events.services import claim_slot


@shared_task(name="feedback.tell_due_talks", expires=600)
def tell_due_talks() -> None:
    if claim_slot("feedback.tell_due_talks", seconds=600):
        due.tell_what_is_due()
