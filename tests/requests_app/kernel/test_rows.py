"""Rows that buttons add, move and remove, without a script."""

import pytest
from django import forms

from requests_app.kernel.errors import IllegalMove, WrongInput
from requests_app.kernel.rows import RowForm, RowForms


class PetForm(RowForm):
    name = forms.CharField(max_length=10)
    tame = forms.BooleanField(required=False)


class Pets(RowForms):
    row_form = PetForm
    ticks = ("tame",)
    empty_row = {"name": "", "tame": True}
    most = 3


def posted(*names: str, **more) -> dict:
    rows = {f"row{place}-name": name for place, name in enumerate(names, start=1)}
    return {"total": str(len(names)), "version": "7"} | rows | more


def names(rows: Pets) -> list[str]:
    return [raw["name"] for raw in rows.raw]


def test_what_was_typed_is_kept_whatever_button_is_pressed():
    rows = Pets.typed(posted("cat", "dog", **{"row2-tame": "on"}))
    assert rows.raw == [{"name": "cat", "tame": False}, {"name": "dog", "tame": True}]
    assert rows.version == "7"
    assert rows.pressed("preview") is rows


@pytest.mark.parametrize(
    ("button", "left", "focus"),
    [
        ("add", ["cat", "dog", ""], 3),
        ("remove-1", ["dog"], 1),
        ("remove-2", ["cat"], 1),
        ("up-2", ["dog", "cat"], 1),
        ("up-1", ["cat", "dog"], 1),
        ("down-1", ["dog", "cat"], 2),
        ("down-2", ["cat", "dog"], 2),
    ],
)
def test_a_button_changes_the_rows_and_the_person_goes_on_in_the_row_it_was_about(button, left, focus):
    rows = Pets.typed(posted("cat", "dog")).pressed(button)
    assert names(rows) == left
    assert [row.place for row in rows.rows if "autofocus" in row.fields["name"].widget.attrs] == [focus]


def test_without_rows_left_nothing_is_focused():
    rows = Pets.typed(posted("cat")).pressed("remove-1")
    assert rows.rows == []


@pytest.mark.parametrize("button", ["remove-0", "remove-3", "up-9", "down-x", "remove-²", "fly-1", ""])
def test_a_button_that_names_no_row_changes_nothing(button):
    assert names(Pets.typed(posted("cat", "dog")).pressed(button)) == ["cat", "dog"]


def test_there_are_never_more_rows_than_fit():
    full = Pets.typed(posted("a", "b", "c"))
    assert names(full.pressed("add")) == ["a", "b", "c"]
    assert len(Pets.typed(posted("a") | {"total": "9999"}).raw) == 3
    assert Pets.typed(posted("a") | {"total": "-1"}).raw == []


def test_every_wrong_row_says_what_is_wrong():
    rows = Pets.typed(posted("", "a name that is too long", "cat"))
    assert not rows.is_valid()
    assert [bool(row.errors) for row in rows.rows] == [True, True, False]


def test_a_refusal_stands_in_the_row_it_is_about_else_above_all():
    rows = Pets.typed(posted("cat", "dog"))
    rows.add_refusal(WrongInput({"pets.2": ["No dogs."], "pets.9": ["Which?"], "pets": ["Too many."]}), prefix="pets.")
    rows.add_refusal(IllegalMove("Not now."))
    assert rows.rows[1].non_field_errors() == ["No dogs."]
    assert rows.errors == ["Which?", "Too many.", "Not now."]
    assert not rows.is_valid()
