"""Index of the tasks, so that Celery finds them."""

from feedback.actions import tasks as actions_tasks
from feedback.ratings import tasks as ratings_tasks

__all__ = [
    "actions_tasks",
    "ratings_tasks",
]
