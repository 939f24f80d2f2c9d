"""A form sent twice (a double click, a second try on a slow line) has one effect."""

import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction

from requests_app.events.services import answer_once, keep_answer

KEY = re.compile(r"[0-9a-f]{32}")


class KeyField(forms.Field):
    """Whatever is not a key of ours is none; there is nothing about it to tell."""

    def clean(self, value: Any) -> str:
        return value if isinstance(value, str) and KEY.fullmatch(value) else ""


class OnceForm(forms.Form):
    """`key` marks one opening of the page, so that a form sent twice is taken once."""

    key = KeyField(required=False, widget=forms.HiddenInput, initial=lambda: secrets.token_hex(16))

    def typed(self) -> dict[str, Any]:
        """What a service takes. Call on a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


@transaction.atomic
def take_once(form: OnceForm, *, by: Any, about: Any, make: Callable[[], int]) -> int:
    """The id of what `make` makes; the same words sent again with the same key get the same id, and make nothing."""
    key = form.cleaned_data.get("key")
    if not key:
        return make()
    words = repr((about, sorted(form.typed().items()))).encode("utf-8", "replace")
    row = answer_once(person_id=by.pk, key=f"form:{key}:{hashlib.sha256(words).hexdigest()}", fingerprint="form")
    if row.answer is not None:
        return int(row.answer["id"])
    made = make()
    keep_answer(row, status=201, answer={"id": made})
    return made
