"""Shells around the exports."""

from celery import shared_task

from metrics.exports import services
from requests_app.events.services import claim_slot


@shared_task(name="metrics.exports", expires=30, soft_time_limit=100)
def write_exports() -> None:
    services.carry_out_waiting()
    if claim_slot("metrics.exports.forget", seconds=3600):
        services.forget_expired()
