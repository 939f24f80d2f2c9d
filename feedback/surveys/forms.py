"""Questionnaires, questions, campaigns and answers as they are typed on pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.surveys.conditions import answers_to, asked
from feedback.surveys.models import Campaign
from feedback.surveys.questions import Item, Question, items_of, words_of
from feedback.surveys.ready import TITLES
from feedback.surveys.states import (
    CHOICES,
    LANGUAGES,
    LARGEST_NUMBER,
    LONGEST_QUESTION,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MATRICES,
    MOST_EVERY,
    MOST_OPTIONS,
    Kind,
    Unit,
)
from feedback.surveys.wording import answer_words, condition_words
from requests_app.org.states import CustomerKind, Role

LABELS = {"en": _("In English"), "ru": _("In Russian"), "zh-hans": _("In Chinese")}
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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

    @property
    def texts(self) -> list:
        return [self[f"text_{language}"] for language in LANGUAGES]

    @property
    def parts(self) -> list:
        return [self[f"parts_{language}"] for language in LANGUAGES]

    def clean(self) -> dict:
        values = super().clean()
        counts = {len(lines) for language in LANGUAGES if (lines := self._lines(language))}
        if len(counts) > 1:
            self.add_error(None, _("Give as many answers or statements in each language, one a line."))
        if len({one.partition(":")[0] for one in values.get("only_if", [])}) > 1:
            self.add_error("only_if", _("Choose answers to one question only."))
        return values

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
            "text": {language: values[f"text_{language}"] for language in LANGUAGES if values[f"text_{language}"]},
        }
        if values["kind"] in CHOICES | MATRICES:
            found["options" if values["kind"] in CHOICES else "rows"] = self._parts()
        chosen = [one.partition(":") for one in values.get("only_if", [])]
        if chosen:
            found["only_if"] = {"question": chosen[0][0], "answers": [answer for _key, _colon, answer in chosen]}
        return found

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
    return found


class CampaignForm(forms.Form):
    """Whom to ask, until when, and how."""

    title = forms.CharField(label=_("Name"), max_length=LONGEST_TITLE)
    anonymous = forms.TypedChoiceField(
        label=_("Answers are"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("anonymous: nobody can find out whose they are")), ("no", _("given by name"))],
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Only these"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("None chosen: everybody of the departments."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Only these customers"), choices=CustomerKind.choices, widget=forms.CheckboxSelectMultiple,
        required=False, help_text=_("As requests tell them apart: heads ask for their departments."),
    )  # fmt: skip
    opens_on = forms.DateField(
        label=_("Opens by itself on"), required=False, widget=DAY,
        help_text=_("Left empty, it opens when you send the invitations."),
    )  # fmt: skip
    closes_on = forms.DateField(label=_("Last day for answers"), widget=DAY)
    remind_after_days = forms.IntegerField(
        label=_("Remind after days"), required=False, min_value=1, max_value=90,
        help_text=_("Once, and only those who have not answered."),
    )  # fmt: skip

    repeat_every = forms.IntegerField(
        label=_("Comes again every"), required=False, min_value=1, max_value=MOST_EVERY,
        help_text=_("Each time is a campaign of its own, to the same departments. Left empty, it is held once."),
    )  # fmt: skip
    repeat_unit = forms.ChoiceField(
        label=_("Weeks or months"), choices=Unit.choices, initial=Unit.MONTHS, required=False
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any], departments: Any):
        """`initial`: `new_campaign_values` or `campaign_values`."""
        super().__init__(data, initial=initial)
        self.fields["departments"] = forms.ModelMultipleChoiceField(
            label=_("Departments that are asked"), queryset=departments, to_field_name="slug",
            widget=forms.CheckboxSelectMultiple, help_text=_("With the departments below them."),
        )  # fmt: skip


def new_campaign_values(title: str, *, named: bool) -> dict[str, Any]:
    """What the form begins with. `named`: where answers are of use only with the name of who gives them."""
    closes = timezone.localdate() + timedelta(days=14)
    found = {"title": title, "anonymous": "no" if named else "yes", "closes_on": closes, "remind_after_days": 5}
    return found | {"roles": [Role.HEAD]} if named else found


def campaign_values(campaign: Campaign) -> dict[str, Any]:
    """What the form begins with when a prepared campaign is changed."""
    names = ("title", "roles", "kinds", "opens_on", "closes_on", "remind_after_days", "repeat_every", "revision")
    departments = [one.slug for one in campaign.departments.all()]
    more = {"anonymous": "yes" if campaign.anonymous else "no", "repeat_unit": campaign.repeat_unit or Unit.MONTHS}
    return {name: getattr(campaign, name) for name in names} | more | {"departments": departments}


class ChangeCampaignForm(CampaignForm):
    revision = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The questionnaire."""

    def __init__(self, data: Any = None, *, questions: list[Question], values: dict, departments: list, address: Any):
        super().__init__(data, initial=_shown(values, questions, address))
        self.items = items_of(questions)
        for item in self.items:
            self.fields[item.key] = _field(item, departments)
        self.questions = questions

    def clean(self) -> dict:
        """What stands at a question that is not asked is passed over; one that is asked after all may be needed."""
        values = super().clean()
        here = asked(self.questions, values)
        missing: list[str] = []
        for item in self.items:
            if item.question not in here:
                values.pop(item.key, None)
                self.errors.pop(item.key, None)
            elif item.required and item.conditional and values.get(item.key, "") in (None, "", []):
                missing.append(item.key)
        for key in missing:
            if key not in self.errors:
                self.add_error(key, _("This question needs an answer."))
        return values

    def typed(self) -> dict[str, Any]:
        """What was typed, as `give_answer` takes it; `is_valid` was called before."""
        found = {}
        for item in self.items:
            value = self.cleaned_data.get(item.key)
            if value not in (None, "", []):
                found[item.key] = int(value) if item.top else value
        return found

    def rows(self) -> list[tuple[str, Any]]:
        """What is drawn, in order: headings, scales (drawn on one line), and the rest."""
        found: list[tuple[str, Any]] = []
        items = iter(self.items)
        for question in self.questions:
            words = condition_words(question, self.questions)
            if words:
                found.append(("condition", words))
            if question["kind"] == Kind.SECTION:
                found.append(("section", words_of(question["text"])))
                continue
            mine = (
                [next(items) for _each in question.get("rows", [None])]
                if question["kind"] in MATRICES
                else [next(items)]
            )
            if mine[0].group:
                found.append(("group", mine[0]))
            found += [(_drawn_as(item), self[item.key]) for item in mine]
        return found


