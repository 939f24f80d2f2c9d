"""Talks between a supplier and its customer: their life, what is talked about, when the next one is. Pure data."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USUAL_MINUTES = 30
LONGEST_MINUTES = 480
MOST_WEEKS = 26  # between two talks of a series; 0: at will
LOOK_BACK_DAYS = 90  # what customers rated before that is not on the agenda
LEAST_RESPONDENTS = 5  # ratings by fewer people are not summed up
LOW_RATING = 2  # overall, of 5: this and less is low
ACTION_DAYS = 14  # corrective actions due within that are on the agenda
RENEWAL_DAYS = 60  # agreements that end within that are on the agenda
WRITING_DAYS = 7  # after the talk, in which minutes and decisions are still completed
MOST_POINTS = 10  # of one kind
LONGEST_LINE, LONGEST_NOTES, LONGEST_PLACE, LONGEST_REASON = 300, 20_000, 200, 500


class Kind(models.TextChoices):
    """Who asks whom for the talk. Plan 2 and plan 3 of the four."""

    CUSTOMER = "customer", _("Customer talk")
    SUPPLIER = "supplier", _("Supplier talk")


class State(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("talk", "Planned")
    BEGUN = "begun", pgettext_lazy("talk", "Under way")
    HELD = "held", pgettext_lazy("talk", "Held")
    CANCELLED = "cancelled", pgettext_lazy("talk", "Called off")


PLANNED, BEGUN, HELD, CANCELLED = State.values
OPEN = (PLANNED, BEGUN)
MEANING = {PLANNED: "info", BEGUN: "warn", HELD: "good", CANCELLED: ""}


class Point(models.TextChoices):
    """What a line of a talk is: the first come from the data, the others are typed."""

    OVERDUE = "overdue", _("Overdue request")
    RATING = "rating", _("Low ratings")
    VOICE = "voice", _("Complaint or suggestion")
    ACTION = "action", _("Corrective action")
    SIGNAL = "signal", _("Signal on a chart")
    DECLARED = "declared", _("Said differently")
    AGREEMENT = "agreement", _("Agreement that ends")
    TASK_LEFT = "task_left", _("Left from an earlier talk")
    OWN = "own", _("Added point")
    DECISION = "decision", _("Decision")
    TASK = "task", _("Task")
    CORRECTION = "correction", _("Corrective action begun")


FROM_DATA = (Point.OVERDUE, Point.VOICE, Point.RATING, Point.ACTION, Point.SIGNAL, Point.AGREEMENT, Point.TASK_LEFT,
             Point.DECLARED)  # fmt: skip
AGENDA = (*FROM_DATA, Point.OWN)
ICONS = {
    Point.OVERDUE: "clock", Point.RATING: "star", Point.VOICE: "message", Point.ACTION: "refresh",
    Point.SIGNAL: "chart-line", Point.DECLARED: "link", Point.AGREEMENT: "writing-sign", Point.TASK_LEFT: "list",
    Point.OWN: "plus", Point.DECISION: "check", Point.TASK: "user-check", Point.CORRECTION: "refresh",
}  # fmt: skip


@dataclass(frozen=True)
class Move:
    """One legal step of a talk."""

    name: str
    sources: frozenset[str]
    target: str
    event: str


def _move(name: str, sources: Set[str], target: str, event: str) -> Move:
    return Move(name, frozenset(sources), target, f"meeting.{event}")


MOVES: dict[str, Move] = {
    move.name: move
    for move in [
        _move("shift", {PLANNED}, PLANNED, "shifted"),
        _move("begin", {PLANNED}, BEGUN, "begun"),
        _move("end", {BEGUN}, HELD, "held"),
        _move("cancel", {PLANNED, BEGUN}, CANCELLED, "cancelled"),
    ]
}
STEPS = [(name, name) for name in MOVES]


def at(day: date, clock: time, zone: str) -> datetime:
    """The instant at which the clocks of the zone show this; of an hour that is left out, what would have been."""
    return datetime.combine(day, clock, ZoneInfo(zone))


def next_start(
    after: datetime, *, weekday: int, clock: time, zone: str, every_weeks: int = 1, last: datetime | None = None
) -> datetime:
    """The first start of the series later than `after`; counted in whole rhythms from the `last` one, if there was one.

    Weekday 0 is Monday. Wall time stays the same through summer and winter.
    """
    here = ZoneInfo(zone)
    if last is None:
        step, day = timedelta(weeks=1), after.astimezone(here).date()
        day += timedelta(days=(weekday - day.weekday()) % 7)
    else:  # from its week, not its day: a talk that was put off within the week does not put off the next
        step, before = timedelta(weeks=every_weeks), last.astimezone(here).date()
        day = before - timedelta(days=before.weekday()) + step + timedelta(days=weekday)
    while at(day, clock, zone) <= after:
        day += step
    return at(day, clock, zone)
