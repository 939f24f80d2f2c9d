"""Whatever form refuses something says the remedy, in the reader's language, beside the name of the field."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from requests_app.org.models import Department

pytestmark = pytest.mark.django_db


class Everything(forms.Form):
    title = forms.CharField(max_length=3, min_length=2)
    amount = forms.IntegerField(min_value=1, max_value=90)
    rate = forms.DecimalField()
    due_on = forms.DateField()
    at = forms.TimeField()
    starts_at = forms.DateTimeField()
    mail = forms.EmailField()
    link = forms.URLField(assume_scheme="https")
    kind = forms.ChoiceField(choices=[("a", "A")])
    kinds = forms.MultipleChoiceField(choices=[("a", "A")])
    agreed = forms.BooleanField()
    department = forms.ModelChoiceField(Department.objects.all())
    departments = forms.ModelMultipleChoiceField(Department.objects.all())
    slug = forms.SlugField()
    file = forms.FileField()


WRONG = {
    "title": "four", "amount": "91", "rate": "much", "due_on": "2026-02-30", "at": "25:00", "starts_at": "soon",
    "mail": "nobody", "link": "no where", "kind": "b", "kinds": ["b"], "department": "999", "departments": ["999"],
    "slug": "no slug",
}  # fmt: skip
DJANGO = ("This field", "Enter a", "Enter the", "Ensure", "Select a valid", "No file was")


def refusals(values: dict) -> dict[str, str]:
    return {name: sentences[0] for name, sentences in Everything(values).errors.items()}


def test_what_is_missing_is_asked_for_by_what_it_is():
    assert refusals({}) == {
        "title": "Fill this in.", "amount": "Give a number.", "rate": "Give a number.", "due_on": "Choose a day.",
        "at": "Give a time.", "starts_at": "Give a day and a time.", "mail": "Give an e-mail address.",
        "link": "Fill this in.", "kind": "Choose one.", "kinds": "Choose at least one.",
        "agreed": "Tick this to go on.", "department": "Choose one.", "departments": "Choose at least one.",
        "slug": "Fill this in.", "file": "Choose a file.",
    }  # fmt: skip


def test_what_is_wrong_is_told_with_an_example_or_the_limit():
    found = refusals(WRONG)
    assert (found["title"], found["amount"]) == ("Use at most 3 characters; there are 4.", "Give 90 or less.")
    assert (found["due_on"], found["kind"]) == (
        "Give a day such as 2026-03-31.",
        "“b” is not offered here. Choose from the list.",
    )
    assert [name for name, words in found.items() if words.startswith(DJANGO)] == []
    assert refusals(WRONG | {"title": "f", "amount": "x"})["amount"] == "Give a whole number such as 5."


@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_no_word_of_it_is_english_in_other_languages(language):
    with translation.override(language):
        told = refusals({}) | {f"wrong {name}": words for name, words in refusals(WRONG).items()}
        assert [name for name, words in told.items() if "Give" in words or "Choose" in words or "Fill" in words] == []
        assert translation.gettext("Fill this in.") != "Fill this in."


def test_above_the_form_the_field_is_named():
    form = Everything({})
    html = Template("{% load look %}{% form_errors form %}").render(Context({"form": form}))
    assert '<a href="#id_due_on">Due on</a>: Choose a day.' in html


def test_a_field_with_words_of_its_own_keeps_them():
    class Own(forms.Form):
        size = forms.CharField(error_messages={"required": "Say how large."})

    assert Own({}).errors["size"] == ["Say how large."]
