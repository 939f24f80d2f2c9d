"""What a service can be, and what a field of its form can be. Pure data and pure checks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.kernel.errors import WrongInput, check_text


class NeedType(models.TextChoices):
    INFORMATION = "information", _("Information")
    RESOURCE = "resource", _("Resource")
    TECHNICAL = "technical", _("Technical")
    SERVICE = "service", _("Service")


class Privacy(models.TextChoices):
    """Who of the customer department reads a request, besides requester, watchers and the supplier."""

    DEPARTMENT = "department", _("Colleagues of the requester may read along")
    PRIVATE = "private", _("Only the requester, watchers and the heads read along")
    CONFIDENTIAL = "confidential", _("Only the requester, named watchers and the supplier's own people")


class FieldType(models.TextChoices):
    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", pgettext_lazy("answer", "Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    FILE = "file", _("File")


@dataclass(frozen=True)
class FormField:
    """One question of a service's form."""

    key: str
    label: str
    type: str = FieldType.TEXT
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = field(default=())

    @classmethod
    def from_json(cls, raw: dict) -> "FormField":
        return cls(**{**raw, "choices": tuple(raw.get("choices", ()))})

    def as_json(self) -> dict:
        return {
            "key": self.key, "label": self.label, "type": str(self.type), "help": self.help,
            "required": self.required, "choices": list(self.choices),
        }  # fmt: skip


MOST_FIELDS = 40
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def check_form(fields: list[FormField]) -> None:
    """Raise WrongInput when the form cannot be shown or answered."""
    errors: dict[str, list[str]] = {}
    if len(fields) > MOST_FIELDS:
        errors["fields"] = [_t("A form has at most %(n)s fields.") % {"n": MOST_FIELDS}]
    seen: set[str] = set()
    for place, question in enumerate(fields, start=1):
        wrong = _wrong_with(question, seen)
        if wrong:
            errors[f"fields.{place}"] = [wrong]
        seen.add(question.key)
    if errors:
        raise WrongInput(errors)


def _wrong_with(question: FormField, seen: set[str]) -> str:
    """What is wrong with one field, in a sentence, or nothing."""
    if not KEY.fullmatch(question.key):
        return _t("The key starts with a letter and holds small letters, digits and _ only.")
    if question.key in seen:
        return _t("Two fields have the key %(key)s. Rename one.") % {"key": question.key}
    if not question.label.strip():
        return _t("Every field needs a label.")
    if question.type not in FieldType.values:
        return _t("Choose one of the types: %(types)s.") % {"types": ", ".join(FieldType.values)}
    if question.type == FieldType.CHOICE and len(question.choices) < 2:
        return _t("A choice needs at least two answers to choose from.")
    return ""


def check_answers(fields: list[FormField], answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as they are stored (JSON values), or WrongInput naming each field as `form.<key>`.

    Files arrive as attachments; a file field's answer is the list of file names.
    """
    if not isinstance(answers, dict):
        raise WrongInput({"form": [_t("Give an object of field and value.")]})
    errors: dict[str, list[str]] = {}
    known = {question.key: question for question in fields}
    for key in answers.keys() - known.keys():
        errors[f"form.{key}"] = [_t("This service does not ask for that.")]
    clean: dict[str, Any] = {}
    for question in fields:
        value = answers.get(question.key)
        if value is None or value == "" or value == []:
            if question.required:
                errors[f"form.{question.key}"] = [_t("This is needed.")]
            continue
        try:
            clean[question.key] = _READERS[question.type](question, value)
        except WrongInput as error:
            errors[f"form.{question.key}"] = [str(error)]
    if errors:
        raise WrongInput(errors)
    return clean


def _read_text(question: FormField, value: Any) -> str:
    if not isinstance(value, str):
        raise WrongInput({question.key: [_t("Write text.")]})
    return check_text(question.key, value.strip(), longest=500 if question.type == FieldType.TEXT else 20_000)


def _read_number(question: FormField, value: Any) -> str:
    wrong = WrongInput({question.key: [_t("Write a number, like 12 or 12.5.")]})
    text = str(value).strip().replace(",", ".")
    if isinstance(value, bool) or not text.isascii() or "_" in text or len(text) > 30:
        raise wrong
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise wrong from error
    if not number.is_finite():
        raise wrong
    return format(number, "f") if abs(number.adjusted()) < 30 else _fail(wrong)


def _fail(error: Exception) -> str:
    raise error


def _read_date(question: FormField, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise WrongInput({question.key: [_t("Write a date as year-month-day, like 2026-11-24.")]}) from error


def _read_choice(question: FormField, value: Any) -> str:
    if value not in question.choices:
        raise WrongInput({question.key: [_t("Choose one of: %(c)s.") % {"c": ", ".join(question.choices)}]})
    return str(value)


def _read_files(question: FormField, value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise WrongInput({question.key: [_t("Attach a file.")]})
    return [check_text(question.key, name, longest=255) for name in names[:10]]


_READERS: dict[str, Callable[[FormField, Any], Any]] = {
    FieldType.TEXT: _read_text,
    FieldType.LONG_TEXT: _read_text,
    FieldType.NUMBER: _read_number,
    FieldType.DATE: _read_date,
    FieldType.CHOICE: _read_choice,
    FieldType.FILE: _read_files,
}
