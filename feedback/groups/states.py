"""Joint groups of several departments: their life, their board, their meetings, their wall checks. Pure data."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.surveys.states import FLOOR
from feedback.surveys.statistics import Mean, mean_of
from requests_app.kernel.errors import DomainError

LONGEST_NAME, LONGEST_WORDS, LONGEST_NOTES, LONGEST_LINE, LONGEST_PLACE = 120, 4000, 20_000, 300, 200
MOST_MEMBERS, MOST_TASKS = 60, 200
LONGEST_DAYS = 3 * 366  # of a group, and until a task is due
MOST_WEEKS = 26  # between two meetings; 0: at will
USUAL_MINUTES, LONGEST_MINUTES = 60, 480
WRITING_DAYS = 7  # after a meeting, in which its minutes are still completed
LEAST_DEPARTMENTS = 2
LEAST_ANSWERS = FLOOR  # fewer answers to a wall check are not told
MIDDLE, FEWEST_FAILING = 3.0, 3  # below the middle a criterion fails; so many failing make a wall


class State(models.TextChoices):
    FORMING = "forming", pgettext_lazy("group", "Forming")
    AT_WORK = "at_work", pgettext_lazy("group", "At work")
    FINISHED = "finished", pgettext_lazy("group", "Finished")
    GIVEN_UP = "given_up", pgettext_lazy("group", "Given up")


FORMING, AT_WORK, FINISHED, GIVEN_UP = State.values
GOING = (FORMING, AT_WORK)
MEANING = {FORMING: "warn", AT_WORK: "info", FINISHED: "good", GIVEN_UP: ""}


class TaskState(models.TextChoices):
    """The columns of the board."""

    TO_DO = "to_do", pgettext_lazy("task", "To do")
    DOING = "doing", pgettext_lazy("task", "Doing")
    DONE = "done", pgettext_lazy("task", "Done")


TO_DO, DOING, DONE = TaskState.values


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("talk", "Planned")
    HELD = "held", pgettext_lazy("talk", "Held")
    CANCELLED = "cancelled", pgettext_lazy("talk", "Called off")


PLANNED, HELD, CANCELLED = MeetingState.values
MEETING_MEANING = {PLANNED: "info", HELD: "good", CANCELLED: ""}


@dataclass(frozen=True)
class Move:
    """One legal step of a group or a meeting. `note`: what has to be said with it goes into this column."""

    name: str
    sources: frozenset[str]
    target: str
    event: str
    note: str = ""

    @property
    def words(self) -> str:
        return str(STEP_WORDS[self.name])


def _moves(*rows: tuple[str, Set[str], str, str, str]) -> dict[str, Move]:
    return {name: Move(name, frozenset(sources), target, f"group.{event}", note)
            for name, sources, target, event, note in rows}  # fmt: skip


MOVES = _moves(
    ("begin", {FORMING}, AT_WORK, "begun", ""),
    ("finish", {AT_WORK}, FINISHED, "finished", "result"),
    ("give_up", {FORMING, AT_WORK}, GIVEN_UP, "given_up", "reason"),
)
MEETING_MOVES = _moves(
    ("shift", {PLANNED}, PLANNED, "meeting_shifted", ""),
    ("hold", {PLANNED}, HELD, "meeting_held", ""),
    ("cancel", {PLANNED}, CANCELLED, "meeting_cancelled", "reason"),
)
STEP_WORDS = {
    "begin": _("Begin the work"),
    "finish": _("Finish with a result"),
    "give_up": _("Give it up"),
    "shift": _("Put it off"),
    "hold": _("It was held"),
    "cancel": _("Call it off"),
}
STEPS = [(name, name) for name in MOVES]
MEETING_STEPS = [(name, name) for name in MEETING_MOVES]
WALL_STEPS = [("open", "open"), ("close", "close")]


def move_of(name: str, moves: Mapping[str, Move] = MOVES) -> Move:
    """The step of this name, or DomainError (400) naming them all."""
    try:
        return moves[name]
    except KeyError:
        steps = {"moves": ", ".join(moves)}
        error = DomainError(_t("There is no such step. The steps are: %(moves)s.") % steps, code="unknown_action")
        error.status = 400
        raise error from None


class Criterion(models.TextChoices):
    """What a wall check asks of the common work: how true is it, 1 not at all, 5 fully."""

    BUDGET = "budget", _("It stays within its budget.")
    SCHEDULE = "schedule", _("It keeps its schedule.")
    SPECIFICATION = "specification", _("It delivers what was specified.")
    CUSTOMER = "customer", _("It meets what the customer expects.")
    GOALS = "goals", _("It serves the goals of the company.")


@dataclass(frozen=True)
class Told:
    """The mean of one criterion. It fails when its whole 95 % interval lies below the middle of the scale.

    It holds when the whole interval lies above it; in between neither is shown.
    """

    criterion: str
    words: str
    mean: Mean

    @property
    def fails(self) -> bool:
        return self.mean.high is not None and self.mean.high < MIDDLE

    @property
    def holds(self) -> bool:
        return self.mean.low is not None and self.mean.low > MIDDLE


@dataclass(frozen=True)
class WallResult:
    """What a closed check says. `told` is empty while fewer than five answered."""

    n: int
    told: list[Told]
    limit: float = MIDDLE

    @property
    def failing(self) -> int:
        return sum(one.fails for one in self.told)

    @property
    def is_wall(self) -> bool:
        return self.failing >= FEWEST_FAILING


def wall_of(answers: Iterable[Sequence[int]]) -> WallResult:
    """Of answers, each five numbers from 1 to 5 in the order of the criteria."""
    answers = list(answers)
    if len(answers) < LEAST_ANSWERS:
        return WallResult(len(answers), [])
    columns = zip(Criterion, zip(*answers, strict=True), strict=True)
    told = [(one, mean_of(values, bounds=(1, 5))) for one, values in columns]
    return WallResult(len(answers), [Told(one.value, str(one.label), mean) for one, mean in told if mean])
