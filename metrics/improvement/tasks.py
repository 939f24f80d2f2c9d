"""Counting again, every day. Any number of schedulers may start it: a day is claimed once, twice changes nothing."""

from importlib import import_module

from celery import shared_task

from metrics.improvement.due import tell_what_is_due
from requests_app.events.services import claim_slot

DAY = 86_400


@shared_task(name="metrics.improvements", expires=600, soft_time_limit=600)
def recount_improvements() -> None:
    if claim_slot("metrics.improvements", seconds=DAY):
        import_module("metrics.improvement.counting").recount_all()  # here, because it loads scipy
        tell_what_is_due()
