"""Questions that are asked only after certain answers to an earlier one. Pure.

`only_if` of a question: `{"question": key of an earlier one, "answers": [answers as texts]}`. It holds when the earlier
one was asked and answered so; of some of several, when one of them was chosen. Nothing is kept of a question that was
not asked, whatever was sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from feedback.surveys.states import TOP, Kind

Question = dict[str, Any]
DECIDING = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE5, Kind.SCALE7})


def answers_to(question: Question) -> list[str]:
    """The answers on which a later question can depend; empty where there are none."""
    if question["kind"] not in DECIDING:
        return []
    if question["kind"] in TOP:
        return [str(score) for score in range(1, TOP[question["kind"]] + 1)]
    return [one["key"] for one in question["options"]]


def what_is_wrong(questions: Sequence[Question]) -> tuple[int, str] | None:
    """Place and words of the first condition that nothing before it can meet."""
    before: dict[str, list[str]] = {}
    for place, question in enumerate(questions, 1):
        condition = question.get("only_if")
        if condition:
            if not before.get(condition["question"]):
                return place, _("It depends on a question that does not stand before it, or cannot be depended on.")
            if set(condition["answers"]) - set(before[condition["question"]]):
                return place, _("It depends on an answer that is not there.")
        before[question["key"]] = answers_to(question)
    return None


def asked(questions: Iterable[Question], values: Mapping[str, Any]) -> set[str]:
    """The keys of the questions that are asked of somebody who answers so."""
    found: set[str] = set()
    for question in questions:
        condition = question.get("only_if")
        if condition is None or (
            condition["question"] in found and _said(values.get(condition["question"])) & set(condition["answers"])
        ):
            found.add(question["key"])
    return found


def _said(value: Any) -> set[str]:
    return {str(one) for one in (value if isinstance(value, list) else [value])}
