"""Shells around the runs."""

from celery import shared_task

from metrics.whatif import services


@shared_task(name="metrics.what_if", expires=30, soft_time_limit=100)
def carry_out_waiting() -> None:
    services.carry_out_waiting()
