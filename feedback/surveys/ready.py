"""Ready questionnaires in three languages, from ready.toml: usable as they are, and to be changed."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.surveys.questions import ENDS, Question
from feedback.surveys.states import LANGUAGES, Kind, Measure

TITLES = {
    "service": _("Quality of internal service"),
    "service_year": _("Quality of internal service, with expectations"),
    "satisfaction": _("Satisfaction with internal service"),
    "self_knowledge": _("Self-knowledge: our work, suppliers and customers"),
    "wall_check": _("Department wall check"),
}
SHOULD = (
    "{name}: the same, but how it should be",
    "{name}: то же, но как должно быть",
    "{name}：同样的内容，但应当如何",
)
SHOULD_ENDS = {
    "low": ("need not be so", "не обязательно", "不必如此"),
    "high": ("must be so", "обязательно", "必须如此"),
}
POINTS = (
    "Share out 100 points: how much does this count? {name}",
    "Распределите 100 баллов: насколько это важно? {name}",
    "请分配 100 分：这一项有多重要？{name}",
)


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((Path(__file__).parent / "ready.toml").read_text(encoding="utf-8"))


def ready_questions(name: str) -> list[Question]:
    """The questions of a ready questionnaire, as `checked_questions` takes them."""
    if name != "service_year":
        return [_question(row) for row in _file()[name]]
    return [one for question in ready_questions("service") for one in _with_expectation(question)]


def _question(row: dict[str, Any]) -> Question:
    found = {
        "key": row["key"],
        "kind": row["kind"],
        "text": _texts(row["words"]),
        "required": row.get("required", False),
    }
    if "rows" in row:
        found["rows"] = [{"key": key, "text": _texts(words)} for key, *words in row["rows"]]
    if "low" in row:
        found["ends"] = {end: _texts(row[end]) for end in ENDS}
    if "dimension" in row:
        found |= {"dimension": row["dimension"], "measure": Measure.PERCEPTION}
    return found


def _texts(words: Any) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


def _with_expectation(question: Question) -> list[Question]:
    """A matrix is asked twice, and its dimension gets points."""
    if "dimension" not in question:
        return [question]
    name = question["dimension"]
    should = {
        "key": f"should{name}", "text": _about(SHOULD, question), "measure": Measure.EXPECTATION,
        "ends": {end: _texts(words) for end, words in SHOULD_ENDS.items()},
    }  # fmt: skip
    points = {
        "key": f"points{name}", "kind": Kind.NUMBER, "text": _about(POINTS, question), "required": False,
        "dimension": name, "measure": Measure.IMPORTANCE,
    }  # fmt: skip
    return [question, question | should, points]


def _about(words: tuple[str, ...], question: Question) -> dict[str, str]:
    """With the name of the dimension, which is all that its question says."""
    return {language: text.format(name=question["text"][language]) for language, text in _texts(words).items()}
