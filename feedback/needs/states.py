"""What departments need of each other, and the life of a need as one table: pure data, no query, no person."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from requests_app.kernel.errors import DomainError

LONGEST_TITLE, LONGEST_TEXT, LONGEST_WORDS = 200, 10_000, 300
MOST_SOURCES = 30  # of one need
MOST_A_DAY = 20  # needs by one person
MOST_IN_COLUMN = 40  # cards of one column of the board; the list has them all
LOWEST, HIGHEST = 1, 5  # ratings of customers
IMPROVEMENT = r"(?:https?://[^/\s]+)?(/improvements/[1-9][0-9]{0,17}/)"


class State(models.TextChoices):
    """Where a need stands: collect, analyse, decide, carry out, evaluate."""

    COLLECTED = "collected", _("Collected")
    ANALYSED = "analysed", _("Analysed")
    DECIDED = "decided", _("Decided")
    CARRIED_OUT = "carried_out", _("Carried out")
    EVALUATED = "evaluated", _("Evaluated")
    SET_ASIDE = "set_aside", _("Set aside")


COLLECTED, ANALYSED, DECIDED, CARRIED_OUT, EVALUATED, SET_ASIDE = State.values
MEANING = {
    COLLECTED: "warn", ANALYSED: "warn", DECIDED: "info", CARRIED_OUT: "info", EVALUATED: "good", SET_ASIDE: "",
}  # fmt: skip
ENDED = (EVALUATED, SET_ASIDE)
AFTER_ANALYSIS = (ANALYSED, DECIDED, CARRIED_OUT, EVALUATED)
AFTER_DECISION = (DECIDED, CARRIED_OUT, EVALUATED)


class Urgency(models.IntegerChoices):
    """How long it can wait."""

    SOMEDAY = 1, _("Can wait")
    YEAR = 2, _("Within the year")
    QUARTER = 3, _("Within the quarter")
    NOW = 4, _("Now")


class Importance(models.IntegerChoices):
    """How much depends on it."""

    PLEASANT = 1, _("Pleasant to have")
    USEFUL = 2, _("Makes work easier")
    NEEDED = 3, _("Needed for good work")
    VITAL = 4, _("Work stops without it")


class SourceKind(models.TextChoices):
    """Where a need was heard of. Talks and others are told in words."""

    REQUEST = "request", _("A request")
    VOICE = "voice", _("Something people say")
    SURVEY = "survey", _("A survey")
    TALK = "talk", _("A talk")
    OTHER = "other", _("Something else")


IN_WORDS = (SourceKind.TALK, SourceKind.OTHER)


@dataclass(frozen=True)
class Move:
    """One legal step: from which states, to which, by which row of the matrix, what has to be said with it."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    event: str
    needs: tuple[str, ...]

    @property
    def words(self) -> str:
        return str(STEP_WORDS[self.name])


def _move(name: str, sources: Set[str], target: str, permission: str, *needs: str, event: str = "") -> Move:
    return Move(name, frozenset(sources), target, f"cap.{permission}", f"need.{event or target}", needs)


MOVES: dict[str, Move] = {
    move.name: move
    for move in [
        _move("analyse", {COLLECTED, ANALYSED}, ANALYSED, "update_progress", "note", "urgency", "importance"),
        _move("decide", {ANALYSED, DECIDED}, DECIDED, "create_edit", "note", "owner", "due_on"),
        _move("carry_out", {DECIDED}, CARRIED_OUT, "update_progress", "note"),
        _move("evaluate", {CARRIED_OUT}, EVALUATED, "update_progress", "note", "link"),
        _move("reopen", {CARRIED_OUT, EVALUATED}, ANALYSED, "update_progress", "note", event="reopened"),
        _move("set_aside", {COLLECTED, ANALYSED, DECIDED}, SET_ASIDE, "create_edit", "note"),
        _move("take_back_up", {SET_ASIDE}, COLLECTED, "create_edit", "note", event="taken_back_up"),
    ]
}
STEP_WORDS = {
    "analyse": _("Analyse it"),
    "decide": _("Decide on a solution"),
    "carry_out": _("Say that it is carried out"),
    "evaluate": _("Evaluate the effect"),
    "reopen": _("It is still needed"),
    "set_aside": _("Set it aside"),
    "take_back_up": _("Take it up again"),
}
STEPS = [(name, name) for name in MOVES]
# Into which column of the need the words of a step go; those of the others stand in its history.
KEPT_AS = {
    "analyse": "analysis", "decide": "solution", "carry_out": "result", "evaluate": "effect", "set_aside": "reason",
}  # fmt: skip


def move_of(name: str) -> Move:
    """The step of this name, or DomainError (400) naming them all."""
    try:
        return MOVES[name]
    except KeyError:
        steps = {"moves": ", ".join(MOVES)}
        error = DomainError(_t("There is no such step. The steps are: %(moves)s.") % steps, code="unknown_action")
        error.status = 400
        raise error from None


@dataclass(frozen=True)
class Words:
    """What is said with a step; each step asks for its own of these."""

    note: str = ""
    urgency: int | None = None
    importance: int | None = None
    owner: Any = None
    due_on: date | None = None
    link: str = ""


@dataclass(frozen=True)
class Gap:
    """Means over the customer departments that rated, each 1 to 5; `gap` = importance − satisfaction, so −4 to +4.

    Above zero it counts for more than what they get. A rating is a department's open word, not an answer to a survey,
    so there is no floor; answers to surveys are never taken into it.
    """

    importance: float
    satisfaction: float
    n: int

    @property
    def gap(self) -> float:
        return self.importance - self.satisfaction


def course_of(said: Iterable[tuple[datetime, int, int, int]]) -> list[tuple[datetime, Gap]]:
    """The gap after each rating, oldest first: of (when, department, importance, satisfaction), the newest counts."""
    newest: dict[int, tuple[int, int]] = {}
    found = []
    for at, department, importance, satisfaction in said:
        newest[department] = (importance, satisfaction)
        gap = gap_of(newest.values())
        if gap is not None:
            found.append((at, gap))
    return found


def gap_of(pairs: Iterable[tuple[int, int]]) -> Gap | None:
    """Of (importance, satisfaction) of each department; None while none has rated."""
    pairs = list(pairs)
    if not pairs:
        return None
    n = len(pairs)
    return Gap(sum(one for one, _other in pairs) / n, sum(other for _one, other in pairs) / n, n)
