import tomllib
from pathlib import Path

import pytest

from requests_app.imports.mapping import load_mapping, parse_mapping
from requests_app.imports.states import Hold
from requests_app.imports.values import BadMapping
from requests_app.management.commands.import_history import OWN_MAPPINGS
from tests.requests_app.imports.histories import EVENTS

TICKETS = """\
shape = "tickets"
source = "old"
[case]
id = { column = "number" }
customer = "Sales"
service = "Help"
[departments]
supplier = { column = "team" }
[times]
filed = { column = "created" }
closed = { column = "closed", when = { state = "Closed" } }
"""


@pytest.mark.parametrize("path", sorted(OWN_MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_mappings_that_come_along_are_sound(path):
    assert load_mapping(path).columns()


def test_a_mapping_knows_every_column_it_speaks_of():
    assert parse_mapping(tomllib.loads(EVENTS)).columns() == {
        "case", "time", "kind", "line", "team", "person", "priority", "origin",
    }  # fmt: skip


def test_the_moments_of_a_ticket_may_hang_on_a_condition():
    mapping = parse_mapping(tomllib.loads(TICKETS))

    assert [(moment.move, moment.time.column) for moment in mapping.moments] == [("close", "closed")]
    assert mapping.columns() == {"number", "team", "created", "closed", "state"}


@pytest.mark.parametrize(
    ("text", "hold"),
    [
        ("hold customer", Hold("customer", pauses=True)),
        ("hold other", Hold("other", pauses=False)),
        ("hold third_party paused", Hold("third_party", pauses=True)),
        ("hold customer running", Hold("customer", pauses=False)),
    ],
)
def test_a_hold_says_for_what_and_what_its_clock_does(text, hold):
    raw = tomllib.loads(EVENTS)
    raw["rules"] = [{"when": {}, "then": text}]

    assert parse_mapping(raw).rules[0].moves == (("hold", hold),)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"shape": "cubes"}, "shape: write events or tickets"),
        ({"source": ""}, "source: write a short name"),
        ({"colour": 1}, "colour: not known here"),
        ({"file": {"delimiter": ";;"}}, "file.delimiter: write one character"),
        ({"file": {"missing": "?"}}, "file.missing: write a list"),
        ({"file": 3}, "file: write a table"),
        ({"time": {}}, "time.column is missing"),
        ({"time": {"column": "t", "formats": "iso"}}, "time.formats: write a list"),
        ({"time": {"column": "t", "zone": "Europe/Atlantis"}}, "there is no zone “Europe/Atlantis”"),
        ({"time": {"column": "t", "ambiguous": "both"}}, "time.ambiguous: write first or last"),
        ({"departments": {}}, "departments: say where the department of a row stands"),
        ({"departments": {"of_row": {"column": "a"}, "colour": 1}}, r"\[departments\] colour"),
        ({"people": {"actor": {"colour": 1}}}, "people.actor: colour is not known here"),
        ({"rules": []}, "rules: write at least one"),
        ({"rules": ["accept"]}, "rules 1: write a table with when and then"),
        ({"rules": [{"then": []}]}, "rules 1.then: write a move"),
        ({"rules": [{"then": "explode"}]}, "there is no move “explode”"),
        ({"rules": [{"then": "accept now"}]}, "“accept” stands alone; remove “now”"),
        ({"rules": [{"then": "hold"}]}, "write hold and one of customer"),
        ({"rules": [{"then": "hold customer paused running"}]}, "write hold and one of"),
        ({"rules": [{"then": ["accept", "ignore"]}]}, "rules 1.then: ignore stands alone"),
        ({"rules": [{"when": 3, "then": "accept"}]}, "rules 1.when: write a table"),
        ({"times": {}}, "times: not known here"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_where_and_what_to_write(change, sentence):
    with pytest.raises(BadMapping, match=sentence):
        parse_mapping(tomllib.loads(EVENTS) | change)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": None}, "case.id is missing"),
        ({"targets": "some"}, "case.targets: write none or open or all"),
        ({"reopened_by": ["close"]}, "case.reopened_by: write a list of"),
        ({"hold_ends": "never"}, "case.hold_ends: write resume or next"),
        ({"close_after_days": -1}, "case.close_after_days: write a number of days"),
        ({"close_after_days": True}, "case.close_after_days: write a number of days"),
        ({"attributes": {"Ärger": "x"}}, "case.attributes: Ärger: name them"),
        ({"colour": "red"}, r"\[case\] colour: not known here"),
    ],
)
def test_what_is_wrong_with_a_case_is_said_likewise(change, sentence):
    raw = tomllib.loads(EVENTS)
    raw["case"] = {key: value for key, value in (raw["case"] | change).items() if value is not None}

    with pytest.raises(BadMapping, match=sentence):
        parse_mapping(raw)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"times": {}}, "times.filed is missing"),
        ({"times": {"filed": "x", "eaten": "y"}}, r"\[times\] eaten"),
        ({"times": {"filed": "x", "closed": {"column": "a", "when": 3}}}, "times.closed.when: write a table"),
        ({"rating": {"beauty": "x"}}, r"\[rating\] beauty"),
        ({"rules": [{"then": "accept"}]}, "rules: not known here"),
    ],
)
def test_what_is_wrong_with_a_ticket_list_is_said_likewise(change, sentence):
    with pytest.raises(BadMapping, match=sentence):
        parse_mapping(tomllib.loads(TICKETS) | change)


def test_a_file_that_is_no_mapping_is_said_in_one_sentence(tmp_path: Path):
    path = tmp_path / "mapping.toml"
    with pytest.raises(BadMapping, match="cannot be read"):
        load_mapping(path)
    path.write_text("shape = ")
    with pytest.raises(BadMapping, match="is not TOML"):
        load_mapping(path)
