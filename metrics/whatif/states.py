"""What a replay of terms over the past comes to. Pure data."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple

from metrics.rollups.statistics import wilson

MEASURES = ("response", "resolution")
SHARES = (80, 90, 95)
MOST_FLIPS = 200
MINUTE = 60


class Past(NamedTuple):
    """One past request as the replay reads it; the columns of RequestFact bear the same names."""

    request_id: int
    priority: int
    service_id: int | None
    created_at: datetime
    responded_at: datetime | None
    delivered_at: datetime | None
    closed_at: datetime | None
    outcome: str
    confidential: bool
    calendar_version_id: int | None
    course: dict[str, list[list]]
    response_kept: bool | None
    response_due_at: datetime | None
    resolution_kept: bool | None
    resolution_due_at: datetime | None

    def was(self, measure: str, now: datetime) -> bool | None:
        """Kept, missed or undecided, as the figures count it: open and overdue is missed."""
        kept: bool | None = getattr(self, f"{measure}_kept")
        due: datetime | None = getattr(self, f"{measure}_due_at")
        return False if kept is None and due is not None and due < now else kept


@dataclass
class Share:
    """Targets kept and missed; what is undecided or has no target is in neither."""

    kept: int = 0
    missed: int = 0

    def count(self, kept: bool | None) -> None:
        if kept is not None:
            self.kept += kept
            self.missed += not kept

    @property
    def n(self) -> int:
        return self.kept + self.missed

    @property
    def value(self) -> float | None:
        return self.kept / self.n if self.n else None

    def as_json(self) -> dict[str, Any]:
        """With the 95 % interval after Wilson."""
        low, high = wilson(self.kept, self.n) or (None, None)
        return {"kept": self.kept, "missed": self.missed, "n": self.n, "share": self.value, "low": low, "high": high}


@dataclass
class Pair:
    """How it would have been, and how it was."""

    would: Share = field(default_factory=Share)
    was: Share = field(default_factory=Share)

    def as_json(self) -> dict[str, Any]:
        return {**self.would.as_json(), "was": self.was.as_json()}


class Flip(NamedTuple):
    """A request whose verdict would be the other one."""

    request_id: int
    measure: str
    would: bool


@dataclass
class Tally:
    """One measure: in all, by priority, by service, by month of filing."""

    overall: Pair = field(default_factory=Pair)
    by_priority: dict[int, Pair] = field(default_factory=dict)
    by_service: dict[int, Pair] = field(default_factory=dict)
    by_month: dict[str, Pair] = field(default_factory=dict)

    def count(self, past: Past, month: str, would: bool | None, was: bool | None) -> None:
        places = [
            self.overall,
            self.by_priority.setdefault(past.priority, Pair()),
            self.by_service.setdefault(past.service_id or 0, Pair()),
            self.by_month.setdefault(month, Pair()),
        ]
        for pair in places:
            pair.would.count(would)
            pair.was.count(was)

    def as_json(self) -> dict[str, Any]:
        parts: dict[str, dict] = {
            "by_priority": self.by_priority,
            "by_service": self.by_service,
            "by_month": self.by_month,
        }
        return self.overall.as_json() | {
            name: {str(key): pair.as_json() for key, pair in sorted(part.items())} for name, part in parts.items()
        }


@dataclass
class Result:
    """Everything a replay found; of confidential requests only the counts.

    `spent` are the working seconds of each measure and priority, None for what is not done.
    """

    n: int = 0
    without_target: int = 0
    measures: dict[str, Tally] = field(default_factory=lambda: {measure: Tally() for measure in MEASURES})
    flips: list[Flip] = field(default_factory=list)
    flips_in_all: int = 0
    spent: dict[tuple[str, int], list[float | None]] = field(default_factory=dict)

    def flip(self, past: Past, measure: str, would: bool) -> None:
        self.flips_in_all += 1
        if len(self.flips) < MOST_FLIPS and not past.confidential:
            self.flips.append(Flip(past.request_id, measure, would))

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "without_target": self.without_target,
            "measures": {measure: tally.as_json() for measure, tally in self.measures.items()},
            "flips": [flip._asdict() for flip in self.flips],
            "flips_in_all": self.flips_in_all,
            "suggested": suggested(self.spent),
        }


def suggested(spent: dict[tuple[str, int], list[float | None]]) -> dict[str, Any]:
    """measure → priority → {n, targets}: the whole minutes that 80, 90 and 95 % would have met.

    Nearest rank. What was not done counts as longer than everything, so it cannot flatter: a share that only it
    could fill has no target (None).
    """
    found: dict[str, Any] = {}
    for (measure, priority), times in sorted(spent.items()):
        targets = {str(share): nearest_rank(times, share) for share in SHARES}
        found.setdefault(measure, {})[str(priority)] = {"n": len(times), "targets": targets}
    return found


def nearest_rank(times: Iterable[float | None], share: int) -> int | None:
    ordered = sorted(times, key=lambda time: (time is None, time or 0))
    if not ordered:
        return None
    time = ordered[ceil(len(ordered) * share / 100) - 1]
    return None if time is None else max(ceil(time / MINUTE), 1) * MINUTE
