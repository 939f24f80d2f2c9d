"""Sends the mail that waits. Any number of workers may run this: each row is claimed by one."""

from celery import shared_task

from requests_app.messaging import services


@shared_task(name="messaging.send_waiting", expires=30)
def send_waiting() -> None:
    services.send_waiting()
