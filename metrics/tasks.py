"""Index of the tasks, so that Celery finds them."""

from metrics.exports.tasks import write_exports
from metrics.reports.tasks import send_due
from metrics.rollups.tasks import recount
from metrics.whatif.tasks import carry_out_waiting

__all__ = ["carry_out_waiting", "recount", "send_due", "write_exports"]
