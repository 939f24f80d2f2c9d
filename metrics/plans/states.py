"""How far a department is with its four plans, and whom it has met. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

ENOUGH_REQUESTS = 5  # in the year: with whom there is so much to do, one talks


class Plan(models.TextChoices):
    """The four plans of a department, in their order."""

    KNOWLEDGE = "knowledge", _("1. Self-knowledge")
    CUSTOMERS = "customers", _("2. Customer talks")
    SUPPLIERS = "suppliers", _("3. Supplier talks")
    MEASUREMENT = "measurement", _("4. Measurement")


DONE_WHEN = {
    Plan.KNOWLEDGE: _("The department has said who its suppliers and customers are, as its members or head see it."),
    Plan.CUSTOMERS: _("It has held a customer talk in the last twelve months."),
    Plan.SUPPLIERS: _("It has held a supplier talk in the last twelve months."),
    Plan.MEASUREMENT: _("At least one chart of what it supplies has limits that are frozen."),
}  # fmt: skip
COMPLETENESS = _("Plans that are done, of four.")
COVERAGE = _(
    "Customers (suppliers) with whom a talk of any kind was held, of those with at least five requests in the last "
    "twelve months. Requests of the department to itself do not count."
)


@dataclass(frozen=True)
class Coverage:
    """Of `due` departments with requests enough, those of `met` were talked to. Both hold ids."""

    due: frozenset[int]
    met: frozenset[int]

    @property
    def n(self) -> int:
        return len(self.due)

    @property
    def count(self) -> int:
        return len(self.due & self.met)

    @property
    def share(self) -> float | None:
        """None where there is nobody to meet."""
        return self.count / self.n if self.due else None


@dataclass(frozen=True)
class Standing:
    """One department: which plans are done, whom it has met."""

    done: Mapping[Plan, bool]
    customers: Coverage
    suppliers: Coverage

    @property
    def count(self) -> int:
        return sum(self.done.values())

    @property
    def completeness(self) -> float:
        return self.count / len(Plan)


def together(coverages: Sequence[Coverage]) -> tuple[int, int]:
    """(met, due) of all of them, each pair once from each side."""
    return sum(one.count for one in coverages), sum(one.n for one in coverages)
