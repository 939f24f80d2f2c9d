"""What is looked at for themes, from how many people on something is told, and what a theme can be about. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Who can have written it: people who are known to the desk, or those whom a survey asked without their names."""

    SAID = "said", _("Comments on ratings, complaints, suggestions and praise")
    ANSWERS = "answers", _("Answers in words to surveys")


class Change(models.TextChoices):
    RISES = "rises", _("more often")
    FALLS = "falls", _("less often")


class Concept(models.TextChoices):
    """What a theme can be about in every language; its words stand in lexicon.toml."""

    SLOW = "slow", _("It takes long")
    FAST = "fast", _("It goes fast")
    SILENCE = "silence", _("No word in between")
    PASSED = "passed", _("Passed from one to the next")
    MANNER = "manner", _("How people are treated")
    RESULT = "result", _("What was delivered")
    CLEAR = "clear", _("How clearly it is told")
    PRICE = "price", _("What it costs")
    FORM = "form", _("Forms and approvals")
    REACH = "reach", _("Whether somebody can be reached")
    DEVICES = "devices", _("Devices")
    ACCESS = "access", _("Access")
    ROOMS = "rooms", _("Rooms")


# SECURITY (security 5.7): different people behind a theme; for what a survey asked, as many as before a text is shown.
FLOOR = {Source.SAID: 5, Source.ANSWERS: 10}
WORD_FLOOR = 3  # different people who used a word, before it names a theme
FEWEST_ALIKE = 5  # requests that make a recurring need
WEEKS = {Source.SAID: 13, Source.ANSWERS: 52}  # whole weeks told, and as many before them to compare with
NEED_WEEKS = 13
MOST_TEXTS = 1500  # the newest of a department or a service are grouped
MOST_WORDS, MOST_THEMES, MOST_NEEDS = 5, 12, 20
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Text:
    """Something that somebody wrote. `crowd`: the campaign within which `person` tells people apart, else 0.

    `score` is the overall rating that stood beside it. `lately`: of the period told, not of the one before.
    `secret`: written beside a rating that was not shared.
    """

    kind: str
    pk: int
    department_id: int
    person: str
    words: str
    on: date
    lately: bool = True
    score: int | None = None
    crowd: int = 0
    secret: bool = False


@dataclass(frozen=True)
class Agreement:
    """How often the tone of a text and the rating beside it point the same way, of those where both point anywhere."""

    same: int = 0
    of: int = 0


def people_in(texts: Iterable[Text]) -> int:
    """Different people who surely stand behind these texts. Of anonymous answers those of one campaign at most:
    whoever answered twice is one person, and nobody knows who did."""
    by_crowd: dict[int, set[str]] = {}
    for text in texts:
        by_crowd.setdefault(text.crowd, set()).add(text.person)
    return max((len(people) for people in by_crowd.values()), default=0)


@dataclass(frozen=True)
class Window:
    """The days told, [first, end), and the day from which on the period before counts."""

    first: date
    end: date
    since: date
