"""How much time people have for work, in numbers. Pure: no query.

Source: domain.md, utilisation = logged / available, available = contract − absence − holidays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

FULL_WEEK = 40 * 60  # minutes: what is taken for granted where nobody said otherwise
MOST_MINUTES = 7 * 24 * 60
LONGEST_ABSENCE = 366
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class Kind(models.TextChoices):
    """Why somebody is away, as far as it is anybody's business: nothing about health."""

    LEAVE = "leave", _("Leave")
    DUTY = "duty", _("Away on business or training")
    OTHER = "other", _("Away")


@dataclass(frozen=True)
class Workday:
    """A day of a calendar: the seconds that it is open then, and those of its ordinary week (holidays left out)."""

    day: date
    seconds: float
    week: float


@dataclass(frozen=True)
class Terms:
    """A contract of `minutes` a week, from a day on."""

    since: date
    minutes: int


@dataclass(frozen=True)
class Away:
    """Days on which somebody is away, both inclusive."""

    first: date
    last: date


def usual_minutes(week: float, *, departments: int = 1) -> float:
    """A week where no contract says more: the calendar's own, at most 40 h, shared evenly among the departments."""
    return min(week / 60, FULL_WEEK) / departments


def available_seconds(
    days: Iterable[Workday], terms: Sequence[Terms] = (), away: Sequence[Away] = (), *, departments: int = 1
) -> float:
    """Seconds one person has for one department on these days.

    A day is worth its part of the calendar's week, times the contract in force that day; on a holiday and while away
    it is worth nothing. A calendar that never opens gives nobody any time.
    """
    total = 0.0
    for one in days:
        if not one.seconds or not one.week or (away and any(each.first <= one.day <= each.last for each in away)):
            continue
        known = [each for each in terms if each.since <= one.day] if terms else []
        usual = usual_minutes(one.week, departments=departments)
        minutes = max(known, key=lambda each: each.since).minutes if known else usual
        total += one.seconds * minutes * 60 / one.week
    return total


def utilisation(logged: float, available: float) -> float | None:
    """Logged of available time; more than 1 stays so, and without capacity there is none."""
    return logged / available if available > 0 else None


def load(logged: float, open_estimated: float, available: float) -> float | None:
    """The same with the work that is still to be done, as far as it was estimated."""
    return utilisation(logged + open_estimated, available)
