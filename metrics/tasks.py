"""Index of the tasks, so that Celery finds them."""

from metrics.improvement.tasks import recount_improvements
from metrics.reports.tasks import send_due
from metrics.rollups.tasks import recount
from metrics.whatif.tasks import carry_out_waiting

__all__ = ["carry_out_waiting", "recount", "recount_improvements", "send_due"]
