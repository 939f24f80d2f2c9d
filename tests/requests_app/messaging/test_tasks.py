"""The task that sends: on the queue for the outside world, started by the scheduler, safe to run twice."""

from django.core import mail

from requests_app.events.services import deliver
from requests_app.messaging import tasks
from servicedesk.celery import app


def test_the_scheduler_starts_the_sending_on_the_queue_for_the_outside():
    app.loader.import_default_modules()
    entry = next(entry for entry in app.conf.beat_schedule.values() if entry["task"] == "messaging.send_waiting")

    assert entry["schedule"] <= 5
    assert entry["options"] == {"queue": "outside"}
    assert entry["task"] in app.tasks


def test_sending_twice_sends_once(new_request):
    deliver("messaging.notices")

    tasks.send_waiting()
    tasks.send_waiting()

    assert len(mail.outbox) == 1
