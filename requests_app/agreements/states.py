"""What is agreed on: measures, hold reasons, priorities, and how people write a time."""

import re
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    RESPONSE = "response", _("First response")
    RESOLUTION = "resolution", _("Resolution")


class HoldReason(models.TextChoices):
    CUSTOMER = "customer", _("Waiting for the customer")
    THIRD_PARTY = "third_party", _("Waiting for an outside party")
    PART = "part", _("Waiting for a part or material")
    OTHER = "other", _("Another reason")


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

# How people write units of working time, in the languages of the pages; "d" is understood in order to be refused.
UNITS = {
    HOUR: {"h", "hr", "hrs", "hour", "hours", "std", "ч", "час", "часа", "часов", "小时", "时"},
    60: {"m", "min", "mins", "minute", "minutes", "мин", "минута", "минуты", "минут", "分", "分钟"},
    1: {"s", "sec", "second", "seconds", "с", "сек", "秒"},
}
DAYS = {"d", "day", "days", "week", "weeks", "w", "д", "дн", "день", "дня", "дней", "天", "日"}
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
        raise ValueError(_t("Write hours and minutes. How long a working day is depends on the calendar."))
    if not word:
        return 60 if last == HOUR else 0
    found = next((size for size, words in UNITS.items() if word.casefold() in words), 0)
    return found if not last or found < last else 0


def _not_a_time(text: str) -> str:
    words = _t("“%(text)s” is not a time. Write it like 4 h, 90 min or 2 h 30 min.")
    return words % {"text": text.strip()[:LONGEST_TIME]}


def write_worktime(seconds: int) -> str:
    """The text that `parse_worktime` reads back."""
    hours, rest = divmod(seconds, HOUR)
    minutes, rest = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{size} {unit}" for size, unit in parts if size)
