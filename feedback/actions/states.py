"""The life of a corrective action as one table: pure data, no query, no clock, no person."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.kernel.errors import DomainError

RECURRENCE_DAYS = 90  # after the customer confirmed it, the same problem again opens it again
CHECK_DAYS = 30  # usual time between that confirmation and the look at whether it lasted
LONGEST_CHECK = 365
MOST_WHYS = 5
MOST_PROOF = 30  # files of one action
OVERDUE_AFTER = (0, 7, 30)  # days past the day of a step from which it is told, once each
USUAL_TARGET = 50  # by how many percent the figure of an action is to fall, where its plan says nothing else
LONGEST_TITLE, LONGEST_TEXT, LONGEST_WHY, LONGEST_CAUSE = 200, 10_000, 500, 120
LONGEST_REASON = 500  # why a proposed cause is not taken into the tree
SIMILAR_FROM = 0.3  # trigram similarity of titles from which an action is suggested, never counted


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("action", "Open")
    CONTAINED = "contained", _("Contained")
    ANALYSED = "analysed", _("Cause known")
    PLANNED = "planned", pgettext_lazy("action", "Planned")
    DONE = "done", _("Done, to be confirmed")
    VERIFIED = "verified", _("Confirmed, being watched")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN, CONTAINED, ANALYSED, PLANNED, DONE, VERIFIED, CLOSED, CANCELLED = State.values
ENDED = frozenset({CLOSED, CANCELLED})
UNDER_WAY = frozenset({OPEN, CONTAINED, ANALYSED, PLANNED})
MEANING = {
    OPEN: "bad", CONTAINED: "warn", ANALYSED: "warn", PLANNED: "info", DONE: "info", VERIFIED: "good", CLOSED: "good",
    CANCELLED: "",
}  # fmt: skip


class CauseState(models.TextChoices):
    """Where a cause stands: part of the tree, or proposed for it and what became of that."""

    ACCEPTED = "accepted", pgettext_lazy("cause", "In the tree")
    PROPOSED = "proposed", pgettext_lazy("cause", "Proposed")
    MERGED = "merged", pgettext_lazy("cause", "Merged into another")
    REFUSED = "refused", pgettext_lazy("cause", "Not taken")


ACCEPTED, PROPOSED, MERGED, REFUSED = CauseState.values


# What a day means that an action has in a state, and how a mail says that it passed.
DUE_WORDS = {
    OPEN: _("To be contained by"),
    CONTAINED: _("Cause to be known by"),
    ANALYSED: _("To be planned by"),
    PLANNED: _("To be done by"),
    DONE: _("To be confirmed by"),
    VERIFIED: _("To be looked at again"),
    CLOSED: pgettext_lazy("corrective action", "Ended"),
    CANCELLED: pgettext_lazy("corrective action", "Ended"),
}


class Metric(models.TextChoices):
    """What is counted before and after, between these two and for this service, to see whether an action worked."""

    REQUESTS = "requests", _("Requests")
    COMPLAINTS = "complaints", _("Complaints")
    REJECTED = "rejected", _("Deliveries sent back")
    LOW_RATINGS = "low_ratings", _("Low ratings")


class SourceKind(models.TextChoices):
    """What an action came of. Kind and id, without a foreign key: some of these lie above this package."""

    REQUEST = "request", _("A request")
    REJECTION = "rejection", _("A delivery that was sent back")
    RATING = "rating", _("A low rating")
    ESCALATION = "escalation", _("A target that ran out")
    COMPLAINT = "complaint", _("A complaint")
    TALK = "talk", _("A talk")
    SIGNAL = "signal", _("A signal on a chart")
    OTHER = "other", _("Something else")


def usual_metric(source_kind: str) -> str:
    """What an action is measured by when its plan says nothing else: more of what it came of, else complaints."""
    usual = {SourceKind.REJECTION: Metric.REJECTED, SourceKind.RATING: Metric.LOW_RATINGS}
    return usual.get(SourceKind(source_kind), Metric.COMPLAINTS).value


# Kinds whose id is that of a request; its requester may read a summary.
OF_REQUESTS = frozenset({SourceKind.REQUEST, SourceKind.REJECTION, SourceKind.RATING, SourceKind.ESCALATION})


@dataclass(frozen=True)
class Move:
    """One legal step: from which states, to which, by which row of the matrix, what has to be said with it."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    event: str
    needs: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return str(STEP_WORDS[self.name])


