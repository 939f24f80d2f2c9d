"""The questions of a service as fields, and what was answered."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.catalogue.forms import FilesField, SearchForm, answers_from, field_of, question_fields
from requests_app.catalogue.states import FieldType, FormField

QUESTIONS = [
    FormField("where", "Where?", help="Room and floor", required=True),
    FormField("why", "Why?", type=FieldType.LONG_TEXT),
    FormField("pieces", "How many?", type=FieldType.NUMBER),
    FormField("day", "When?", type=FieldType.DATE),
    FormField("size", "Size", type=FieldType.CHOICE, choices=("S", "L")),
    FormField("floor", "Floor", type=FieldType.CHOICE, choices=("1", "2", "3", "4")),
    FormField("photos", "Photos", type=FieldType.FILE),
]


def test_every_type_of_question_has_its_control():
    fields = question_fields(QUESTIONS)
    assert {name: type(field.widget).__name__ for name, field in fields.items()} == {
        "form_where": "TextInput", "form_why": "Textarea", "form_pieces": "TextInput", "form_day": "DateInput",
        "form_size": "RadioSelect", "form_floor": "Select", "form_photos": "ManyFiles",
    }  # fmt: skip
    where = fields["form_where"]
    assert (where.label, where.help_text, where.required) == ("Where?", "Room and floor", True)
    assert fields["form_why"].required is False
    assert fields["form_floor"].choices[0] == ("", "Choose …")


def test_answers_leave_out_what_was_left_empty_and_name_the_files():
    files = [SimpleUploadedFile("a.pdf", b"1"), SimpleUploadedFile("b.pdf", b"2")]
    cleaned = {"form_where": "2.14", "form_why": "", "form_pieces": "2", "form_photos": files}
    answers, given = answers_from(QUESTIONS, cleaned)

    assert answers == {"where": "2.14", "pieces": "2", "photos": ["a.pdf", "b.pdf"]}
    assert given == files
    assert answers_from(QUESTIONS, {}) == ({}, [])


def test_errors_of_filing_find_their_field():
    assert (field_of("form.where"), field_of("title")) == ("form_where", "title")


def test_files_come_as_a_list_and_are_needed_when_they_are():
    file = SimpleUploadedFile("a.pdf", b"1")
    optional = FilesField(required=False)
    assert (optional.clean([file]), optional.clean(file), optional.clean([]), optional.clean(None)) == (
        [file], [file], [], [],
    )  # fmt: skip
    with pytest.raises(forms.ValidationError):
        FilesField().clean([])
    with pytest.raises(forms.ValidationError):
        optional.clean([SimpleUploadedFile("empty.pdf", b"")])


@pytest.mark.parametrize(
    ("data", "valid"),
    [
        ({}, True), ({"q": "lamp", "need": "technical", "department": "it"}, True), ({"need": "magic"}, False),
        ({"q": "x" * 201}, False), ({"q": "\x00"}, False), ({"department": "a b"}, False),
    ],
)  # fmt: skip
def test_the_search_of_the_catalogue_knows_what_it_can_use(data, valid):
    assert SearchForm(data).is_valid() is valid
