"""What was said to a department beside how much was asked of it: complaints and praise per 100 requests. Pure."""

from dataclasses import dataclass
from math import sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PER = 100
FEWEST_REQUESTS = 10
Z = 1.96

LABELS = {"complaint_rate": _("Complaints per 100 requests"), "praise_rate": _("Praise per 100 requests")}
FORMULAS = {
    "complaint_rate": _(
        "Complaints made to the department in the period, but those taken back and confidential ones, of 100 requests "
        "filed with it in the same days. Of at least ten requests."
    ),
    "praise_rate": _(
        "Praise given to the department in the period, but what was taken back, of 100 requests filed with it in the "
        "same days. Of at least ten requests."
    ),
}


@dataclass(frozen=True)
class Rate:
    """`count` things said, `n` requests filed; `before` is the value of the period before, if it can be told."""

    key: str
    count: int
    n: int
    before: float | None = None

    @property
    def label(self) -> Promise | str:
        return LABELS[self.key]

    @property
    def formula(self) -> Promise | str:
        return FORMULAS[self.key]

    @property
    def value(self) -> float | None:
        """None where too few requests were filed to say anything."""
        return PER * self.count / self.n if self.n >= FEWEST_REQUESTS else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % limits, what is said taken as coming by chance one by one (Poisson, by Byar's formula)."""
        if self.value is None:
            return None
        low, high = limits(self.count)
        return PER * low / self.n, PER * high / self.n


def limits(count: int) -> tuple[float, float]:
    """Of a count of things that come by chance; within 1 % of the exact ones from two on."""
    more = count + 1
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3 if count else 0.0
    return max(low, 0.0), more * (1 - 1 / (9 * more) + Z / (3 * sqrt(more))) ** 3
