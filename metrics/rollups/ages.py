"""Open work by how long ago it was filed: the steps of age, and what stands in each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Age:
    """From `least` up to but not including `most` days of 24 hours since filing; without `most` there is no end."""

    key: str
    least: int
    most: int | None
    words: str | Promise

    @property
    def bounds(self) -> tuple[timedelta, timedelta | None]:
        return timedelta(days=self.least), None if self.most is None else timedelta(days=self.most)


AGES = {
    age.key: age
    for age in (
        Age("0-1", 0, 1, _("Under a day")),
        Age("1-3", 1, 3, _("1 to 3 days")),
        Age("3-7", 3, 7, _("3 to 7 days")),
        Age("7-30", 7, 30, _("7 to 30 days")),
        Age("30", 30, None, _("30 days and more")),
    )
}
EDGES = tuple(age.least for age in AGES.values())[1:]  # days


@dataclass(frozen=True)
class AgeGroup:
    """How much of the open work is of an age, and how much of that is past its time."""

    age: Age
    n: int
    overdue: int


def grouped_by_age(counts: Mapping[int, tuple[int, int]]) -> Sequence[AgeGroup]:
    """From place of the age → (open, overdue of them): every age, the youngest first."""
    return [AgeGroup(age, *counts.get(place, (0, 0))) for place, age in enumerate(AGES.values())]
