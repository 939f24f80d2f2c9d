"""Words and rules of outgoing mail: its states, the retry ladder, who hears of what. Pure data and functions."""

import smtplib
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.states import Step


class MailState(models.TextChoices):
    QUEUED = "queued", _("Waits to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    WITHHELD = "withheld", _("Not needed or not theirs to read any more")


class Audience(models.TextChoices):
    """For whom an event is news. Whoever caused it is never told (but for the receipt of a filed request)."""

    REQUESTER = "requester", _("who asked")
    ASSIGNEE = "assignee", _("who was given the work")
    WORKER = "worker", _("who works on it, else the heads of the supplying department")
    RECEIVER = "receiver", _("the heads of the department it is offered to")
    OFFERER = "offerer", _("who offered it")
    SUPPLIER_HEAD = "supplier_head", _("the heads of the supplying department")
    CUSTOMER_HEAD = "customer_head", _("the heads of the customer")


# Few on purpose: what somebody has to act on, or waits for.
AUDIENCES: dict[str, Audience] = {
    "request.filed": Audience.REQUESTER,
    "request.assigned": Audience.ASSIGNEE,
    "request.delivered": Audience.REQUESTER,
    "request.rejected": Audience.WORKER,
    "request.declined": Audience.REQUESTER,
    "request.confirmed": Audience.REQUESTER,
    "request.closed": Audience.REQUESTER,
    "request.reopened": Audience.WORKER,
    "request.cancelled": Audience.WORKER,
    "handoff.offered": Audience.RECEIVER,
    "handoff.declined": Audience.OFFERER,
    "message.public": Audience.REQUESTER,
    "clock.escalated": Audience.WORKER,
}
# Whom a step of escalation tells; steps that only change the request tell whoever works on it.
STEP_AUDIENCES = {
    Step.HEAD: Audience.SUPPLIER_HEAD,
    Step.CUSTOMER_HEAD: Audience.CUSTOMER_HEAD,
    Step.UNASSIGN: Audience.SUPPLIER_HEAD,
}
# The one notice that also goes to whoever caused it: the number and the promise, to keep.
RECEIPTS = frozenset({"request.filed"})


def audience_of(kind: str, data: Mapping[str, Any]) -> Audience:
    """A reply is for the other side; everything else as the table says."""
    if kind == "clock.escalated":
        return STEP_AUDIENCES.get(Step(data["step"]), Audience.WORKER)
    if kind == "message.public" and data.get("side") != "supplier":
        return Audience.WORKER
    return AUDIENCES[kind]


NEWS_DAYS = 3  # what happened longer ago (an import, the demo, a long outage) is no news

# Seconds before the next try. After the last one the mail is given up and shown to the admins.
LADDER = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
MOST_ATTEMPTS = len(LADDER) + 1
LEASE_SECONDS = 300  # longer than one sending can take; then a dead worker's mail is taken up by another


def pause_after(attempts: int) -> int | None:
    """Seconds until a mail that was tried `attempts` times may be tried again; None: not any more."""
    return LADDER[attempts - 1] if attempts <= len(LADDER) else None


def is_permanent(error: Exception) -> bool:
    """Did the server refuse this very mail for good (5xx)? Trouble with the server itself always passes."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return False


def is_about_one_mail(error: Exception) -> bool:
    """Is the server there, and only unwilling to take this mail? Then the next one may be tried at once."""
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError)


LONGEST_SUBJECT = 160


def one_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """The text as it may stand in a header: one line, no control or direction characters, no encoded words.

    SECURITY: "=?utf-8?q?=0d=0aBcc:…?=" is plain text to us and a line break to whoever decodes it.
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(printable.replace("=?", "= ?").split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
