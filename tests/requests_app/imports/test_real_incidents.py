"""7,554 incidents of a manufacturer: 65,533 rows, handed between hundreds of teams."""

from collections import Counter, defaultdict
from typing import Any

import pytest

from metrics.facts.models import OfferFact, RequestFact
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

pytestmark = [at_hand, pytest.mark.long]  # the permits are imported at every run
incidents = imported_once("*incidents_events.csv.gz", "incidents")


def assert_incidents(history: History, facts: list[RequestFact], expected: dict[str, Any]) -> None:
    found = {
        "incidents": len(facts),
        "events": history.rows(facts),
        "resolved": sum(fact.deliveries > 0 for fact in facts),
        "reopened": sum(fact.reopened > 0 for fact in facts),
        "hops": sum(fact.hops for fact in facts),
        "single_team": sum(fact.hops == 0 for fact in facts),
        "pingpong_incidents_aba": sum(fact.aba > 0 for fact in facts),
        "pingpong_aba_total": sum(fact.aba for fact in facts),
        "return_incidents": sum(fact.returns > 0 for fact in facts),
        "returns_total": sum(fact.returns for fact in facts),
        "wait_user_incidents": sum(fact.customer_holds > 0 for fact in facts),
        "wait_user_events": sum(fact.customer_holds for fact in facts),
    }
    assert found == {name: expected[name] for name in found}
    hours = sum(fact.waiting_for_customer_cs or 0 for fact in facts) / 3600
    assert hours == pytest.approx(expected["wait_user_hours"], abs=0.01)
    minutes = lambda name: spread(value / 60 for fact in facts if (value := getattr(fact, name)) is not None)  # noqa: E731
    assert_spread(minutes("resolution_cs"), expected["time_to_first_completion_min"])
    assert_spread(minutes("acceptance_cs"), expected["first_accept_min"])


@pytest.fixture(scope="module")
def counted() -> dict[str, Any]:
    return read_expected("*incidents_expected.json")


def test_all_incidents_come_out_as_others_counted_them(incidents, counted):
    assert_incidents(incidents, incidents.facts, counted["overall"])


def test_incidents_by_line_come_out_as_others_counted_them(incidents, counted):
    lines = incidents.by(lambda fact: incidents.last(fact).parent.name)

    assert lines.keys() == counted["by_org_line"].keys()
    for name, expected in counted["by_org_line"].items():
        assert_incidents(incidents, lines[name], expected)


def test_incidents_by_last_team_come_out_as_others_counted_them(incidents, counted):
    teams = incidents.by(lambda fact: incidents.last(fact).name)

    for name, expected in counted["by_last_team_top40"].items():
        assert_incidents(incidents, teams[name], expected)


def test_incidents_by_impact_come_out_as_others_counted_them(incidents, counted):
    for name, facts in incidents.by(incidents.attribute("impact")).items():
        assert_incidents(incidents, facts, counted["by_impact"][name])


def assert_offers(offers: list[OfferFact], expected: dict[str, Any]) -> None:
    outcomes = Counter(offer.outcome for offer in offers)
    assert len(offers) == expected["queued"]
    assert (outcomes["accepted"], outcomes["bounced"], outcomes["lapsed"], outcomes["open"]) == (
        expected["accepted_same_team"], expected["bounced_other_team"], expected["closed_or_other"], expected["open_end"],
    )  # fmt: skip
    minutes = spread(offer.latency_cs / 60 for offer in offers if offer.outcome == "accepted")
    assert_spread(minutes, expected["accept_latency_min"])


def test_handoffs_come_out_as_others_counted_them(incidents, counted):
    assert_offers(incidents.offers, counted["handoffs_overall"])


def test_handoffs_by_team_come_out_as_others_counted_them(incidents, counted):
    teams = defaultdict(list)
    for offer in incidents.offers:
        teams[incidents.units[offer.receiver_id].name].append(offer)

    for name, expected in counted["handoffs_by_team_top60"].items():
        assert_offers(teams[name], expected)


def test_the_stored_figures_are_those_of_the_log(incidents):
    assert_stored_figures_are_those_of_the_log(incidents, cases=7554)


def test_desk_and_figures_agree_who_has_each_request_and_where_it_stands(incidents):
    assert_desk_and_figures_agree(incidents)
