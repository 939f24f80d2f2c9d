"""Periodic work of corrective actions. Any number of schedulers may start it: what is told once stays told."""

from celery import shared_task

from feedback.actions import digest, due
from requests_app.events.services import claim_slot


@shared_task(name="feedback.tell_due_actions", expires=600)
def tell_due_actions() -> None:
    if claim_slot("feedback.tell_due_actions", seconds=600):
        due.tell_what_is_due()
        digest.queue_digests()