def _drawn_as(item: Item) -> str:
    if not item.top:
        return "field"
    return "statement" if item.group else "scale"


def _shown(values: dict, questions: list[Question], address: Any) -> dict:
    people = {item.key for item in items_of(questions) if item.kind == Kind.PERSON}
    return {key: address(value) if key in people else value for key, value in values.items()}


def _field(item: Item, departments: list) -> forms.Field:
    missing = {"required": _("This question needs an answer.")}
    required = item.required and not item.conditional  # whether it is asked shows only when all is there
    common = {"label": item.text, "required": required, "error_messages": missing}
    if item.top:
        scale = [(str(score), str(score)) for score in range(1, item.top + 1)]
        return forms.ChoiceField(**common, choices=scale, widget=forms.RadioSelect)
    if item.kind == Kind.SINGLE:
        return forms.ChoiceField(**common, choices=item.options, widget=forms.RadioSelect)
    if item.kind == Kind.MULTIPLE:
        return forms.MultipleChoiceField(**common, choices=item.options, widget=forms.CheckboxSelectMultiple)
    if item.kind == Kind.DEPARTMENT:
        return forms.MultipleChoiceField(**common, choices=departments, widget=forms.CheckboxSelectMultiple)
    if item.kind == Kind.NUMBER:
        return forms.FloatField(**common, min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER)
    if item.kind == Kind.PERSON:
        return forms.EmailField(**common, max_length=254, help_text=_("The e-mail address of somebody here."))
    return forms.CharField(**common, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
