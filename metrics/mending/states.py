"""How often a problem comes back after its customer confirmed that it was solved. Pure.

Recurrence rate (domain.md 9): confirmed actions with the same problem again within 90 days, of all confirmed actions
whose 90 days are over; the others are too early to tell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from metrics.rollups.statistics import wilson

WINDOW = timedelta(days=90)
SPAN = timedelta(days=365)
LABEL = _("Came back")
FORMULA = _(
    "Corrective actions whose problem was there again within 90 days of the customer's confirmation, of those whose "
    "90 days ended in the last 12 months. What was confirmed later is too early to tell."
)


class Told(NamedTuple):
    """An event of a corrective action, in order of time."""

    action: int
    kind: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class Confirmed:
    """One confirmation, and when the same problem was there again, if it was within the window."""

    action: int
    at: datetime
    back_at: datetime | None = None

    @property
    def window_ends(self) -> datetime:
        return self.at + WINDOW


def confirmations(events: Iterable[Told]) -> list[Confirmed]:
    """Every confirmation in the log, oldest first. An action that came back and was confirmed anew counts twice.

    A problem shown by another action came back when that one was opened, not when its cause was found.
    """
    found: list[Confirmed] = []
    opened: dict[int, datetime] = {}
    last: dict[int, int] = {}
    for event in events:
        if event.kind == "action.opened":
            opened[event.action] = event.at
        elif event.kind == "action.verified":
            last[event.action] = len(found)
            found.append(Confirmed(event.action, event.at))
        elif event.kind == "action.reopened" and event.action in last:
            place = last.pop(event.action)
            before = found[place]
            at = opened.get(event.data.get("again") or 0, event.at)
            if before.at <= at <= before.window_ends:
                found[place] = Confirmed(before.action, before.at, at)
    return found


@dataclass(frozen=True)
class Recurrence:
    """The figure. `rows`: the confirmations that count, the latest first; `early`: how many are too early to tell."""

    rows: list[Confirmed]
    early: int

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def back(self) -> int:
        return sum(row.back_at is not None for row in self.rows)

    @property
    def share(self) -> float | None:
        """None of nothing, never 0."""
        return self.back / self.n if self.n else None

    @property
    def formula(self) -> str:
        return str(FORMULA)

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % by Wilson."""
        return wilson(self.back, self.n)


def recurrence_of(found: Iterable[Confirmed], now: datetime) -> Recurrence:
    """What counts is known only once the window has ended, whether the problem came back or not."""
    rows, early = [], 0
    for one in found:
        if one.window_ends > now:
            early += 1
        elif one.window_ends > now - SPAN:
            rows.append(one)
    return Recurrence(sorted(rows, key=lambda one: (one.at, one.action), reverse=True), early)
