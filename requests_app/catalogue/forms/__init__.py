"""What people type to find a service, and the questions of a service as fields of a form."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from requests_app.catalogue.states import FieldType, FormField, NeedType

PREFIX = "form_"


class SearchForm(forms.Form):
    """Words, a kind of need, a department (by slug)."""

    q = forms.CharField(required=False, max_length=200, label=_("What do you need?"))
    need = forms.ChoiceField(required=False, choices=[("", _("Any kind")), *NeedType.choices], label=_("Kind of need"))
    department = forms.SlugField(required=False, max_length=60, label=_("Department"))


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; clean value is a list. What may be stored is judged by the service that stores it."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)  # says so when they are needed
        return [super(FilesField, self).clean(file, initial) for file in files]


def question_fields(questions: Iterable[FormField]) -> dict[str, forms.Field]:
    """One field a question, named form_<key>. Types are checked where requests are filed, the same for all channels."""
    return {f"{PREFIX}{question.key}": _MAKERS[question.type](question) for question in questions}


def answers_from(
    questions: Iterable[FormField], cleaned: Mapping[str, Any]
) -> tuple[dict[str, Any], list[UploadedFile]]:
    """The answers as filing takes them, and the files that were given as answers."""
    answers: dict[str, Any] = {}
    files: list[UploadedFile] = []
    for question in questions:
        value = cleaned.get(f"{PREFIX}{question.key}")
        if question.type == FieldType.FILE:
            files += value or []
            value = [file.name for file in value or []]
        if value:
            answers[question.key] = value
    return answers, files


def field_of(error_name: str) -> str:
    """Errors of filing name a question form.<key>; here its field is form_<key>."""
    return PREFIX + error_name.removeprefix("form.") if error_name.startswith("form.") else error_name


def _common(question: FormField) -> dict[str, Any]:
    return {"label": question.label, "help_text": question.help, "required": question.required}


def _text(question: FormField) -> forms.Field:
    return forms.CharField(**_common(question), max_length=500)


def _long_text(question: FormField) -> forms.Field:
    return forms.CharField(**_common(question), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))


def _number(question: FormField) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short num"})
    return forms.CharField(**_common(question), max_length=30, widget=widget)


def _date(question: FormField) -> forms.Field:
    return forms.CharField(**_common(question), max_length=10, widget=forms.DateInput(attrs={"type": "date"}))


def _choice(question: FormField) -> forms.Field:
    choices = [(choice, choice) for choice in question.choices]
    if len(choices) <= 3:
        return forms.ChoiceField(**_common(question), choices=choices, widget=forms.RadioSelect)
    return forms.ChoiceField(**_common(question), choices=[("", _("Choose …")), *choices])


def _files(question: FormField) -> forms.Field:
    return FilesField(**_common(question))


_MAKERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.FILE: _files,
}
