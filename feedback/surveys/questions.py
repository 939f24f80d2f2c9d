"""Questions and answers as data: what a questionnaire may hold, and which answer fits which question. Pure.

A question is a dict: `key`, `kind`, `text` (language → words), `required`, and where the kind has them `options`
(of choices) or `rows` (statements of a matrix), each with `key` and `text`; `ends` of a scale, which say what its `low`
and its `high` end mean; `dimension` and `measure` for gaps;
`only_if` where it is asked after certain answers only (`conditions`).
An answer is a dict from item to value; the item of a row of a matrix is `question__row`.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.surveys.conditions import asked, what_is_wrong
from feedback.surveys.states import (
    CHOICES,
    LANGUAGES,
    LARGEST_NUMBER,
    LONGEST_QUESTION,
    LONGEST_TEXT,
    MATRICES,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    TOP,
    Kind,
    Measure,
)
from requests_app.kernel.errors import WrongInput, check_text

ENDS = ("low", "high")
KEY = re.compile("[a-z][a-z0-9]{0,30}")
Question = dict[str, Any]


def words_of(texts: Mapping[str, str]) -> str:
    """In the reader's language, else in the first that there is."""
    language = get_language() or "en"
    return texts.get(language) or next((texts[name] for name in LANGUAGES if texts.get(name)), "")


@dataclass(frozen=True)
class Item:
    """What is answered by one value. `group` is the text of the matrix whose statement it is."""

    key: str
    kind: str
    text: str
    group: str
    required: bool
    top: int  # of a scale; 0 elsewhere
    options: tuple[tuple[str, str], ...]
    dimension: str
    measure: str
    row: str
    question: str
    conditional: bool
    low: str = ""  # what the ends of a scale mean
    high: str = ""


def items_of(questions: Iterable[Question]) -> list[Item]:
    """All that is answered, in order, in the reader's language."""
    return [item for question in questions for item in _items(question)]


def _items(question: Question) -> Iterable[Item]:
    kind, text = question["kind"], words_of(question["text"])
    top = TOP.get(kind, 0)
    common = (question["required"], top)
    marks = (question.get("dimension", ""), question.get("measure", ""))
    ends = question.get("ends", {})
    place = (question["key"], "only_if" in question, *(words_of(ends.get(end, {})) for end in ENDS))
    if kind in MATRICES:
        for row in question["rows"]:
            key = f"{question['key']}__{row['key']}"
            yield Item(
                key,
                Kind.SCALE5 if top == 5 else Kind.SCALE7,
                words_of(row["text"]),
                text,
                *common,
                (),
                *marks,
                row["key"],
                *place,
            )
    elif kind != Kind.SECTION:
        options = tuple((one["key"], words_of(one["text"])) for one in question.get("options", []))
        yield Item(question["key"], kind, text, "", *common, options, *marks, "", *place)


# ── What a questionnaire may hold ────────────────────────────────────────────


def checked_questions(raw: Any) -> list[Question]:
    """The questions as they are stored, or WrongInput under `questions`, naming the one that is wrong."""
    if not isinstance(raw, list) or len(raw) > MOST_QUESTIONS:
        raise _wrong(_("Give a list of at most %(n)s questions.") % {"n": MOST_QUESTIONS})
    found = [_question(one, place) for place, one in enumerate(raw, 1)]
    keys = [one["key"] for one in found]
    if len(set(keys)) != len(keys):
        raise _wrong(_("Every question needs a key of its own."))
    wrong = what_is_wrong(found)
    if wrong:
        raise _wrong(wrong[1], wrong[0])
    return found


def _wrong(words: str, place: int | None = None) -> WrongInput:
    return WrongInput({"questions": [_("Question %(n)s: %(what)s") % {"n": place, "what": words} if place else words]})


