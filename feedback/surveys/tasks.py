"""Periodic work of campaigns. Any number of schedulers may start it: what is done once stays done."""

from celery import shared_task

from feedback.surveys import repeating, services
from requests_app.events.services import claim_slot


@shared_task(name="feedback.sweep_campaigns", expires=300)
def sweep_campaigns() -> None:
    if claim_slot("feedback.sweep_campaigns", seconds=300):
        repeating.repeat_campaigns()
        services.sweep_campaigns()
