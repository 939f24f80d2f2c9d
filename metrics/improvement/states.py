"""The life of an improvement, the weeks it is judged by, and what a verdict is. Pure: no query, no clock, no person."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from math import expm1, log
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from metrics.rollups.definitions import COUNTED, Definition, Direction, Unit
from metrics.rollups.states import Period
from requests_app.kernel.errors import DomainError

WEEK = timedelta(days=7)
FEWEST_WEEKS = 8  # on each side, for a verdict
BASELINE_WEEKS = 26  # at most, before
WINDOW_WEEKS = 13  # a quarter, after
FEWEST_IN_A_WEEK = 5
SHORTEST = 60  # seconds
METHOD = 1  # grows when the same points would give another verdict
LONGEST_NAME, LONGEST_TEXT = 120, 5000
MOST_ACTIONS = 20
LARGEST_EFFECT = 10.0


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    JUDGED = "judged", _("Judged")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


PLANNED, RUNNING, JUDGED, CLOSED, CANCELLED = State.values
ENDED = frozenset({CLOSED, CANCELLED})
SHOWN_ON_CHARTS = (RUNNING, JUDGED, CLOSED)
MEANING = {PLANNED: "hold", RUNNING: "info", JUDGED: "info", CLOSED: "good", CANCELLED: ""}


@dataclass(frozen=True)
class Move:
    """One legal step: from which states, to which, with which event, and whether a note is said with it."""

    name: str
    sources: frozenset[str]
    target: str  # empty: it stays where it stands
    event: str
    needs_note: bool = False

    @property
    def words(self) -> str:
        return str(MOVE_WORDS[self.name])


def _move(name: str, sources: Set[str], target: str, event: str, *, needs_note: bool = False) -> Move:
    return Move(name, frozenset(sources), target, f"improvement.{event}", needs_note)


MOVES: dict[str, Move] = {
    move.name: move
    for move in [
        _move("start", {PLANNED}, RUNNING, "started"),
        _move("judge", {RUNNING}, JUDGED, "judged", needs_note=True),
        _move("close", {JUDGED}, CLOSED, "closed"),
        _move("cancel", {PLANNED, RUNNING}, CANCELLED, "cancelled", needs_note=True),
    ]
}
MOVE_WORDS = {
    "start": _("Start it"),
    "judge": _("Judge it"),
    "close": _("Close it"),
    "cancel": _("Cancel it"),
}
CHANGEABLE = frozenset({PLANNED, RUNNING})


def move_of(name: str) -> Move:
    """The move of this name, or DomainError (400) naming them all."""
    if name in MOVES:
        return MOVES[name]
    words = _t("There is no such step. The steps are: %(moves)s.") % {"moves": ", ".join(MOVES)}
    error = DomainError(words, code="unknown_action")
    error.status = 400
    raise error


class Horizon(models.TextChoices):
    FIRST = "first", _("First three months")
    THREE = "three_months", _("After three months")
    SIX = "six_months", _("After six months")


class Verdict(models.TextChoices):
    IMPROVED = "improved", _("Improved")
    WORSE = "worse", _("Worse")
    NO_EVIDENCE = "no_evidence", _("No evidence of a change")
    TOO_EARLY = "too_early", _("Too early to tell")


MARKS = {
    Verdict.IMPROVED: ("good", "circle-check"),
    Verdict.WORSE: ("bad", "alert-triangle"),
    Verdict.NO_EVIDENCE: ("", "help-circle"),
    Verdict.TOO_EARLY: ("hold", "hourglass"),
}


class Scale(models.TextChoices):
    """In what a change of a figure is told: of durations in percent, of shares in points, of the rest in its unit."""

    RATIO = "ratio", _("percent")
    POINTS = "points", _("points")
    PLAIN = "plain", _("its own unit")


def scale_of(definition: Definition) -> Scale:
    if definition.unit == Unit.SECONDS:
        return Scale.RATIO
    return Scale.POINTS if definition.unit == Unit.SHARE else Scale.PLAIN


# What can be improved: figures with a good direction that are counted by the week.
FIGURES: dict[str, Definition] = {
    key: definition
    for key, definition in COUNTED.items()
    if definition.direction != Direction.NEITHER and definition.unit != Unit.COUNT
}


@dataclass(frozen=True)
class Plan:
    """What is settled about an improvement before it starts; departments, service and owner are rows."""

    side: str
    figure: str
    name: str
    expected: float
    effective_on: date
    owner: Any
    goal: str = ""
    other: Any = None
    service: Any = None
    comparison: Any = None
    triggered_from: date | None = None


# What may be said otherwise once it runs: changing the rest would choose the figure after seeing it.
FREE = ("name", "goal", "owner")


@dataclass(frozen=True)
class Mark:
    """An improvement as a chart draws it. `effect_words` is empty until there is something to tell."""

    pk: int
    effective_on: date
    name: str
    effect_words: str
    verdict: str
    url: str


class Week(NamedTuple):
    """One weekly point: the Monday, the figure, and how many values it was counted from."""

    monday: date
    value: float | None
    n: int

    def as_json(self) -> list[Any]:
        return [self.monday.isoformat(), self.value, self.n]

    @classmethod
    def from_json(cls, row: Sequence[Any]) -> "Week":
        return cls(date.fromisoformat(row[0]), row[1], row[2])


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks_between(effective_on: date, triggered_from: date | None, today: date) -> list[Period]:
    """Whole weeks, oldest first, from the baseline's first up to the last one that is over, or half a year's end."""
    ends = monday_of(min(triggered_from or effective_on, effective_on))
    begins = ends - BASELINE_WEEKS * WEEK
    last = min(monday_of(today), _first_after(effective_on) + 3 * WINDOW_WEEKS * WEEK)
    return [Period(day, day + WEEK) for day in _mondays(begins, max(last, ends))]


def _mondays(begins: date, until: date) -> list[date]:
    return [begins + place * WEEK for place in range((until - begins).days // 7)]


def _first_after(effective_on: date) -> date:
    """The Monday from which a whole week lies after: the week in which it began is on neither side."""
    monday = monday_of(effective_on)
    return monday if monday == effective_on else monday + WEEK


def begins_on(effective_on: date, horizon: str) -> date:
    """The first Monday of the quarter that this horizon looks at."""
    return _first_after(effective_on) + Horizon.values.index(horizon) * WINDOW_WEEKS * WEEK


@dataclass(frozen=True)
class Sides:
    """The weeks that count, before and after; what triggered the action is in neither."""

    before: list[Week]
    after: list[Week]

    @property
    def is_enough(self) -> bool:
        return min(len(self.before), len(self.after)) >= FEWEST_WEEKS


def sides_of(
    weeks: Sequence[Week], effective_on: date, triggered_from: date | None, horizon: str, fewest: int
) -> Sides:
    """Weeks with fewer than `fewest` values are no points."""
    known = [week for week in weeks if week.value is not None and week.n >= max(fewest, FEWEST_IN_A_WEEK)]
    ends = monday_of(min(triggered_from or effective_on, effective_on))
    first = begins_on(effective_on, horizon)
    return Sides(
        [week for week in known if week.monday < ends],
        [week for week in known if first <= week.monday < first + WINDOW_WEEKS * WEEK],
    )


def to_scale(scale: str, value: float) -> float:
    """A weekly value as it is compared: durations by their logarithm, a minute at the least so that 0 has one."""
    return log(max(value, SHORTEST)) if scale == Scale.RATIO else value


def from_scale(scale: str, shift: float) -> float:
    """A shift as it is told: −0.18 is 18 % less, or 18 points less of a share."""
    return expm1(shift) if scale == Scale.RATIO else shift


def expects_better(definition: Definition, expected: float) -> bool:
    return (expected < 0) == (definition.direction == Direction.LOWER)


def verdict_of(direction: str, low: float, high: float, p: float) -> Verdict:
    """What an interval and its p, corrected for how many figures were looked at, say of the good direction."""
    if p >= 0.05 or low <= 0 <= high:
        return Verdict.NO_EVIDENCE
    return Verdict.IMPROVED if (high < 0) == (direction == Direction.LOWER) else Verdict.WORSE


def held(first: str, later: str, first_effect: float | None, low: float | None, high: float | None) -> bool | None:
    """Whether what the first quarter showed was still there later; None when that cannot be told.

    Yes: the later quarter is better than the baseline by itself. No: it is worse, or it shows no evidence and its
    interval does not reach the first effect any more.
    """
    if first != Verdict.IMPROVED or later == Verdict.TOO_EARLY:
        return None
    if later == Verdict.IMPROVED:
        return True
    if later == Verdict.WORSE:
        return False
    reached = first_effect is None or low is None or high is None or low <= first_effect <= high
    return None if reached else False
