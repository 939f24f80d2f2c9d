"""The Celery application: `celery -A servicedesk worker`, `celery -A servicedesk beat`.

All periodic work is listed here, in plain intervals of UTC seconds: calendars and zones are
computed by our own tested code, never by the scheduler. Beat is safe to run twice.
"""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings.prod")
app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "deliver what the wake-up missed": {"task": "events.sweep", "schedule": 1.0},
    "warn and breach what is due": {"task": "desk.sweep_clocks", "schedule": 5.0},
    "measure open requests by new hours": {"task": "desk.recompute", "schedule": 5.0},
    "close what nobody answered": {"task": "desk.close_unanswered", "schedule": 300.0},
    "remind of agreements that will end": {"task": "agreements.remind_of_expiry", "schedule": 3600.0},
    "remind of unanswered ratings, expire old ones": {"task": "feedback.sweep_invitations", "schedule": 300.0},
    "let count the ratings that waited for others": {"task": "feedback.count_ratings", "schedule": 3600.0},
    "open, remind of and close campaigns": {"task": "feedback.sweep_campaigns", "schedule": 300.0},
    "tell of corrective actions that are due": {"task": "feedback.tell_due_actions", "schedule": 600.0},
    "tell of answers that are late": {"task": "feedback.tell_late_voices", "schedule": 600.0},
    "tell of sessions and ends of certificates that are near": {
        "task": "feedback.tell_near_training",
        "schedule": 600.0,
    },
    "tell of talks that are near and tasks that are late": {"task": "feedback.tell_due_talks", "schedule": 600.0},
    "tell of tasks of groups that are late": {"task": "feedback.tell_late_group_tasks", "schedule": 600.0},
    "tell of questions that wait": {"task": "feedback.tell_waiting_questions", "schedule": 600.0},
    "tell of needs that are due": {"task": "feedback.tell_due_needs", "schedule": 600.0},
    "begin and count votes on awards": {"task": "feedback.move_awards_on", "schedule": 300.0},
    "send the mail that waits": {"task": "messaging.send_waiting", "schedule": 5.0, "options": {"queue": "outside"}},
    "count figures that are stale": {"task": "metrics.recount", "schedule": 1.0, "options": {"queue": "figures"}},
    "replay agreements over the past": {"task": "metrics.what_if", "schedule": 2.0, "options": {"queue": "figures"}},
    "write exports of facts": {"task": "metrics.exports", "schedule": 2.0, "options": {"queue": "figures"}},
    "send the reports that are due": {"task": "metrics.reports", "schedule": 60.0, "options": {"queue": "figures"}},
    "look at the charts": {"task": "metrics.charts", "schedule": 600.0, "options": {"queue": "figures"}},
    "find what people say": {"task": "metrics.themes", "schedule": 600.0, "options": {"queue": "figures"}},
    "look ahead": {"task": "metrics.forecast", "schedule": 600.0, "options": {"queue": "figures"}},
    "count what improvements came to": {
        "task": "metrics.improvements",
        "schedule": 3600.0,
        "options": {"queue": "figures"},
    },
    "write the heartbeat": {"task": "events.beat", "schedule": 10.0},
    "forget old idempotency keys": {"task": "events.forget_old_keys", "schedule": 3600.0},
}


@signals.setup_logging.connect
def log_like_the_web(**_: Any) -> None:
    """Workers and beat write the same JSON lines as the web; Celery's own log format stays out."""
    logging.config.dictConfig(settings.LOGGING)