def _question(raw: Any, place: int) -> Question:
    if not isinstance(raw, dict) or raw.get("kind") not in Kind.values:
        raise _wrong(_("The kinds are: %(kinds)s.") % {"kinds": ", ".join(Kind.values)}, place)
    kind = raw["kind"]
    found: Question = {
        "key": _key(raw.get("key"), place),
        "kind": kind,
        "text": _texts(raw.get("text"), place),
        "required": raw.get("required") is True and kind not in (Kind.SECTION, Kind.MULTIPLE),
    }
    if kind in CHOICES:
        found["options"] = _parts(raw.get("options"), place, 2)
    if kind in MATRICES:
        found["rows"] = _parts(raw.get("rows"), place, 1)
    if kind in TOP:
        found |= _ends(raw.get("ends"), place)
    return found | _marks(raw, place) | _condition(raw, place)


def _marks(raw: dict, place: int) -> dict[str, str]:
    dimension, measure = raw.get("dimension") or "", raw.get("measure") or ""
    if measure not in ("", *Measure.values):
        raise _wrong(_("What is measured is one of: %(names)s.") % {"names": ", ".join(Measure.values)}, place)
    if dimension and not (isinstance(dimension, str) and KEY.fullmatch(dimension)):
        raise _wrong(_("A key is made of small Latin letters and digits and begins with a letter."), place)
    return {"dimension": dimension, "measure": measure} if dimension or measure else {}


def _ends(raw: Any, place: int) -> dict[str, Any]:
    if not raw:
        return {}
    if not isinstance(raw, dict) or set(raw) - set(ENDS):
        raise _wrong(_("The ends of a scale are: %(names)s.") % {"names": ", ".join(ENDS)}, place)
    texts = {end: raw.get(end) for end in ENDS}
    left_empty = [end for end, one in texts.items() if not one or (isinstance(one, dict) and not any(one.values()))]
    found = {end: _texts(one, place) for end, one in texts.items() if end not in left_empty}
    return {"ends": found} if found else {}


def _condition(raw: dict, place: int) -> dict[str, Any]:
    condition = raw.get("only_if")
    if not condition:
        return {}
    answers = condition.get("answers") if isinstance(condition, dict) else None
    if (
        not isinstance(answers, list)
        or not 1 <= len(answers) <= MOST_OPTIONS
        or not all(isinstance(one, str) and len(one) <= LONGEST_QUESTION for one in answers)
    ):
        raise _wrong(_("Say on which question it depends, and on which of its answers."), place)
    return {"only_if": {"question": _key(condition.get("question"), place), "answers": sorted(set(answers))}}


def _key(raw: Any, place: int) -> str:
    if not isinstance(raw, str) or not KEY.fullmatch(raw):
        raise _wrong(_("A key is made of small Latin letters and digits and begins with a letter."), place)
    return raw


def _texts(raw: Any, place: int) -> dict[str, str]:
    if not isinstance(raw, dict) or set(raw) - set(LANGUAGES):
        raise _wrong(_("Give the text by language: %(names)s.") % {"names": ", ".join(LANGUAGES)}, place)
    found = {}
    for language, text in raw.items():
        if not isinstance(text, str):
            raise _wrong(_("Give the text by language: %(names)s.") % {"names": ", ".join(LANGUAGES)}, place)
        try:
            found[language] = check_text("questions", text.strip(), longest=LONGEST_QUESTION)
        except WrongInput as error:
            raise _wrong(error.errors["questions"][0], place) from None
    found = {language: text for language, text in found.items() if text}
    if not found:
        raise _wrong(_("Write the question in at least one language."), place)
    return found


def _parts(raw: Any, place: int, least: int) -> list[dict[str, Any]]:
    if (
        not isinstance(raw, list)
        or not least <= len(raw) <= MOST_OPTIONS
        or not all(isinstance(one, dict) for one in raw)
    ):
        raise _wrong(
            _("Give from %(least)s to %(most)s answers or statements.") % {"least": least, "most": MOST_OPTIONS}, place
        )
    found: list[dict[str, Any]] = [
        {"key": _key(one.get("key"), place), "text": _texts(one.get("text"), place)} for one in raw
    ]
    if len({one["key"] for one in found}) != len(found):
        raise _wrong(_("Every question needs a key of its own."), place)
    for language in LANGUAGES:
        if twice := same_words(one["text"][language] for one in found if language in one["text"]):
            raise _wrong(_("The answer or statement “%(words)s” stands there twice.") % {"words": twice}, place)
    return found


