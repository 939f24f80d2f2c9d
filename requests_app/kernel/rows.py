"""Rows that people add, move and remove with buttons, without a script: each press posts all of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django import forms

from requests_app.kernel.errors import DomainError, WrongInput

Raw = dict[str, Any]


def small_number(text: str) -> int:
    """What a button or a counter says, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


class RowForm(forms.Form):
    """One of the small forms; `place` counts from 1."""

    place: int = 0


class RowForms:
    """A list of equal small forms. The page keeps it between presses; only saving asks whether it is right.

    A subclass names the form of a row, its checkboxes, what a new row holds, and how many rows there can be.
    """

    row_form: type[RowForm]
    ticks: Sequence[str] = ()
    empty_row: Raw = {}
    most = 100

    def __init__(
        self, rows: Sequence[Raw], *, version: str = "", data: Mapping[str, Any] | None = None, focus: int = 0
    ):
        self.raw, self.version = list(rows), version
        self.rows = [self._row(data, place, raw) for place, raw in enumerate(self.raw, start=1)]
        self.errors: list[str] = []
        if focus:  # the row that was added or moved is where the person goes on
            next(iter(self.rows[focus - 1].fields.values())).widget.attrs["autofocus"] = True

    def _row(self, data: Mapping[str, Any] | None, place: int, raw: Raw) -> RowForm:
        form = self.row_form(data, initial=raw, prefix=f"row{place}")
        form.place = place
        return form

    @classmethod
    def typed(cls, data: Mapping[str, Any]) -> Self:
        count = min(small_number(data.get("total", "")), cls.most)
        rows = [cls._read(data, place) for place in range(1, count + 1)]
        return cls(rows, version=data.get("version", "")[:64], data=data)

    @classmethod
    def _read(cls, data: Mapping[str, Any], place: int) -> Raw:
        names = [name for name in cls.row_form.base_fields if name not in cls.ticks]
        raw = {name: data.get(f"row{place}-{name}", "") for name in names}
        return raw | {name: bool(data.get(f"row{place}-{name}")) for name in cls.ticks}

    def pressed(self, button: str) -> Self:
        """The rows after add, up-3, down-3, remove-3; any other button leaves them as they are."""
        verb, _dash, number = button.partition("-")
        rows, place = list(self.raw), small_number(number)
        if verb == "add" and len(rows) < self.most:
            rows.append(dict(self.empty_row))
            focus = len(rows)
        elif verb == "remove" and 0 < place <= len(rows):
            rows.pop(place - 1)
            focus = min(place, len(rows))
        elif verb in ("up", "down") and 0 < place <= len(rows):
            focus = min(max(place + (1 if verb == "down" else -1), 1), len(rows))
            rows.insert(focus - 1, rows.pop(place - 1))
        else:
            return self
        return type(self)(rows, version=self.version, focus=focus)

    def is_valid(self) -> bool:
        wrong = [row for row in self.rows if not row.is_valid()]  # each is asked, so that each says what is wrong
        return not wrong and not self.errors

    def add_refusal(self, error: DomainError, *, prefix: str = "", version: str = "") -> None:
        """What a service refused: in the row that it names (`prefix` and a number), else above all of them.

        After a stale save `version` is what is stored now: the next save is made in that knowledge.
        """
        self.version = version or self.version
        by_field = error.errors if isinstance(error, WrongInput) else {"": [error.message]}
        for name, sentences in by_field.items():
            place = small_number(name.removeprefix(prefix)) if prefix and name.startswith(prefix) else 0
            if 0 < place <= len(self.rows):
                self.rows[place - 1].add_error(None, sentences)
            else:
                self.errors += sentences
