"""Periodic work of awards. Any number of schedulers may start it: what has moved on stays where it is."""

from celery import shared_task

from feedback.awards import services
from requests_app.events.services import claim_slot


@shared_task(name="feedback.move_awards_on", expires=300)
def move_awards_on() -> None:
    if claim_slot("feedback.move_awards_on", seconds=300):
        services.move_on()
