"""1,434 applications for permits in a municipality: 8,577 rows, each case with a deadline."""

from typing import Any

import pytest

from metrics.facts.models import RequestFact
from tests.requests_app.imports.real_histories import (
    History,
    assert_desk_and_figures_agree,
    assert_spread,
    assert_stored_figures_are_those_of_the_log,
    at_hand,
    imported_once,
    read_expected,
    spread,
)  # fmt: skip

pytestmark = at_hand
permits = imported_once("permit*_events.csv.gz", "permits")


def assert_permits(history: History, facts: list[RequestFact], expected: dict[str, Any]) -> None:
    ended = [fact for fact in facts if fact.deliveries]
    found = {
        "cases": len(facts),
        "events": history.rows(facts),
        "ended": len(ended),
        "met_deadline": sum(fact.resolution_kept is True for fact in ended),
        "group_hops": sum(fact.hops for fact in facts),
        "group_aba": sum(fact.aba for fact in facts),
    }
    assert found == {name: expected[name] for name in found}
    if ended:
        assert found["met_deadline"] / found["ended"] == pytest.approx(expected["rate"], abs=0.000001)
    assert_spread(spread(fact.resolution_cs / 3600 for fact in ended), expected["elapsed_h_start_to_end"])


def test_all_permits_come_out_as_others_counted_them(permits):
    assert_permits(permits, permits.facts, read_expected("permit*_expected.json")["overall"])


@pytest.mark.parametrize("name", ["department", "group"])
def test_permits_by_part_come_out_as_others_counted_them(permits, name):
    expected = read_expected("permit*_expected.json")[f"by_{name}"]
    parts = permits.by(permits.attribute(name))

    assert parts.keys() == expected.keys()
    for part, facts in parts.items():
        assert_permits(permits, facts, expected[part])


def test_permits_by_channel_come_out_as_others_counted_them(permits):
    channels = permits.by(permits.attribute("channel"))

    assert {name: len(facts) for name, facts in channels.items()} == read_expected("permit*_expected.json")[
        "by_channel"
    ]


def test_the_stored_figures_are_those_of_the_log(permits):
    assert_stored_figures_are_those_of_the_log(permits, cases=1434)


def test_desk_and_figures_agree_who_has_each_request_and_where_it_stands(permits):
    assert_desk_and_figures_agree(permits)
