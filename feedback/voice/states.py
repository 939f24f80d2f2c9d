"""What people say of a department, and the life of what they said, as one table: pure data."""

from collections.abc import Set
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.kernel.errors import DomainError

ANSWER_DAYS = 5  # working days of the department in which it answers
APPEAL_DAYS = 10  # working days of the same department in which an appeal is decided
LATE_AFTER = (0, 7)  # days after the due time, of each level of being late
MOST_A_DAY = 5  # complaints by one person
LONGEST_TITLE, LONGEST_TEXT = 200, 10_000
MOST_POSTS_A_DAY = 50  # by one person


class Kind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("voice", "Waits for an answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Settled")
    WITHDRAWN = "withdrawn", _("Taken back")
    TAKEN_UP = "taken_up", _("Taken up")
    DECLINED = "declined", _("Not taken up")
    DONE = "done", _("Carried out")
    SHOWN = "shown", _("On the wall")
    APPEALED = "appealed", _("Waits for a decision")
    DECIDED = "decided", _("Decided")


OPEN, ANSWERED, CLOSED, WITHDRAWN, TAKEN_UP, DECLINED, DONE, SHOWN, APPEALED, DECIDED = State.values
MEANING = {
    OPEN: "warn", ANSWERED: "info", CLOSED: "good", WITHDRAWN: "", TAKEN_UP: "info", DECLINED: "", DONE: "good",
    SHOWN: "good", APPEALED: "warn", DECIDED: "good",
}  # fmt: skip
FIRST = {Kind.COMPLAINT: OPEN, Kind.SUGGESTION: OPEN, Kind.PRAISE: SHOWN}
STATES_OF = {
    Kind.COMPLAINT: (OPEN, ANSWERED, CLOSED, WITHDRAWN, APPEALED, DECIDED),
    Kind.SUGGESTION: (OPEN, TAKEN_UP, DECLINED, DONE, WITHDRAWN),
    Kind.PRAISE: (SHOWN, WITHDRAWN),
}


@dataclass(frozen=True)
class Move:
    """One legal step of one kind; `side` takes it: the author's, or the department's.

    One that is `once_late` is open only when the answer has not come in time.
    """

    name: str
    kind: str
    sources: frozenset[str]
    target: str
    permission: str
    note: bool
    once_late: bool = False

    @property
    def words(self) -> str:
        return str(STEP_WORDS[self.name])

    @property
    def event(self) -> str:
        return f"voice.{EVENTS[self.name]}"


def _move(
    name: str, kind: str, sources: Set[str], target: str, permission: str, *, note: bool = True, once_late: bool = False
) -> Move:  # fmt: skip
    return Move(name, kind, frozenset(sources), target, permission, note, once_late)


_COMPLAINT, _SUGGESTION, _PRAISE = Kind.values
MOVES: dict[tuple[str, str], Move] = {
    (move.kind, move.name): move
    for move in [
        _move("answer", _COMPLAINT, {OPEN, ANSWERED}, ANSWERED, "complaint.propose_closure"),
        _move("accept", _COMPLAINT, {ANSWERED}, CLOSED, "complaint.accept_closure", note=False),
        _move("disagree", _COMPLAINT, {ANSWERED}, OPEN, "complaint.accept_closure"),
        _move("escalate", _COMPLAINT, {OPEN}, APPEALED, "author", once_late=True),
        _move("withdraw", _COMPLAINT, {OPEN, ANSWERED}, WITHDRAWN, "complaint.withdraw", note=False),
        _move("appeal", _COMPLAINT, {ANSWERED, CLOSED}, APPEALED, "author"),
        _move("decide", _COMPLAINT, {APPEALED}, DECIDED, "complaint.decide_appeal"),
        _move("take_up", _SUGGESTION, {OPEN}, TAKEN_UP, "department"),
        _move("decline", _SUGGESTION, {OPEN, TAKEN_UP}, DECLINED, "department"),
        _move("carry_out", _SUGGESTION, {TAKEN_UP}, DONE, "department"),
        _move("withdraw", _SUGGESTION, {OPEN}, WITHDRAWN, "author", note=False),
        _move("withdraw", _PRAISE, {SHOWN}, WITHDRAWN, "author", note=False),
    ]
}
STEP_WORDS = {
    "answer": _("Answer it"),
    "accept": _("Accept the answer"),
    "disagree": _("Disagree"),
    "withdraw": _("Take it back"),
    "appeal": _("Appeal"),
    "escalate": _("Take it further"),
    "decide": _("Decide on it"),
    "take_up": _("Take it up"),
    "decline": _("Do not take it up"),
    "carry_out": _("Say what came of it"),
}
EVENTS = {
    "answer": "answered", "accept": "accepted", "disagree": "disagreed", "withdraw": "withdrawn",
    "appeal": "appealed", "escalate": "escalated", "decide": "decided", "take_up": "taken_up",
    "decline": "declined", "carry_out": "done",
}  # fmt: skip
STEPS = [(name, name) for name in STEP_WORDS]


def move_of(kind: str, name: str) -> Move:
    """The step of this name for this kind, or DomainError (400) naming those there are."""
    found = MOVES.get((kind, name))
    if found is None:
        steps = ", ".join(step for of, step in MOVES if of == kind)
        error = DomainError(_t("There is no such step. The steps are: %(moves)s.") % {"moves": steps})
        error.code, error.status = "unknown_action", 400
        raise error
    return found
