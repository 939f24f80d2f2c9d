"""Logged work against the time there is, for a group of people. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise

from metrics.rollups.states import ENOUGH_PEOPLE, Figure
from requests_app.capacity.states import utilisation

RESOURCES = [
    "work_coverage", "logged_per_request", "round_trips", "chaser_rate", "one_touch", "supplier_work_time",
    "waiting_for_customer_time", "handoffs_mean", "bounce_rate",
]  # fmt: skip


@dataclass(frozen=True)
class Load:
    """Seconds logged by departments for the days of a period, and those their people had; how many people these are.

    Nothing is told of fewer than five: that would be a figure about persons. Open work is in none of it, because
    nobody estimates it; so this is utilisation, and never clipped.
    """

    people: int
    logged: int
    available: float

    @property
    def is_group(self) -> bool:
        return self.people >= ENOUGH_PEOPLE

    @property
    def share(self) -> float | None:
        """Logged of available; None of a small group, without logs, and without time."""
        return utilisation(self.logged, self.available) if self.is_group and self.logged > 0 else None

    @property
    def why(self) -> str:
        """What stands in the way of a share: small, none_logged or no_time; empty with a share."""
        if self.share is not None:
            return ""
        return "small" if not self.is_group else "no_time" if self.available <= 0 else "none_logged"

    @property
    def logged_hours(self) -> int:
        return round(self.logged / 3600)

    @property
    def available_hours(self) -> int:
        return round(self.available / 3600)


@dataclass(frozen=True)
class Resource:
    """A line of "Resource use and communication": a figure and the requests behind it."""

    figure: Figure
    url: str

    @property
    def name(self) -> str | Promise:
        return self.figure.definition.label

    @property
    def formula(self) -> str | Promise:
        return self.figure.definition.formula

    @property
    def unit(self) -> str:
        return self.figure.definition.unit.value
