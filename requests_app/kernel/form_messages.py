"""What every form says to what it cannot take: the remedy, in our words instead of Django's.

The field is named beside it: the summary above a refused form says "Title: Fill this in.", the field shows it below its
label. Said here once for all forms; a field with words of its own (`error_messages`) keeps them.
"""

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_NOT_OFFERED = _("“%(value)s” is not offered here. Choose from the list.")
_GONE = _("That is not offered here, or not any more. Choose from the list.")
_A_LIST = _("Send the choices as a list.")
_A_DAY = _("Give a day such as 2026-03-31.")
_A_NUMBER = _("Give a number such as 2.5.")

FIELDS: dict[type[forms.Field], dict] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.IntegerField: {"required": _("Give a number."), "invalid": _("Give a whole number such as 5.")},
    forms.FloatField: {"invalid": _A_NUMBER},
    forms.DecimalField: {"invalid": _A_NUMBER},
    forms.DateField: {"required": _("Choose a day."), "invalid": _A_DAY},
    forms.TimeField: {"required": _("Give a time."), "invalid": _("Give a time such as 14:30.")},
    forms.DateTimeField: {
        "required": _("Give a day and a time."),
        "invalid": _("Give a day and a time such as 2026-03-31 14:30."),
    },
    forms.EmailField: {"required": _("Give an e-mail address.")},
    forms.URLField: {"invalid": _("Give an address such as https://example.com/page.")},
    forms.BooleanField: {"required": _("Tick this to go on.")},
    forms.ChoiceField: {"required": _("Choose one."), "invalid_choice": _NOT_OFFERED},
    forms.MultipleChoiceField: {
        "required": _("Choose at least one."),
        "invalid_choice": _NOT_OFFERED,
        "invalid_list": _A_LIST,
    },
    forms.ModelChoiceField: {"invalid_choice": _GONE},
    forms.ModelMultipleChoiceField: {
        "required": _("Choose at least one."),
        "invalid_choice": _NOT_OFFERED,
        "invalid_list": _A_LIST,
        "invalid_pk_value": _GONE,
    },
    forms.FileField: {
        "required": _("Choose a file."),
        "invalid": _("No file came. Choose it again."),
        "missing": _("No file came. Choose it again."),
        "empty": _("This file is empty. Choose another one."),
        "max_length": ngettext_lazy(
            "The name of the file has %(length)d characters. Give it a name of at most %(max)d character.",
            "The name of the file has %(length)d characters. Give it a name of at most %(max)d characters.",
            "max",
        ),
    },
    forms.UUIDField: {"invalid": _("This form is broken. Load the page again, then send it.")},
}

VALIDATORS: dict[type, object] = {
    validators.EmailValidator: _("Give an e-mail address such as name@example.com."),
    validators.URLValidator: _("Give an address such as https://example.com/page."),
    validators.MaxValueValidator: _("Give %(limit_value)s or less."),
    validators.MinValueValidator: _("Give %(limit_value)s or more."),
    validators.MaxLengthValidator: ngettext_lazy(
        "Use at most %(limit_value)d character; there are %(show_value)d.",
        "Use at most %(limit_value)d characters; there are %(show_value)d.",
        "limit_value",
    ),
    validators.MinLengthValidator: ngettext_lazy(
        "Use at least %(limit_value)d character; there are %(show_value)d.",
        "Use at least %(limit_value)d characters; there are %(show_value)d.",
        "limit_value",
    ),
    validators.ProhibitNullCharactersValidator: _("It holds a character that cannot be kept. Type it anew."),
}


def say_remedies() -> None:
    """Called once, while the apps start. Done twice it is the same."""
    for field, words in FIELDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
    for validator, message in VALIDATORS.items():
        validator.message = message  # type: ignore[attr-defined]
    validators.validate_slug.message = _("Use letters from a to z, digits and hyphens only, such as service-desk.")
