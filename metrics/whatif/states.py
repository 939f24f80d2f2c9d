"""What a replay of terms over the past comes to. Pure data."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil, inf
from typing import Any, NamedTuple

from metrics.rollups.statistics import wilson

MEASURES = ("response", "acceptance", "resolution")
SHARES = (80, 90, 95)
MINUTE = 60
LONGEST_DAYS = 3 * 366
Spent = dict[tuple[str, int], "array[float]"]  # (measure, priority) → working seconds; inf: not done


class Past(NamedTuple):
    """One past request as the replay reads it; the columns of RequestFact bear the same names."""

    request_id: int
    priority: int
    service_id: int | None
    created_at: datetime
    created_day: date
    responded_at: datetime | None
    taken_on_at: datetime | None
    first_delivered_at: datetime | None
    delivered_at: datetime | None
    closed_at: datetime | None
    outcome: str
    confidential: bool
    calendar_version_id: int | None
    course: dict[str, list[list]]
    response_kept: bool | None
    response_due_at: datetime | None
    acceptance_kept: bool | None
    acceptance_due_at: datetime | None
    resolution_kept: bool | None
    resolution_due_at: datetime | None

    def was(self, measure: str, now: datetime) -> bool | None:
        """Kept, missed or undecided, as the figures count it: open and overdue is missed."""
        at = WAS[measure]
        kept: bool | None = self[at]  # type: ignore[assignment]  # by place, because names cost more
        due: datetime | None = self[at + 1]  # type: ignore[assignment]
        return False if kept is None and due is not None and due < now else kept


WAS = {measure: Past._fields.index(f"{measure}_kept") for measure in MEASURES}


class Cell(NamedTuple):
    """What is counted together: `month` is 202603 for March of 2026, `service_id` 0 for none."""

    measure: str
    priority: int
    service_id: int
    month: int
    would: bool | None
    was: bool | None


class Flip(NamedTuple):
    """A request whose verdict would be the other one."""

    request_id: int
    measure: str
    would: bool
    confidential: bool = False


@dataclass
class Share:
    """Targets kept and missed; what is undecided or has no target is in neither."""

    kept: int = 0
    missed: int = 0

    def count(self, kept: bool | None, n: int = 1) -> None:
        if kept is not None:
            self.kept += n * kept
            self.missed += n * (not kept)

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


@dataclass
class Tally:
    """One measure: in all, by priority, by service, by month of filing."""

    overall: Pair = field(default_factory=Pair)
    by_priority: dict[int, Pair] = field(default_factory=dict)
    by_service: dict[int, Pair] = field(default_factory=dict)
    by_month: dict[str, Pair] = field(default_factory=dict)

    def count(self, cell: Cell, n: int) -> None:
        month = f"{cell.month // 100}-{cell.month % 100:02}"
        places = [
            self.overall,
            self.by_priority.setdefault(cell.priority, Pair()),
            self.by_service.setdefault(cell.service_id, Pair()),
            self.by_month.setdefault(month, Pair()),
        ]
        for pair in places:
            pair.would.count(cell.would, n)
            pair.was.count(cell.was, n)

    def as_json(self) -> dict[str, Any]:
        """The parts by their keys as texts; those in which nothing was judged are left out."""
        parts: dict[str, dict] = {
            "by_priority": self.by_priority,
            "by_service": self.by_service,
            "by_month": self.by_month,
        }
        return self.overall.as_json() | {
            name: {str(key): pair.as_json() for key, pair in sorted(part.items()) if pair.would.n or pair.was.n}
            for name, part in parts.items()
        }


@dataclass
class Result:
    """Everything a replay found. `flips` are those not yet taken out; `flips_in_all` counts all."""

    n: int = 0
    without_target: int = 0
    cells: Counter[Cell] = field(default_factory=Counter)
    flips: list[Flip] = field(default_factory=list)
    flips_in_all: int = 0
    spent: Spent = field(default_factory=dict)

    def flip(self, flip: Flip) -> None:
        self.flips_in_all += 1
        self.flips.append(flip)

    def take_flips(self) -> list[Flip]:
        """Those since the last time, so that memory stays flat."""
        taken, self.flips = self.flips, []
        return taken

    def spend(self, measure: str, priority: int, seconds: float | None) -> None:
        self.spent.setdefault((measure, priority), array("d")).append(inf if seconds is None else seconds)

    @property
    def measures(self) -> dict[str, Tally]:
        found = {measure: Tally() for measure in MEASURES}
        for cell, n in self.cells.items():
            found[cell.measure].count(cell, n)
        return found

    def as_json(self) -> dict[str, Any]:
        """As it is kept: n, without_target, measures, flips_in_all, suggested."""
        return {
            "n": self.n,
            "without_target": self.without_target,
            "measures": {measure: tally.as_json() for measure, tally in self.measures.items()},
            "flips_in_all": self.flips_in_all,
            "suggested": suggested(self.spent),
        }


def suggested(spent: Spent) -> dict[str, Any]:
    """measure → priority → {n, targets}: the whole minutes that 80, 90 and 95 % would have met.

    Nearest rank. What was not done counts as longer than everything, so it cannot flatter: a share that only it
    could fill has no target (None).
    """
    found: dict[str, Any] = {}
    for (measure, priority), times in sorted(spent.items()):
        ordered = sorted(times)
        targets = {str(share): nearest_rank(ordered, share) for share in SHARES}
        found.setdefault(measure, {})[str(priority)] = {"n": len(ordered), "targets": targets}
    return found


def nearest_rank(ordered: Iterable[float], share: int) -> int | None:
    """The time at rank ⌈n · share⌉ of times in order, in seconds, up to the next whole minute."""
    times = list(ordered)
    time = times[ceil(len(times) * share / 100) - 1] if times else inf
    return None if time == inf else max(ceil(time / MINUTE), 1) * MINUTE


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
