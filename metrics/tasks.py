"""Index of the tasks, so that Celery finds them."""

from metrics.charts.tasks import watch
from metrics.exports.tasks import write_exports
from metrics.forecast.tasks import forecast_nightly
from metrics.improvement.tasks import recount_improvements
from metrics.reports.tasks import send_due
from metrics.rollups.tasks import recount
from metrics.themes.tasks import find_themes_nightly
from metrics.whatif.tasks import carry_out_waiting

__all__ = [
    "carry_out_waiting",
    "find_themes_nightly",
    "forecast_nightly",
    "recount",
    "recount_improvements",
    "send_due",
    "watch",
    "write_exports",
]
