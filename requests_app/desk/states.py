"""The life of a request as one table. Pure data: no query, no clock, no person."""

from collections.abc import Set
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.kernel.errors import DomainError


class Status(models.TextChoices):
    NEW = "new", _("New")
    ACCEPTED = "accepted", _("Accepted")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    DELIVERED = "delivered", _("Delivered")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")


NEW, ACCEPTED, IN_PROGRESS, ON_HOLD, DELIVERED, CLOSED, DECLINED, CANCELLED = Status.values
OPEN = frozenset({NEW, ACCEPTED, IN_PROGRESS, ON_HOLD})
ACTIVE = OPEN | {DELIVERED}
ENDED = frozenset({CLOSED, DECLINED, CANCELLED})


class HandoffState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Given back")
    WITHDRAWN = "withdrawn", _("Taken back")


class Channel(models.TextChoices):
    WEB = "web", _("Browser")
    API = "api", _("API")
    IMPORT = "import", _("Import")


@dataclass(frozen=True)
class Move:
    """One legal step: from which states, to which, by which side, recorded as which event."""

    action: str
    sources: frozenset[str]
    target: str
    permission: str
    event: str
    needs: tuple[str, ...] = ()


def _move(action: str, sources: Set[str], target: str, permission: str, event: str, *needs: str) -> Move:
    return Move(action, frozenset(sources), target, f"request.{permission}", f"request.{event}", needs)


_WORK = "accept_start_wait_resolve"
MOVES: dict[str, Move] = {
    move.action: move
    for move in [
        _move("accept", {NEW}, ACCEPTED, _WORK, "accepted"),
        _move("start", {ACCEPTED}, IN_PROGRESS, _WORK, "started"),
        _move("hold", {ACCEPTED, IN_PROGRESS}, ON_HOLD, _WORK, "held", "hold_reason"),
        _move("resume", {ON_HOLD}, IN_PROGRESS, _WORK, "resumed"),
        _move("deliver", {ACCEPTED, IN_PROGRESS}, DELIVERED, _WORK, "delivered"),
        _move("decline", {NEW, ACCEPTED}, DECLINED, "reject_or_transfer", "declined", "reason"),
        _move("confirm", {DELIVERED}, CLOSED, "confirm_close", "confirmed"),
        _move("reject", {DELIVERED}, IN_PROGRESS, "confirm_close", "rejected", "agreed", "received", "remedy"),
        _move("cancel", OPEN, CANCELLED, "cancel", "cancelled"),
        _move("reopen", {CLOSED}, IN_PROGRESS, "reopen", "reopened", "reason"),
    ]
}


def move_of(action: str) -> Move:
    """The move named `action`, or DomainError (400)."""
    try:
        return MOVES[action]
    except KeyError:
        error = DomainError(
            _("There is no such step. The steps are: %(moves)s.") % {"moves": ", ".join(MOVES)}, code="unknown_action"
        )
        error.status = 400
        raise error from None


def number_of(pk: int) -> str:
    """The public number: SR-000123."""
    return f"SR-{pk:06d}"


def pk_of(number: str) -> int | None:
    """The row behind a number as people type it (SR-000123, sr-123, 123), or None."""
    digits = number.strip().upper().removeprefix("SR-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None
