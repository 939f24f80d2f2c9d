"""Index of the tasks, so that Celery finds them."""

from feedback.ratings import tasks as ratings_tasks

__all__ = ["ratings_tasks"]
