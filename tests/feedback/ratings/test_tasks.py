"""The periodic task: in the schedule, once in its slot, safe to run twice."""

from datetime import timedelta

from django.utils import timezone

from feedback.ratings import tasks
from feedback.ratings.models import Invitation
from requests_app.messaging.models import OutgoingMail
from servicedesk.celery import app


def test_the_scheduler_starts_the_sweep():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert "feedback.sweep_invitations" in scheduled
    assert "feedback.sweep_invitations" in app.tasks


def test_two_schedulers_remind_once(company, delivered_request, work_through):
    work_through()
    Invitation.objects.update(remind_at=timezone.now() - timedelta(minutes=1))

    tasks.sweep_invitations()
    tasks.sweep_invitations()

    assert OutgoingMail.objects.filter(kind="rating.reminder").count() == 1
