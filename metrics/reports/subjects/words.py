"""What all reports say alike."""

from django.utils.translation import gettext as _

from metrics.rollups.states import Period
from requests_app.kernel.formats import amount, day


def lead_of(period: Period, *, alone: bool = False) -> str:
    """The days it tells of, and what they are compared with."""
    said = {"first": day(period.start), "last": day(period.last), "n": period.days}
    words = _("%(first)s to %(last)s") if alone else _("%(first)s to %(last)s, beside the %(n)s days before")
    return words % said


def between(low: float | None, high: float | None, unit: str) -> str:
    """An interval; empty without one."""
    return "" if low is None or high is None else f"{amount(low, unit)} – {amount(high, unit)}"