def same_words(texts: Iterable[str]) -> str | None:
    """The first that reads like one before it, whatever its letters' size and blanks."""
    seen: set[str] = set()
    for text in texts:
        plain = " ".join(text.split()).casefold()
        if plain in seen:
            return text
        seen.add(plain)
    return None


# ── Which answer fits ────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Known:
    """Which departments (slug) and people (address) an answer may name; the person comes back as an id."""

    departments: Callable[[list[str]], set[str]]
    person: Callable[[str], int | None]


def checked_answer(questions: Sequence[Question], raw: Any, known: Known) -> dict[str, Any]:
    """The answer as it is stored, or WrongInput naming each item.

    What is left empty is left out, and what is answered to a question that was not asked.
    """
    if not isinstance(raw, dict):
        raise WrongInput({"answers": [_("Give an answer for each question, by its key.")]})
    items = {item.key: item for item in items_of(questions)}
    errors: dict[str, list[str]] = {
        str(name)[:80]: [_("There is no such question here.")] for name in raw if name not in items
    }
    found: dict[str, Any] = {}
    here = asked(questions, raw)
    for key, item in items.items():
        if item.question not in here:
            continue
        value = raw.get(key)
        if value in (None, "", []):
            if item.required:
                errors[key] = [_("This question needs an answer.")]
            continue
        try:
            found[key] = _value(item, value, known)
        except WrongInput as error:
            errors[key] = next(iter(error.errors.values()))
    if errors:
        raise WrongInput(errors)
    return found


def _value(item: Item, value: Any, known: Known) -> Any:
    if item.top:
        if type(value) is not int or not 1 <= value <= item.top:
            raise WrongInput({"": [_("Choose a whole number from 1 to %(top)s.") % {"top": item.top}]})
        return value
    return _OF_KIND[item.kind](item, value, known)


def _single(item: Item, value: Any, _known: Known) -> str:
    if not isinstance(value, str) or value not in dict(item.options):
        raise WrongInput({"": [_("Choose one of the answers.")]})
    return value


def _multiple(item: Item, value: Any, _known: Known) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one in dict(item.options) for one in value):
        raise WrongInput({"": [_("Choose among the answers.")]})
    return [key for key, _words in item.options if key in value]


def _text(_item: Item, value: Any, _known: Known) -> str:
    if not isinstance(value, str):
        raise WrongInput({"": [_("Write a few words.")]})
    return check_text("", value.strip(), longest=LONGEST_TEXT)


def _number(_item: Item, value: Any, _known: Known) -> float | int:
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise WrongInput({"": [_("Give a number of at most a billion.")]})
    return value


def _departments(_item: Item, value: Any, known: Known) -> list[str]:
    wrong = WrongInput({"": [_("Choose departments that there are, by their short names.")]})
    if not isinstance(value, list) or len(value) > MOST_OPTIONS or not all(isinstance(one, str) for one in value):
        raise wrong
    names = [check_text("", one, longest=80) for one in value]
    if known.departments(names) != set(names):
        raise wrong
    return sorted(set(names))


def _person(_item: Item, value: Any, known: Known) -> int:
    found = known.person(check_text("", value, longest=254)) if isinstance(value, str) else None
    if found is None:
        raise WrongInput({"": [_("Give the e-mail address of somebody here.")]})
    return found


_OF_KIND: dict[str, Callable[[Item, Any, Known], Any]] = {
    Kind.SINGLE: _single, Kind.MULTIPLE: _multiple, Kind.TEXT: _text, Kind.NUMBER: _number,
    Kind.DEPARTMENT: _departments, Kind.PERSON: _person,
}  # fmt: skip
