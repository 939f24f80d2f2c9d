"""What forms of several packages share: fields, refusals of services beside them, and what changed meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.kernel.errors import DomainError, NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.zones import zones, zones_by_region

LONGEST_TEXT = 20_000


def long_text(label: Promise, help_text: Promise | str = "", *, rows: int = 3) -> forms.CharField:
    """Several lines, not needed."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONGEST_TEXT, widget=widget)


class ZoneField(forms.ChoiceField):
    """A time zone by name, in groups by region. `empty` is the word for choosing none."""

    def __init__(self, *, empty: Promise | str = "", **options: Any):
        self.empty = empty
        options.setdefault("label", gettext_lazy("Time zone"))
        super().__init__(choices=self._choices, required=not empty, **options)

    def _choices(self) -> list:
        return [("", self.empty), *zones_by_region()] if self.empty else zones_by_region()

    def valid_value(self, value: str) -> bool:
        return value in zones()


class EditForm(forms.Form):
    """Changes what others may change meanwhile. `version` says what the reader saw; see `show_newer`."""

    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    meanwhile: Sequence["Difference"] = ()

    @property
    def based_on(self) -> str | None:
        return self.cleaned_data.get("version") or None

    def values(self, *leave_out: str) -> dict[str, Any]:
        """What a service takes: everything that was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", *leave_out)}


@dataclass(frozen=True)
class Difference:
    """A field that somebody else has set otherwise than it was typed here."""

    label: str
    words: str


def add_refusal(form: forms.BaseForm, error: DomainError) -> None:
    """What the service refused, beside the field it is about, else above the form."""
    if not isinstance(error, WrongInput):
        form.add_error(None, error.message)
        return
    for name, sentences in error.errors.items():
        form.add_error(name if name in form.fields else None, sentences)


@contextmanager
def refusals_beside(form: forms.BaseForm, *, newer: Callable[[], EditForm] | None = None) -> Iterator[None]:
    """Inside, a refused act ends the block and says why in the form; what only others may do stays a refusal.

    `newer` makes the form anew from what is stored: after a stale save it tells what the other person wrote.
    """
    try:
        yield
    except NotAllowed:
        raise
    except StaleVersion as error:
        add_refusal(form, error)
        if newer is not None:
            show_newer(form, newer())
    except DomainError as error:
        add_refusal(form, error)


def show_newer(form: EditForm, newer: EditForm) -> None:
    """Keep what was typed, say what is stored now, and take the next save as made in that knowledge."""
    form.meanwhile = [
        Difference(str(bound.label), in_words(bound.field, bound.value()))
        for bound in newer.visible_fields()
        if bound.name in form.fields and _plain(bound.value()) != _plain(form[bound.name].value())
    ]
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = newer["version"].value()


def _plain(value: Any) -> Any:
    """Typed and stored values in one form: lists of texts as they are, "on" as true, all else as text."""
    if isinstance(value, list | tuple):
        return sorted(str(one) for one in value)
    if isinstance(value, bool) or value is None:
        return value or ""
    return str(value).replace("\r\n", "\n").strip()


def in_words(field: forms.Field, value: Any) -> str:
    """A value as people read it: the word of a choice, yes or no, or the text."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    values = value if isinstance(value, list | tuple) else [value]
    words = dict(_flat(getattr(field, "choices", ())))
    named = ", ".join(str(words.get(str(one), one)) for one in values if one not in (None, ""))
    return named or str(words.get("") or _("nothing"))


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from _flat(words)
        else:
            yield str(value), words
