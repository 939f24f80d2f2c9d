"""Priorities in a square."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from requests_app.agreements.models import PriorityMatrix
from requests_app.agreements.states import IMPACT, PRIORITY, URGENCY
from requests_app.kernel.forms import EditForm
from requests_app.kernel.versions import fingerprint

NINE = [(urgency, impact) for urgency in URGENCY for impact in IMPACT]


class MatrixForm(EditForm):
    """Nine cells: urgency × impact → priority."""

    def __init__(self, data: Any = None, *, own: PriorityMatrix | None, otherwise: Mapping[int, Mapping[int, int]]):
        self.own = own
        cells = own.cells if own else {}
        shown = {
            f"u{urgency}_i{impact}": cells.get(str(urgency), {}).get(str(impact)) or otherwise[urgency][impact]
            for urgency, impact in NINE
        }
        super().__init__(data, initial=shown | {"version": fingerprint(cells)})
        for urgency, impact in NINE:
            self.fields[f"u{urgency}_i{impact}"] = forms.TypedChoiceField(
                label=f"{URGENCY[urgency]}, {IMPACT[impact]}", choices=list(PRIORITY.items()), coerce=int
            )

    def cells(self) -> dict[int, dict[int, int]]:
        """urgency → impact → priority, as chosen or, before that, as it stands."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return {urgency: {impact: int(chosen[f"u{urgency}_i{impact}"]) for impact in IMPACT} for urgency in URGENCY}

    @property
    def rows(self) -> list[tuple[str, list[BoundField]]]:
        return [
            (str(words), [self[f"u{urgency}_i{impact}"] for impact in IMPACT]) for urgency, words in URGENCY.items()
        ]
