"""What a form may ask and how answers are read: every refusal names the field and the remedy."""

import pytest

from requests_app.catalogue.states import MOST_FIELDS, FieldType, FormField, check_answers, check_form
from requests_app.kernel.errors import WrongInput


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ([FormField("Key", "Label")], "fields.1"),
        ([FormField("a", "A"), FormField("a", "B")], "fields.2"),
        ([FormField("a", " ")], "fields.1"),
        ([FormField("a", "A", type="colour")], "fields.1"),
        ([FormField("a", "A", type=FieldType.CHOICE, choices=("one",))], "fields.1"),
        ([FormField(f"k{n}", "A") for n in range(MOST_FIELDS + 1)], "fields"),
    ],
)
def test_a_form_that_cannot_be_shown_is_refused_by_field(fields, where):
    with pytest.raises(WrongInput) as refusal:
        check_form(fields)
    assert list(refusal.value.errors) == [where]


ALL = [
    FormField("text", "T"),
    FormField("number", "N", type=FieldType.NUMBER),
    FormField("files", "F", type=FieldType.FILE),
]


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"text": 5}, "form.text"),
        ({"text": "x" * 501}, "form.text"),
        ({"number": True}, "form.number"),
        ({"number": "NaN"}, "form.number"),
        ({"number": "1_000"}, "form.number"),
        ({"number": "many"}, "form.number"),
        ({"files": [1]}, "form.files"),
        ({"files": {"a": 1}}, "form.files"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_refused_by_field(answers, where):
    with pytest.raises(WrongInput) as refusal:
        check_answers(ALL, answers)
    assert list(refusal.value.errors) == [where]


def test_answers_are_kept_as_they_are_meant():
    found = check_answers(ALL, {"text": " a ", "number": "12,50", "files": "plan.pdf"})
    assert found == {"text": "a", "number": "12.50", "files": ["plan.pdf"]}
