"""Courses on serving each other: limits, where somebody stands in a session, how a test is judged. Pure data."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

LONGEST_NAME, LONGEST_TEXT, LONGEST_WHERE = 200, 20_000, 300
MOST_SEATS, MOST_HOURS, MOST_MONTHS = 500, 200, 120
MOST_QUESTIONS, MOST_OPTIONS, LONGEST_OPTION = 30, 10, 300
TRIES_A_DAY = 3  # so that a test is not passed by going through all answers
RECOMMENDED_DAYS = 365  # how long a recommendation stands when nobody answers it
FEWEST_SHOWN = 5  # below so many people a count would tell others about each of them


class Place(models.TextChoices):
    """Where somebody stands in a session."""

    SEATED = "seated", _("Has a seat")
    WAITING = "waiting", _("On the waiting list")
    WITHDRAWN = "withdrawn", _("Withdrawn")


SEATED, WAITING, WITHDRAWN = Place.values
MEANING = {SEATED: "good", WAITING: "warn", WITHDRAWN: ""}


class Answer(models.TextChoices):
    """How many answers of a question are ticked."""

    SINGLE = "single", _("One answer")
    MULTIPLE = "multiple", _("Several answers")


@dataclass(frozen=True)
class Question:
    """`right` holds the places of the right options, counted from 0."""

    text: str
    kind: str
    options: tuple[str, ...]
    right: frozenset[int]

    def as_data(self) -> dict[str, Any]:
        return {"text": self.text, "kind": self.kind, "options": list(self.options), "right": sorted(self.right)}


def questions_of(data: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The questions as they are stored with a course."""
    return [Question(one["text"], one["kind"], tuple(one["options"]), frozenset(one["right"])) for one in data]


def count_right(questions: Sequence[Question], answers: Mapping[int, frozenset[int]]) -> int:
    """How many questions are answered exactly: every right option ticked, and no other."""
    return sum(answers.get(place, frozenset()) == one.right for place, one in enumerate(questions))


def has_passed(right: int, of: int, percent: int) -> bool:
    """Whether `right` of `of` questions reach the pass mark; whole numbers, so that 7 of 10 are 70 %."""
    return 100 * right >= percent * of


def valid_until(day: date, months: int) -> date:
    """The last day on which a certificate of `day` holds; of the 31st the last day of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def written(questions: Sequence[Question]) -> str:
    """The questions as they are typed: a line for each, its options below, right ones behind a star."""
    blocks = []
    for one in questions:
        lines = [f"{'*' if place in one.right else '-'} {option}" for place, option in enumerate(one.options)]
        blocks.append("\n".join([one.text, *lines]))
    return "\n\n".join(blocks)


def read_questions(text: str) -> tuple[list[Question], list[str]]:
    """What was typed as questions, and in sentences what is wrong with it. One right answer makes a single choice."""
    found: list[Question] = []
    wrong: list[str] = []
    for number, block in enumerate(_blocks(text), start=1):
        head: list[str] = []
        options: list[str] = []
        right: set[int] = set()
        for line in block:
            if line[:1] in "*-" and line[1:].strip():
                if line[0] == "*":
                    right.add(len(options))
                options.append(line[1:].strip())
            else:
                head.append(line)
        kind = Answer.MULTIPLE if len(right) > 1 else Answer.SINGLE
        question = Question(" ".join(head), kind, tuple(options), frozenset(right))
        wrong += faults_of(question, number)
        found.append(question)
    return found, wrong + too_many(found)


def _blocks(text: str) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def too_many(questions: Sequence[Question]) -> list[str]:
    if len(questions) <= MOST_QUESTIONS:
        return []
    return [_t("At most %(n)s questions fit into a short test. Leave some out.") % {"n": MOST_QUESTIONS}]


def faults_of(one: Question, number: int) -> list[str]:
    """Sentences that name the question by its number and say what it lacks."""
    known, several = {"n": number, "most": MOST_OPTIONS}, len(one.right) > 1
    faults = [
        (not one.text or len(one.text) > LONGEST_OPTION, _t("Question %(n)s: write the question in one line.")),
        (not 2 <= len(one.options) <= MOST_OPTIONS, _t("Question %(n)s: give from 2 to %(most)s answers.")),
        (len(set(one.options)) != len(one.options), _t("Question %(n)s: two answers are the same.")),
        (
            any(not 0 < len(option) <= LONGEST_OPTION for option in one.options),
            _t("Question %(n)s: shorten an answer."),
        ),
        (not one.right, _t("Question %(n)s: mark the right answers with a star.")),
        (not one.right <= set(range(len(one.options))), _t("Question %(n)s: a right answer is not among the answers.")),
        (several and one.kind == Answer.SINGLE, _t("Question %(n)s: only one answer of a single choice is right.")),
    ]
    return [words % known for is_wrong, words in faults if is_wrong]
