"""Index of the tasks, so that Celery finds them."""

from metrics.rollups.tasks import recount

__all__ = ["recount"]
