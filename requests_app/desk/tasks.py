"""Periodic work of the desk. Any number of schedulers may start these: what is done once stays done."""

from celery import shared_task

from requests_app.desk.services import attachments, moves, recomputing, sweeping
from requests_app.events.services import claim_slot


@shared_task(name="desk.sweep_clocks", expires=30)
def sweep_clocks() -> None:
    if claim_slot("desk.sweep_clocks", seconds=5):
        sweeping.sweep_clocks()


@shared_task(name="desk.close_unanswered", expires=300)
def close_unanswered() -> None:
    if claim_slot("desk.close_unanswered", seconds=300):
        moves.close_all_unanswered()
        attachments.sweep_orphans()


@shared_task(name="desk.recompute", expires=30)
def recompute() -> None:
    recomputing.work_off_recomputations()
