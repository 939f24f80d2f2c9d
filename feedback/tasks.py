"""Index of the tasks, so that Celery finds them."""

from feedback.actions import tasks as actions_tasks
from feedback.awards import tasks as awards_tasks
from feedback.forum import tasks as forum_tasks
from feedback.groups import tasks as groups_tasks
from feedback.needs import tasks as needs_tasks
from feedback.ratings import tasks as ratings_tasks
from feedback.surveys import tasks as surveys_tasks
from feedback.talks import tasks as talks_tasks
from feedback.training import tasks as training_tasks
from feedback.voice import tasks as voice_tasks

__all__ = [
    "actions_tasks",
    "awards_tasks",
    "forum_tasks",
    "groups_tasks",
    "needs_tasks",
    "ratings_tasks",
    "surveys_tasks",
    "talks_tasks",
    "training_tasks",
    "voice_tasks",
]
