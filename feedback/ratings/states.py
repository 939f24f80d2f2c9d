"""What a rating can hold, and how long one may give and change it. Pure data and pure checks."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from requests_app.kernel.errors import WrongInput, check_text

LOWEST, HIGHEST = 1, 5
SCORES = range(LOWEST, HIGHEST + 1)
LONGEST_COMMENT = 4000

OPEN_DAYS = 30  # after the delivery a rating may be given
CHANGE_DAYS = 7  # after it was given it may be changed
LOW = 2  # a rating up to this, with words to it, is worth a corrective action
PEOPLE_TOGETHER = 5  # of one customer department: so many have to wait before what was not shared counts, all at once
MOST_REPLIES = 20  # words about one rating, of both sides together
LONGEST_REST = 365
DAYS = ("rest_days", "campaign_rest_days")  # what the rules of asking hold, and below what they switch
SWITCHES = ("remind", "propose_actions")
REMIND_AFTER_WORKDAYS = 3  # of the customer's calendar; there is one reminder


class Dimension(models.TextChoices):
    """The five dimensions of service quality."""

    RELIABILITY = "reliability", _("Reliability")
    ASSURANCE = "assurance", _("Assurance")
    TANGIBLES = "tangibles", _("Means and form")
    EMPATHY = "empathy", _("Empathy")
    RESPONSIVENESS = "responsiveness", _("Responsiveness")


QUESTIONS = {
    Dimension.RELIABILITY: _("They did what was promised, right the first time."),
    Dimension.ASSURANCE: _("They know their work; I could trust them."),
    Dimension.TANGIBLES: _("What I got, and how it was put, was clear and in good shape."),
    Dimension.EMPATHY: _("They understood what I needed."),
    Dimension.RESPONSIVENESS: _("They were quick to answer and to help."),
}


class InvitationState(models.TextChoices):
    OPEN = "open", _("Waits for an answer")
    RATED = "rated", _("Answered")
    EXPIRED = "expired", _("Not answered in time")


class Side(models.TextChoices):
    """Whose word it is."""

    SUPPLIER = "supplier", _("The supplier")
    CUSTOMER = "customer", _("The customer")


def is_sampled(request_id: int, percent: int) -> bool:
    """Whether this request is among the `percent` that are asked about; the same whenever it is computed."""
    digest = sha256(f"rating of request {request_id}".encode()).digest()
    return int.from_bytes(digest[:4]) % 100 < percent


@dataclass(frozen=True)
class Answer:
    """What somebody says about a delivery. `effort` is how easy it was to get: 5 is very easy."""

    overall: int
    dimensions: dict[str, int] = field(default_factory=dict)
    effort: int | None = None
    comment: str = ""
    share_with_team: bool = False


def checked(answer: Answer) -> Answer:
    """The answer as it is stored, or WrongInput naming each field."""
    errors: dict[str, list[str]] = {}
    if not _is_score(answer.overall):
        errors["overall"] = [_t("Choose a whole number from 1 to 5.")]
    for name, score in answer.dimensions.items():
        if name not in Dimension.values:
            errors[f"dimensions.{name}"[:80]] = [
                _t("The dimensions are: %(names)s.") % {"names": ", ".join(Dimension.values)}
            ]
        elif score is not None and not _is_score(score):
            errors[f"dimensions.{name}"] = [_t("Choose a whole number from 1 to 5, or leave it out.")]
    if answer.effort is not None and not _is_score(answer.effort):
        errors["effort"] = [_t("Choose a whole number from 1 to 5, or leave it out.")]
    comment = answer.comment.strip()
    try:
        check_text("comment", comment, longest=LONGEST_COMMENT)
    except WrongInput as error:
        errors |= error.errors
    if errors:
        raise WrongInput(errors)
    given = {name: score for name, score in answer.dimensions.items() if score is not None}
    return replace(answer, dimensions=given, comment=comment)


def _is_score(value: Any) -> bool:
    return type(value) is int and value in SCORES


def completed(answer: Answer, before: Answer) -> Answer:
    """The answer with its blanks filled from the one before: a new score alone takes back no other word."""
    return Answer(
        overall=answer.overall,
        dimensions=before.dimensions | answer.dimensions,
        effort=before.effort if answer.effort is None else answer.effort,
        comment=answer.comment.strip() or before.comment,
        share_with_team=answer.share_with_team or before.share_with_team,
    )


def open_until(delivered_at: datetime) -> datetime:
    """The end (exclusive) of the time in which a delivery may be rated."""
    return delivered_at + timedelta(days=OPEN_DAYS)


def change_until(given_at: datetime) -> datetime:
    """The end (exclusive) of the time in which a rating may be changed."""
    return given_at + timedelta(days=CHANGE_DAYS)
