"""Questionnaires and their questions as they are typed on pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.surveys.conditions import answers_to
from feedback.surveys.questions import ENDS, Question, same_words, words_of
from feedback.surveys.ready import TITLES
from feedback.surveys.states import (
    CHOICES,
    LANGUAGES,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    MATRICES,
    MOST_OPTIONS,
    TOP,
    Kind,
)
from feedback.surveys.wording import answer_words

LABELS = {"en": _("In English"), "ru": _("In Russian"), "zh-hans": _("In Chinese")}
LEAST = dict.fromkeys(CHOICES, 2) | dict.fromkeys(MATRICES, 1)  # of answers or statements


class NewSurveyForm(forms.Form):
    """A questionnaire: after which ready one, whose, and its name."""

    ready = forms.ChoiceField(
        label=_("Begin with"), required=False, choices=lambda: [("", _("an empty questionnaire")), *TITLES.items()]
    )
    title = forms.CharField(
        label=_("Name"), max_length=LONGEST_TITLE, required=False, help_text=_("Left empty, that of the ready one.")
    )

    def __init__(self, data: Any = None, *, initial: dict | None = None, departments: Any, company: bool):
        super().__init__(data, initial=initial)
        self.fields["department"] = forms.ModelChoiceField(
            label=_("Whose"), queryset=departments, to_field_name="slug", required=not company,
            empty_label=_("the company") if company else _("Choose …"),
        )  # fmt: skip

    def clean(self) -> dict:
        values = super().clean()
        if not values.get("title") and not self.errors:
            if not values.get("ready"):
                self.add_error("title", _("Give it a name, or begin with a ready one."))
            values["title"] = str(TITLES.get(values.get("ready"), ""))
        return values


class QuestionForm(forms.Form):
    """One question in up to three languages; answers and statements stand one a line, in the same order in each."""

    kind = forms.ChoiceField(label=_("Kind of question"), choices=Kind.choices)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    revision = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, question: Question | None = None, revision: int, before: list[Question] | None = None
    ):
        """`before`: the questions that stand before it, on whose answers it can depend."""
        super().__init__(data, initial=_typed(question) | {"revision": revision})
        self.question = question
        choices = [choice for one in before or [] for choice in _answer_choices(one)]
        if choices:
            self.fields["only_if"] = forms.MultipleChoiceField(
                label=_("Ask it only after one of these answers"), choices=choices, required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Answers to one question only. None chosen: it is asked of everybody."),
            )  # fmt: skip
        for language in LANGUAGES:
            self.fields[f"text_{language}"] = forms.CharField(
                label=LABELS[language], required=False, max_length=LONGEST_QUESTION
            )
        for language in LANGUAGES:
            self.fields[f"parts_{language}"] = forms.CharField(
                label=LABELS[language], required=False, max_length=MOST_OPTIONS * (LONGEST_QUESTION + 2),
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        for end in ENDS:
            for language in LANGUAGES:
                self.fields[f"{end}_{language}"] = forms.CharField(
                    label=LABELS[language], required=False, max_length=LONGEST_QUESTION
                )

    @property
    def texts(self) -> list:
        return [self[f"text_{language}"] for language in LANGUAGES]

    @property
    def parts(self) -> list:
        return [self[f"parts_{language}"] for language in LANGUAGES]

    @property
    def low(self) -> list:
        return [self[f"low_{language}"] for language in LANGUAGES]

    @property
    def high(self) -> list:
        return [self[f"high_{language}"] for language in LANGUAGES]

    def clean(self) -> dict:
        """What can be told beside its field; the rest the service tells."""
        values = super().clean()
        first = f"_{LANGUAGES[0]}"
        if not self.errors and not any(values.get(f"text_{language}") for language in LANGUAGES):
            self.add_error(f"text{first}", _("Write the question in at least one language."))
        if values.get("kind") in LEAST:
            self._check_parts(LEAST[values["kind"]])
        if len({one.partition(":")[0] for one in values.get("only_if", [])}) > 1:
            self.add_error("only_if", _("Choose answers to one question only."))
        return values

    def _check_parts(self, least: int) -> None:
        """The answers or statements, in the fields that have them; where there are none, in the first."""
        lines = {language: found for language in LANGUAGES if (found := self._lines(language))}
        if len({len(found) for found in lines.values()}) > 1:
            counts = ", ".join(f"{LABELS[language]}: {len(found)}" for language, found in lines.items())
            words = _t("Give as many answers or statements in each language, one a line. There are: %(counts)s.")
            self.add_error(f"parts_{next(iter(lines))}", words % {"counts": counts})
        for language in lines or LANGUAGES[:1]:
            self._check_lines(language, lines.get(language, []), least)

    def _check_lines(self, language: str, lines: list[str], least: int) -> None:
        if not least <= len(lines) <= MOST_OPTIONS:
            words = _t("Give from %(least)s to %(most)s answers or statements, one a line.")
            self.add_error(f"parts_{language}", words % {"least": least, "most": MOST_OPTIONS})
        if twice := same_words(lines):
            words = _t("“%(words)s” stands here twice. Nobody could tell the two apart; change one or take it away.")
            self.add_error(f"parts_{language}", words % {"words": twice})

    def _lines(self, language: str) -> list[str]:
        typed = self.cleaned_data.get(f"parts_{language}", "")
        return [line.strip() for line in typed.splitlines() if line.strip()]

    def as_question(self, key: str) -> Question:
        """What was typed; keys of answers stay by their place, so that old answers mean the same."""
        values = self.cleaned_data
        found = {
            key_: self.question[key_] for key_ in ("dimension", "measure") if self.question and key_ in self.question
        }
        found |= {
            "key": key,
            "kind": values["kind"],
            "required": values["required"],
            "text": self._words("text"),
        }
        if values["kind"] in CHOICES | MATRICES:
            found["options" if values["kind"] in CHOICES else "rows"] = self._parts()
        if values["kind"] in TOP:
            ends = {end: self._words(end) for end in ENDS}
            found |= {"ends": {end: words for end, words in ends.items() if words}} if any(ends.values()) else {}
        chosen = [one.partition(":") for one in values.get("only_if", [])]
        if chosen:
            found["only_if"] = {"question": chosen[0][0], "answers": [answer for _key, _colon, answer in chosen]}
        return found

    def _words(self, name: str) -> dict[str, str]:
        typed = self.cleaned_data
        return {language: typed[f"{name}_{language}"] for language in LANGUAGES if typed[f"{name}_{language}"]}

    def _parts(self) -> list[dict]:
        lines = {language: self._lines(language) for language in LANGUAGES}
        old = [one["key"] for one in _parts_of(self.question)]
        count = max(map(len, lines.values()))
        keys = old[:count] + [f"new{place}" for place in range(len(old), count)]
        return [
            {"key": keys[place], "text": {name: texts[place] for name, texts in lines.items() if texts}}
            for place in range(count)
        ]


def _answer_choices(question: Question) -> list[tuple[str, str]]:
    text = words_of(question["text"])
    return [
        (f"{question['key']}:{answer}", f"{text} → {answer_words(question, answer)}") for answer in answers_to(question)
    ]


def _parts_of(question: Question | None) -> list[dict]:
    return question.get("options", question.get("rows", [])) if question else []


def _typed(question: Question | None) -> dict:
    if question is None:
        return {"kind": Kind.SCALE5}
    found: dict[str, Any] = {"kind": question["kind"], "required": question["required"]}
    condition = question.get("only_if")
    if condition:
        found["only_if"] = [f"{condition['question']}:{answer}" for answer in condition["answers"]]
    for language in LANGUAGES:
        found[f"text_{language}"] = question["text"].get(language, "")
        found[f"parts_{language}"] = "\n".join(one["text"].get(language, "") for one in _parts_of(question)).strip()
        found |= {f"{end}_{language}": question.get("ends", {}).get(end, {}).get(language, "") for end in ENDS}
    return found
