"""Which words of a questionnaire are missing in which language. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedback.surveys.questions import ENDS, Question, words_of
from feedback.surveys.states import LANGUAGES

NAMES = {"en": "English", "ru": "Русский", "zh-hans": "简体中文"}  # each in itself, as it is chosen


@dataclass(frozen=True)
class Missing:
    """A question that lacks words in a language; whoever reads that one sees another."""

    key: str
    place: int
    text: str


def missing_in(questions: Sequence[Question], language: str) -> list[Missing]:
    """In order; a question lacks words where itself, an answer, a statement or an end of its scale does."""
    return [
        Missing(one["key"], place, words_of(one["text"]))
        for place, one in enumerate(questions, 1)
        if any(language not in text for text in _texts(one))
    ]


def lacking(questions: Sequence[Question]) -> dict[str, list[str]]:
    """Language → keys of the questions that lack words in it."""
    return {language: [one.key for one in missing_in(questions, language)] for language in LANGUAGES}


def _texts(question: Question) -> Iterator[Mapping[str, str]]:
    yield question["text"]
    for part in question.get("options") or question.get("rows") or []:
        yield part["text"]
    ends = question.get("ends", {})
    yield from (ends[end] for end in ENDS if end in ends)
