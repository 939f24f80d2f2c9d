"""Periodic work of ratings. Any number of schedulers may start it: what is done once stays done."""

from celery import shared_task

from feedback.ratings import counting, services
from requests_app.events.services import claim_slot


@shared_task(name="feedback.sweep_invitations", expires=300)
def sweep_invitations() -> None:
    if claim_slot("feedback.sweep_invitations", seconds=300):
        services.sweep_invitations()


@shared_task(name="feedback.count_ratings", expires=3600)
def count_ratings() -> None:
    if claim_slot("feedback.count_ratings", seconds=3600):
        counting.count_ratings()
