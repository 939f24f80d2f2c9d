"""Periodic work of the forum. Any number of schedulers may start it: what is told once stays told."""

from celery import shared_task

from feedback.forum import due
from requests_app.events.services import claim_slot


@shared_task(name="feedback.tell_waiting_questions", expires=600)
def tell_waiting_questions() -> None:
    if claim_slot("feedback.tell_waiting_questions", seconds=600):
        due.tell_waiting_questions()
