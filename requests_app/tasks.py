"""Index of the tasks, so that Celery finds them."""

from requests_app.agreements.negotiation import tasks as agreements_tasks
from requests_app.desk import tasks as desk_tasks
from requests_app.events import tasks as events_tasks
from requests_app.messaging import tasks as messaging_tasks

__all__ = ["agreements_tasks", "desk_tasks", "events_tasks", "messaging_tasks"]
