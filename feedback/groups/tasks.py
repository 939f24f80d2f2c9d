"""Periodic work of joint groups. Any number of schedulers may start it: what is told once stays told."""

from celery import shared_task

from feedback.groups import due
from requests_app.events.services import claim_slot


@shared_task(name="feedback.tell_late_group_tasks", expires=600)
def tell_late_group_tasks() -> None:
    if claim_slot("feedback.tell_late_group_tasks", seconds=600):
        due.tell_late_tasks()
