import json
import re

import pytest
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.test import APIRequestFactory

from requests_app.kernel import api
from requests_app.kernel.errors import StaleVersion, WrongInput


class Inner(api.StrictSerializer):
    size = api.WholeNumber(min_value=1)


class Body(api.StrictSerializer):
    name = api.Text(max_length=5)
    count = api.WholeNumber(required=False)
    sure = api.YesOrNo(required=False)
    inner = Inner(required=False)
    rows = Inner(many=True, required=False)


def errors_of(data) -> dict:
    body = Body(data=data)
    assert not body.is_valid()
    return json.loads(json.dumps(body.errors))


def test_a_strict_body_names_every_field_it_does_not_know_beside_what_else_is_wrong():
    assert errors_of({"nam": "x", "is_admin": True}) == {
        "nam": ["There is no field nam here. Fields are: name, count, sure, inner, rows."],
        "is_admin": ["There is no field is_admin here. Fields are: name, count, sure, inner, rows."],
        "name": ["This field is required."],
    }


def test_a_strict_body_is_strict_inside_too():
    found = errors_of({"name": "x", "inner": {"size": 1, "more": 2}, "rows": [{"size": 1}, {"width": 1}]})
    assert found["inner"] == {"more": ["There is no field more here. Fields are: size."]}
    assert found["rows"] == {
        "1": {"width": ["There is no field width here. Fields are: size."], "size": ["This field is required."]}
    }


@pytest.mark.parametrize("data", [None, [], "x", 7, True])
def test_a_body_that_is_no_object_is_refused(data):
    body = Body(data=data)
    assert not body.is_valid()


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("name", "abc", True),
        ("name", 5, False),
        ("name", True, False),
        ("name", "", False),
        ("name", "  ", False),
        ("name", "abcdef", False),
        ("name", "a\x00", False),
        ("name", "\ud800", False),
        ("count", 5, True),
        ("count", "5", False),
        ("count", 5.0, True),
        ("count", 5.5, False),
        ("count", 1e300, True),
        ("count", True, False),
        ("sure", True, True),
        ("sure", "true", False),
        ("sure", 1, False),
        ("sure", None, False),
    ],
)
def test_a_value_has_the_type_that_is_asked_for_and_not_its_likeness(field, value, fits):
    assert Body(data={"name": "x", field: value}).is_valid() is fits


class Asked(api.PageQuery):
    status = api.Several(child=serializers.ChoiceField(["new", "closed"]))
    q = serializers.CharField(required=False)


def test_a_query_takes_several_values_only_where_it_says_so():
    assert Asked.read(QueryDict("status=new&status=closed&q=x")) == {"status": ["new", "closed"], "q": "x"}
    with pytest.raises(WrongInput) as refusal:
        Asked.read(QueryDict("q=x&q=y"))
    assert refusal.value.errors == {"q": ["Give this once."]}


def test_a_query_refuses_unknown_parameters_by_name():
    with pytest.raises(serializers.ValidationError) as refusal:
        Asked.read(QueryDict("status=new&title__contains=x"))
    known = "cursor, limit, status, q"
    assert refusal.value.detail == {
        "title__contains": [f"There is no parameter title__contains here. Parameters are: {known}."]
    }
    with pytest.raises(serializers.ValidationError) as refusal:
        api.Query.read(QueryDict("q=1"))
    assert refusal.value.detail == {"q": ["This address takes no query parameters."]}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "٣", "9" * 30, "", "1e1", "007"])
def test_a_page_holds_one_to_a_hundred_rows(limit):
    with pytest.raises(serializers.ValidationError) as refusal:
        api.PageQuery.read(QueryDict(f"limit={limit}"))
    assert list(refusal.value.detail) == ["limit"]
    assert api.PageQuery.read(QueryDict("limit=100")) == {"limit": "100"}


@pytest.mark.parametrize("value", ["1899-12-31T22:00:00Z", "2200-01-01T12:00:00Z", "9999-12-31T23:59:59-23:59", "x"])
def test_a_moment_lies_within_the_reach_of_calendars(value):
    with pytest.raises(serializers.ValidationError):
        api.Moment().run_validation(value)
    with pytest.raises(serializers.ValidationError):
        api.Day().run_validation(value[:10])


def with_match(value: str):
    return APIRequestFactory().get("/", headers={"If-Match": value})


@pytest.mark.parametrize(
    ("header", "versions", "version"),
    [
        ("", None, None),
        ("*", None, None),
        ('"7"', ["7"], 7),
        ('W/"7"', ["7"], 7),
        (' "7" ', ["7"], 7),
        ('"6", "7"', ["6", "7"], 0),
        ('"abc"', ["abc"], 0),
        ('"99999999999"', ["99999999999"], 0),
        ('""', [""], 0),
    ],
)
def test_if_match_names_versions(header, versions, version):
    assert api.expected(with_match(header)) == versions
    assert api.expected_version(with_match(header)) == version


@pytest.mark.parametrize("header", ["7", '"7', "'7'", '"7" "8"', '"7",', ","])
def test_if_match_that_is_no_etag_is_refused(header):
    with pytest.raises(WrongInput) as refusal:
        api.expected(with_match(header))
    assert list(refusal.value.errors) == ["If-Match"]


def test_a_version_that_is_not_the_one_read_is_stale():
    api.require_match(with_match('"7"'), 7)
    api.require_match(with_match(""), 7)
    with pytest.raises(StaleVersion):
        api.require_match(with_match('"6"'), 7)


@pytest.mark.parametrize(
    ("converter", "good", "bad"),
    [
        (api.RowId, ["1", "42", "9" * 18], ["0", "-1", "01", "١", "1.0", "9" * 19, ""]),
        (api.Number, ["SR-1", "SR-000123"], ["SR-", "sr-1", "SR-١", "SR-1.0", "123", "SR-" + "1" * 16]),
        (api.AsciiSlug, ["it", "a-b_C1"], ["", "и", "a b", "a/b", "x" * 81]),
        (api.Mailbox, ["a@b.test", "ü@b.test"], ["", "a b", "a/b", "a\x00", "a\x1f", "x" * 255]),
    ],
)
def test_paths_take_ascii_and_nothing_that_surprises(converter, good, bad):
    one = converter()
    for value in good:
        assert re.fullmatch(one.regex, value), value
        assert one.to_url(one.to_python(value)) == value
    for value in bad:
        assert not re.fullmatch(one.regex, value), value
