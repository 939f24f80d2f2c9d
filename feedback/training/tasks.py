"""Periodic work of training. Any number of schedulers may start it: what is told once stays told."""

from celery import shared_task

from feedback.training import due
from requests_app.events.services import claim_slot


@shared_task(name="feedback.tell_near_training", expires=600)
def tell_near_training() -> None:
    if claim_slot("feedback.tell_near_training", seconds=600):
        due.tell_what_is_near()