def _move(name: str, sources: Set[str], target: str, permission: str, *needs: str, event: str = "") -> Move:
    return Move(name, frozenset(sources), target, f"cap.{permission}", f"action.{event or target}", needs)


MOVES: dict[str, Move] = {
    move.name: move
    for move in [
        _move("contain", {OPEN}, CONTAINED, "update_progress", "note"),
        _move("analyse", {CONTAINED, ANALYSED}, ANALYSED, "update_progress", "whys", "cause"),
        _move("plan", {ANALYSED, PLANNED}, PLANNED, "create_edit", "note", "owner", "due_on"),
        _move("finish", {PLANNED}, DONE, "update_progress", "note"),
        _move("verify", {DONE}, VERIFIED, "verify_effectiveness"),
        _move("send_back", {DONE}, PLANNED, "verify_effectiveness", "note", event="sent_back"),
        _move("close", {VERIFIED}, CLOSED, "verify_effectiveness"),
        _move("recur", {VERIFIED, CLOSED}, OPEN, "verify_effectiveness", "note", event="reopened"),
        _move("cancel", UNDER_WAY, CANCELLED, "create_edit", "note"),
    ]
}
STEP_WORDS = {
    "contain": _("Contain it"),
    "analyse": _("Say what caused it"),
    "plan": _("Plan what is done about it"),
    "finish": _("Say that it is done"),
    "verify": _("Confirm that it worked"),
    "send_back": _("Send it back"),
    "close": _("Close it: it lasted"),
    "recur": _("It came back"),
    "cancel": _("Cancel it"),
}


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
class Proposal:
    """A cause that is missing in the tree: what it is called, and the cause below which it belongs."""

    name: str
    below: Any = None


@dataclass(frozen=True)
class Words:
    """What is said with a step; each step asks for its own of these. `proposal` stands for a cause."""

    note: str = ""
    whys: tuple[str, ...] = ()
    cause: Any = None
    proposal: Proposal | None = None
    owner: Any = None
    due_on: date | None = None
    check_days: int | None = None
    service: Any = None
    metric: str = ""
    target_percent: int | None = None


def check_on(confirmed: date, days: int | None) -> date:
    """The day from which whoever confirmed it looks whether it lasted."""
    return confirmed + timedelta(days=CHECK_DAYS if days is None else days)


def step_due_on(state: str, today: date, *, due_on: date | None = None, check_on: date | None = None) -> date | None:
    """Until when the step out of this state is to be taken: as planned or agreed, else so many days from `today`."""
    if state in ENDED:
        return None
    agreed = {PLANNED: due_on, VERIFIED: check_on}.get(state)
    return agreed or today + timedelta(days=settings.ACTION_DAYS[state])


# The causes that every desk meets, with which the tree begins. English is stored, the reader's language is shown.
FIRST_CAUSES = {
    "What was asked": _("What was asked"),
    "Need not understood": _("Need not understood"),
    "Request incomplete": _("Request incomplete"),
    "Need changed on the way": _("Need changed on the way"),
    "How it is done": _("How it is done"),
    "No agreed way of working": _("No agreed way of working"),
    "Way of working not followed": _("Way of working not followed"),
    "Handover between departments": _("Handover between departments"),
    "Who does it": _("Who does it"),
    "Not enough people": _("Not enough people"),
    "Not trained for it": _("Not trained for it"),
    "Nobody responsible": _("Nobody responsible"),
    "Means": pgettext_lazy("cause", "Means"),
    "Tool or system failed": _("Tool or system failed"),
    "Material or part missing": _("Material or part missing"),
    "Outside supplier late": _("Outside supplier late"),
}


def words_of(cause: str) -> str:
    """The name of a cause as the reader's language has it, for the first ones; what somebody named stays as named."""
    return str(FIRST_CAUSES.get(cause, cause))
