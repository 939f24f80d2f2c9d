"""What forms share: refusals beside the fields, and what somebody else saved meanwhile."""

import pytest
from django import forms
from django.http import QueryDict

from requests_app.kernel.errors import IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.forms import Difference, EditForm, ZoneField, in_words, refusals_beside


class DogForm(EditForm):
    name = forms.CharField()
    size = forms.ChoiceField(choices=[("s", "small"), ("Big ones", [("l", "large")])])
    tame = forms.BooleanField(required=False)
    tricks = forms.MultipleChoiceField(choices=[("sit", "sits"), ("roll", "rolls")], required=False)
    place = ZoneField(empty="Nowhere")


def typed(**changes) -> DogForm:
    values = {"version": "old", "name": "Rex", "size": "s", "tricks": ["sit"]} | changes
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return DogForm(data)


def test_wrong_input_stands_beside_its_field_and_what_has_no_field_above():
    form = typed()
    assert form.is_valid()
    with refusals_beside(form):
        raise WrongInput({"name": ["Taken."], "collar": ["Missing."]})
    assert form.errors["name"] == ["Taken."]
    assert form.non_field_errors() == ["Missing."]
    with refusals_beside(form):
        raise IllegalMove("Asleep.")
    assert form.non_field_errors() == ["Missing.", "Asleep."]


def test_what_only_others_may_do_stays_a_refusal():
    form = typed()
    assert form.is_valid()
    with pytest.raises(NotAllowed), refusals_beside(form):
        raise NotAllowed("Ask the owner.")


def test_a_stale_save_tells_what_the_other_person_wrote_and_the_next_one_takes_its_place():
    form = typed(tame="on", place="Europe/Berlin")
    assert form.is_valid()
    assert form.based_on == "old"
    stored = {"version": "new", "name": "Max", "size": "l", "tame": False, "tricks": ["sit"], "place": ""}

    with refusals_beside(form, newer=lambda: DogForm(initial=stored)):
        raise StaleVersion("Somebody was faster.")

    assert form.non_field_errors() == ["Somebody was faster."]
    assert form.meanwhile == [
        Difference("Name", "Max"),
        Difference("Size", "large"),
        Difference("Tame", "no"),
        Difference("Time zone", "Nowhere"),
    ]
    assert form["name"].value() == "Rex"
    assert form["version"].value() == "new"


def test_without_a_newer_form_a_stale_save_is_told_and_nothing_else():
    form = typed()
    assert form.is_valid()
    with refusals_beside(form):
        raise StaleVersion("Somebody was faster.")
    assert form.non_field_errors() == ["Somebody was faster."]
    assert form.meanwhile == ()


def test_values_read_as_people_read_them():
    form = DogForm()
    assert in_words(form.fields["tame"], True) == "yes"
    assert in_words(form.fields["tricks"], ["roll", "sit"]) == "rolls, sits"
    assert in_words(form.fields["tricks"], []) == "nothing"
    assert in_words(form.fields["name"], "Rex") == "Rex"


def test_a_zone_is_one_of_the_list_or_none_where_none_is_allowed():
    assert typed(place="Asia/Shanghai").is_valid()
    assert typed(place="").is_valid()
    assert not typed(place="Mars/Olympus").is_valid()
    assert ZoneField().required


def test_the_version_is_no_value_of_the_form():
    form = typed()
    assert form.is_valid()
    assert form.values("place") == {"name": "Rex", "size": "s", "tame": False, "tricks": ["sit"]}
