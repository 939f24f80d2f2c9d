"""One field for each figure, as people write it: 92 for 92 %, 1.5 for an hour and a half."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from metrics.rollups.definitions import DEFINITIONS
from metrics.targets.selectors import Target
from metrics.targets.states import FIGURES, bounds_of, refused, stored, typed
from requests_app.kernel.formats import amount, number
from requests_app.kernel.forms import EditForm
from requests_app.kernel.versions import fingerprint


class NumberField(forms.FloatField):
    """Takes a comma for a point: 4,3 is written so in half the languages of the product."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> float | None:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class TargetsForm(EditForm):
    """Empty means: nothing of its own."""

    def __init__(self, data: Any = None, *, targets: Sequence[Target]):
        self.targets = {target.definition.key: target for target in targets}
        own = {key: target.own for key, target in self.targets.items() if target.own is not None}
        shown = {key: f"{typed(FIGURES[key], value):g}" for key, value in own.items()}
        super().__init__(data, initial=shown | {"version": fingerprint(own)})
        for key, target in self.targets.items():
            self.fields[key] = NumberField(label=target.definition.label, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for key in self.targets:
            value = found.get(key)
            if value is not None and (why := refused(FIGURES[key], stored(FIGURES[key], value))):
                self.add_error(key, ValidationError(why))
        return found

    def chosen(self) -> dict[str, float | None]:
        """Figure → value as stored, None for what was left empty."""
        typed_in = {key: self.cleaned_data.get(key) for key in self.targets}
        return {key: None if value is None else stored(FIGURES[key], value) for key, value in typed_in.items()}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"bound": self[key], "unit": bounds_of(FIGURES[key]).unit, "formula": DEFINITIONS[key].formula,
             "lower": DEFINITIONS[key].direction.value == "lower", "otherwise": _words(target)}
            for key, target in self.targets.items()
        ]  # fmt: skip


def _words(target: Target) -> str:
    if target.otherwise is None:
        return ""
    unit = target.definition.unit.value
    return number(target.otherwise, 1) if unit in ("score", "mean") else amount(target.otherwise, unit)
