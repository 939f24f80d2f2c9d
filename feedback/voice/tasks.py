"""Periodic work of what people say. Any number of schedulers may start it: what is told once stays told."""

from celery import shared_task

from feedback.voice import due
from requests_app.events.services import claim_slot


@shared_task(name="feedback.tell_late_voices", expires=600)
def tell_late_voices() -> None:
    if claim_slot("feedback.tell_late_voices", seconds=600):
        due.hand_on_what_nobody_may_answer()
        due.tell_what_is_late()
