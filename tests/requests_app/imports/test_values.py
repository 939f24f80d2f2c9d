import pytest

from requests_app.imports.values import BadMapping, BadValue, Condition, Value, parse_test, parse_value

CELLS = {"impact": "High", "team": "Desk", "line": "", "note": "waits for part"}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Company", "Company"),
        (3, "3"),
        ({"column": "team"}, "Desk"),
        ({"column": "line"}, ""),
        ({"column": "line", "default": "First"}, "First"),
        ({"column": "impact", "values": {"High": 1}}, "1"),
        ({"column": "impact", "values": {"Low": 4, "*": 3}}, "3"),
        ({"column": "line", "values": {"Low": 4, "*": 3}, "default": 5}, "5"),
        ({"template": "{team}: {impact} {line}"}, "Desk: High"),
    ],
)
def test_a_value_is_a_constant_a_column_or_a_text_of_columns(raw, text):
    assert parse_value(raw, "case.x").read(CELLS) == text


def test_a_text_the_mapping_does_not_translate_is_refused():
    value = parse_value({"column": "impact", "values": {"Low": 4}, "default": 3}, "case.priority")

    with pytest.raises(BadValue, match="impact is “High”, which the mapping does not translate"):
        value.read(CELLS)


def test_a_value_names_the_columns_it_reads():
    assert Value(template="{a} of {b}").columns() == {"a", "b"}
    assert Value(column="c").columns() == {"c"}
    assert Value(constant="d").columns() == set()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (None, "case.x: write a text, or a table with column or template"),
        (True, "case.x: write a text"),
        ({}, "case.x: give either a column or a template"),
        ({"column": "a", "template": "{a}"}, "case.x: give either"),
        ({"column": "a", "colour": "red"}, "case.x: colour is not known here"),
        ({"column": "a", "take": "best"}, "case.x.take: write first or last"),
        ({"column": "a", "values": ["b"]}, "case.x.values: write a table"),
    ],
)
def test_a_value_that_cannot_be_understood_names_its_place(raw, sentence):
    with pytest.raises(BadMapping, match=sentence):
        parse_value(raw, "case.x")


@pytest.mark.parametrize(
    ("column", "raw", "holds"),
    [
        ("impact", "High", True),
        ("impact", "Low", False),
        ("impact", ["Low", "High"], True),
        ("impact", {"not": ["Low"]}, True),
        ("impact", {"not": "High"}, False),
        ("line", {"missing": True}, True),
        ("team", {"missing": True}, False),
        ("team", {"missing": False}, True),
        ("note", {"matches": "^wait"}, True),
        ("note", {"not": {"matches": "^wait"}}, False),
        ("absent", {"missing": True}, True),
    ],
)
def test_a_condition_looks_at_one_column(column, raw, holds):
    assert parse_test(column, raw, "rules 1.when").holds(CELLS) is holds


@pytest.mark.parametrize(
    "raw", [[], [1], 3, {"missing": "yes"}, {"matches": "("}, {"not": "a", "missing": True}, {"like": "a"}]
)
def test_a_condition_that_cannot_be_understood_names_its_place(raw):
    with pytest.raises(BadMapping, match=r"rules 1\.when\.impact"):
        parse_test("impact", raw, "rules 1.when")


def test_conditions_are_values_that_compare():
    assert parse_test("a", "b", "x") == Condition("a", frozenset({"b"}))
