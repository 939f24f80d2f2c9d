"""The questionnaire as it is answered on a page."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.surveys.conditions import asked
from feedback.surveys.questions import Item, Question, items_of, words_of
from feedback.surveys.states import LARGEST_NUMBER, LONGEST_TEXT, MATRICES, Kind
from feedback.surveys.wording import condition_words
from requests_app.org.models import Person

MOST_FOUND = 10  # people to choose from where several fit
NOBODY = _("Nobody of this name or address is here. Write a part of the name, and find them.")
Find = Callable[[str], Sequence[Person]]


class PersonField(forms.CharField):
    """Somebody by name or address. `found`: who fits, where one has to be chosen of several."""

    found: Sequence[Person] = ()


class AnswerForm(forms.Form):
    """The questionnaire. `find`: who fits what was typed, among those whom the reader may find."""

    def __init__(
        self, data: Any = None, *, questions: list[Question], values: dict, departments: list, address: Any, find: Find
    ):
        super().__init__(data, initial=_shown(values, questions, address))
        self.find = find
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
            elif item.kind == Kind.PERSON and values.get(item.key):
                values[item.key] = self._address_of(item.key, values[item.key])
        for key in missing:
            if key not in self.errors:
                self.add_error(key, _("This question needs an answer."))
        return values

    def _address_of(self, key: str, typed: str) -> str:
        """Of the one who fits or was chosen; else what was typed, and why it does not do."""
        found = self.find(typed)
        chosen = {typed.casefold(), self.data.get(f"{key}_pick", "").casefold()}
        fits = [person for person in found if person.email.casefold() in chosen] or found
        if len(fits) == 1:
            return fits[0].email
        self.fields[key].found = fits[:MOST_FOUND]
        if not fits:
            self.add_error(key, NOBODY)
        elif len(fits) > MOST_FOUND:
            self.add_error(key, _t("Many people fit. Choose one of these, or write more of the name."))
        else:
            self.add_error(key, _t("Several people fit. Choose one of them."))
        return typed

    def look(self, key: str) -> None:
        """Nothing is sent yet: who fits at this question is shown to choose from, and no other refusal."""
        self.is_valid()
        self.errors.clear()
        if not isinstance(self.fields.get(key), PersonField):
            return
        typed = str(self.data.get(key, "")).strip()
        self.fields[key].found = self.find(typed)[:MOST_FOUND] if typed else []
        if not self.fields[key].found:
            self.add_error(key, NOBODY)

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
        return "person" if item.kind == Kind.PERSON else "field"
    return "statement" if item.group else "scale"


def _shown(values: dict, questions: list[Question], address: Any) -> dict:
    people = {item.key for item in items_of(questions) if item.kind == Kind.PERSON}
    return {key: address(value) if key in people else value for key, value in values.items()}


def _listed(key: str) -> forms.TextInput:
    """Suggestions come into this list where script runs."""
    return forms.TextInput(attrs={"list": f"people-{key}", "autocomplete": "off"})


def _field(item: Item, departments: list) -> forms.Field:
    missing = {"required": _("This question needs an answer.")}
    required = item.required and not item.conditional  # whether it is asked shows only when all is there
    common = {"label": item.text, "required": required, "error_messages": missing}
    if item.top:
        scale = [(str(score), str(score)) for score in range(1, item.top + 1)]
        field = forms.ChoiceField(**common, choices=scale, widget=forms.RadioSelect)
        field.low, field.high = item.low, item.high
        return field
    if item.kind == Kind.SINGLE:
        return forms.ChoiceField(**common, choices=item.options, widget=forms.RadioSelect)
    if item.kind == Kind.MULTIPLE:
        return forms.MultipleChoiceField(**common, choices=item.options, widget=forms.CheckboxSelectMultiple)
    if item.kind == Kind.DEPARTMENT:
        return forms.MultipleChoiceField(**common, choices=departments, widget=forms.CheckboxSelectMultiple)
    if item.kind == Kind.NUMBER:
        return forms.FloatField(**common, min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER)
    if item.kind == Kind.PERSON:
        return PersonField(
            **common,
            max_length=254,
            help_text=_("A part of the name, or the e-mail address."),
            widget=_listed(item.key),
        )
    return forms.CharField(**common, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
