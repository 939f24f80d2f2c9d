"""Conditions of questions, and the rhythm of campaigns, in the reader's words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.surveys.conditions import answers_to
from feedback.surveys.questions import Question, words_of
from feedback.surveys.states import Unit


def answer_words(question: Question, answer: str) -> str:
    return next((words_of(one["text"]) for one in question.get("options", []) if one["key"] == answer), answer)


def condition_words(question: Question, questions: Sequence[Question]) -> str:
    """After which answers it is asked; empty when of everybody."""
    condition = question.get("only_if")
    other = next((one for one in questions if condition and one["key"] == condition["question"]), None)
    if condition is None or other is None:
        return ""
    answers = ", ".join(answer_words(other, answer) for answer in answers_to(other) if answer in condition["answers"])
    return _("Only if “%(question)s” was answered: %(answers)s") % {
        "question": words_of(other["text"]), "answers": answers,
    }  # fmt: skip


def rhythm_words(every: int | None, unit: str) -> str:
    """Empty when it does not come again."""
    if every is None:
        return ""
    if unit == Unit.WEEKS:
        return ngettext("every week", "every %(n)s weeks", every) % {"n": every}
    return ngettext("every month", "every %(n)s months", every) % {"n": every}
