"""What is agreed on: measures, hold reasons, priorities, and how people write a time."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from requests_app.kernel import formats


class Measure(models.TextChoices):
    """What a target is set for. The order is that of a request's life, and of the columns on pages."""

    RESPONSE = "response", _("First response")
    ACCEPTANCE = "acceptance", _("Taken on")
    NEXT_REPLY = "next_reply", _("Next reply")
    RESOLUTION = "resolution", _("Resolution")


class HoldReason(models.TextChoices):
    CUSTOMER = "customer", _("Waiting for the customer")
    THIRD_PARTY = "third_party", _("Waiting for an outside party")
    PART = "part", _("Waiting for a part or material")
    OTHER = "other", _("Another reason")


@dataclass(frozen=True, order=True)
class Days:
    """So many working days: another kind of target than working time, never converted into it."""

    count: int


Time = int | Days  # what a target is: seconds of working time, or working days
Targets = dict[str, dict[int, Time]]  # measure → priority → target


class Life(models.TextChoices):
    """What is stored of an agreement's life; whether a signed one is in force yet or still, the dates say."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    SIGNED = "signed", _("Signed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Stage(models.TextChoices):
    """Where an agreement stands: what is stored of its life, read together with its dates."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    COUNTERED = "countered", _("Counter-proposal")
    SIGNED = "signed", _("Signed, not yet in force")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Side(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    SUPPLIER = "supplier", _("Supplier")

    @property
    def other(self) -> "Side":
        return Side.SUPPLIER if self == Side.CUSTOMER else Side.CUSTOMER


class Reopening(models.TextChoices):
    CONTINUE = "continue", _("The clock runs on from where it stopped")
    RESTART = "restart", _("The clock begins anew")


class Step(models.TextChoices):
    """What is done when a share of a target is used up."""

    NOTIFY = "notify", _("Tell whoever works on it")
    HEAD = "inform_head", _("Tell the head of the supplier")
    CUSTOMER_HEAD = "inform_customer_head", _("Tell the head of the customer")
    RAISE = "raise_priority", _("Raise the priority by one")
    UNASSIGN = "reassign", _("Put it back into the queue for somebody else")
    ACTION = "corrective_action", _("Open a corrective action")


@dataclass(frozen=True, order=True)
class Escalation:
    """What is done when `percent` of a measure's target are used."""

    percent: int
    measure: str
    step: str


# Only waiting for the customer pauses the customer's clock, unless an agreement says otherwise.
DEFAULT_PAUSING = (HoldReason.CUSTOMER.value,)

URGENCY = {1: _("Work has stopped"), 2: _("Work is hampered"), 3: _("Work goes on")}
IMPACT = {1: _("The whole company or a customer"), 2: _("A department"), 3: _("One person")}
PRIORITY = {1: _("Critical"), 2: _("High"), 3: _("Medium"), 4: _("Low"), 5: _("Planned")}

# urgency → impact → priority; a table, never arithmetic, because real companies deviate in single cells.
DEFAULT_MATRIX = {1: {1: 1, 2: 2, 3: 3}, 2: {1: 2, 2: 3, 3: 4}, 3: {1: 3, 2: 4, 3: 5}}

HOUR = 3600
# Company default, in seconds of working time: priority → (response, resolution).
DEFAULT_TARGETS = {
    1: (1 * HOUR, 4 * HOUR),
    2: (2 * HOUR, 8 * HOUR),
    3: (4 * HOUR, 24 * HOUR),
    4: (8 * HOUR, 40 * HOUR),
    5: (16 * HOUR, 80 * HOUR),
}
WARN_AT = 0.75
ACCEPTANCE_DAYS = 5
REOPEN_DAYS = 14
# A version that is to begin with its second signature stands in the table as beginning here.
FROM_SIGNATURE = datetime(1900, 1, 1, tzinfo=UTC)
REMIND_DAYS = 30  # before an agreement expires its heads are reminded

# How people write units of working time, in the languages of the pages; "d" is understood in order to be refused.
UNITS = {
    HOUR: {"h", "hr", "hrs", "hour", "hours", "std", "ч", "час", "часа", "часов", "小时", "时"},
    60: {"m", "min", "mins", "minute", "minutes", "мин", "минута", "минуты", "минут", "分", "分钟"},
    1: {"s", "sec", "second", "seconds", "с", "сек", "秒"},
}
DAYS = {"d", "day", "days", "д", "дн", "день", "дня", "дней", "天", "日"}
LONGEST_TIME = 40
PART = re.compile(r"\s*([0-9]{1,7}(?:[.,][0-9]{1,3})?)\s*([^\W\d_]*)\.?\s*")
CLOCK_LIKE = re.compile(r"\s*([0-9]{1,5}):([0-5][0-9])\s*")


def parse_worktime(text: str) -> int | None:
    """ "2 h 30 min", "90 min", "1.5 h", "2:30" as seconds; nothing as None. ValueError with a sentence otherwise."""
    if not text.strip():
        return None
    clock = CLOCK_LIKE.fullmatch(text)
    if clock:
        return int(clock[1]) * HOUR + int(clock[2]) * 60
    seconds, at, last = Decimal(0), 0, 0
    while at < len(text):
        part = PART.match(text, at) if len(text) <= LONGEST_TIME else None
        last = _unit(text, part[2] if part else "", last)
        if not part or not last:
            raise ValueError(_not_a_time(text))
        seconds += Decimal(part[1].replace(",", ".")) * last
        at = part.end()
    return round(seconds)


def _unit(text: str, word: str, last: int) -> int:
    """How many seconds the word stands for, 0 for none; the 30 of "2 h 30" are minutes."""
    if word.casefold() in DAYS:
        raise ValueError(_t("Write either working days, such as 3 days, or hours and minutes, not both."))
    if not word:
        return 60 if last == HOUR else 0
    found = next((size for size, words in UNITS.items() if word.casefold() in words), 0)
    return found if not last or found < last else 0


def target_data(time: Time) -> dict[str, int]:
    """A target as events and the API write it."""
    return {"days": time.count} if isinstance(time, Days) else {"seconds": time}


def targets_as_json(targets: Targets) -> dict[str, dict[str, Any]]:
    """measure → priority → seconds, or {"days": n}: how the API and the events write targets."""
    return {
        measure: {
            str(priority): target_data(time) if isinstance(time, Days) else time
            for priority, time in sorted(by_priority.items())
        }
        for measure, by_priority in targets.items()
    }


def parse_target(text: str) -> Time | None:
    """Working time as `parse_worktime` reads it, or working days: "3 days", "1 d". ValueError with a sentence."""
    found = re.fullmatch(r"\s*([0-9]{1,3})\s*([^\W\d_]+)\.?\s*", text[: LONGEST_TIME + 1])
    if found and found[2].casefold() in DAYS:
        return Days(int(found[1])) if int(found[1]) else None
    return parse_worktime(text)


def write_target(time: Time) -> str:
    """The text that `parse_target` reads back."""
    return f"{time.count} d" if isinstance(time, Days) else write_worktime(time)


def target_name(measure: str, priority: int) -> str:
    """What a target is called: "Resolution, High"."""
    names = {"measure": Measure(measure).label, "priority": PRIORITY[priority]}
    return _t("%(measure)s, %(priority)s") % names


def time_in_words(time: Time, *, short: bool = False) -> str:
    """A target in the reader's language: "1 h 30 min", "2 working days"; short "1 h 30", "2 wd"."""
    say = formats.workdays if isinstance(time, Days) else formats.worktime
    return say(time.count if isinstance(time, Days) else time, short=short)


def _not_a_time(text: str) -> str:
    words = _t("“%(text)s” is not a time. Write it like 4 h, 90 min or 2 h 30 min.")
    return words % {"text": text.strip()[:LONGEST_TIME]}


def write_worktime(seconds: int) -> str:
    """The text that `parse_worktime` reads back."""
    hours, rest = divmod(seconds, HOUR)
    minutes, rest = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{size} {unit}" for size, unit in parts if size)
