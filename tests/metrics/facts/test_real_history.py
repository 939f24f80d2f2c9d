"""The incidents of another company, counted independently: see the description beside the data."""

import json
from collections import Counter, defaultdict

import pytest

from metrics.facts.fold import fold
from metrics.rollups.statistics import percentile
from tests.metrics.facts import volvo

pytestmark = pytest.mark.skipif(not volvo.EVENTS.exists(), reason="the data are not at hand")


@pytest.fixture(scope="module")
def folded():
    return [(steps, fold(events, lambda _version: None)) for _name, steps, events in volvo.incidents()]


@pytest.fixture(scope="module")
def expected():
    return json.loads(volvo.EXPECTED.read_text())


def counted(facts):
    held = sum(life.waiting_for_customer_cs or 0 for life in facts)
    return {
        "incidents": len(facts),
        "resolved": sum(life.deliveries > 0 for life in facts),
        "reopened": sum(life.reopened > 0 for life in facts),
        "hops": sum(life.hops for life in facts),
        "single_team": sum(life.hops == 0 for life in facts),
        "pingpong_incidents_aba": sum(life.aba > 0 for life in facts),
        "pingpong_aba_total": sum(life.aba for life in facts),
        "return_incidents": sum(life.returns > 0 for life in facts),
        "returns_total": sum(life.returns for life in facts),
        "wait_user_incidents": sum(life.customer_holds > 0 for life in facts),
        "wait_user_events": sum(life.customer_holds for life in facts),
        "wait_user_hours": pytest.approx(held / 3600, abs=0.001),
    }


def assert_times(seconds, expected):
    minutes = [value / 60 for value in seconds if value is not None]
    assert len(minutes) == expected["n"]
    for key, share in (("p50", 0.5), ("p90", 0.9), ("p95", 0.95)):
        assert percentile(minutes, share) == pytest.approx(expected[key], abs=0.0001)


def assert_like(facts, expected):
    found = counted(facts)
    assert found == {key: expected[key] for key in found}
    assert_times([life.resolution_cs for life in facts], expected["time_to_first_completion_min"])
    assert_times([life.acceptance_cs for life in facts], expected["first_accept_min"])


def test_all_incidents_come_out_as_counted_independently(folded, expected):
    assert_like([result.facts for _steps, result in folded], expected["overall"])


@pytest.mark.parametrize(
    ("group", "key"), [("by_org_line", "organisation_line"), ("by_last_team_top40", "team"), ("by_impact", "impact")]
)
def test_each_group_comes_out_as_counted_independently(folded, expected, group, key):
    groups = defaultdict(list)
    for steps, result in folded:
        assert result.facts.supplier_id == steps[-1][1]
        groups[steps[-1][2][key]].append(result.facts)
    for name, wanted in expected[group].items():
        assert_like(groups[name], wanted)


def test_offers_are_answered_as_counted_independently(folded, expected):
    by_team = defaultdict(list)
    names = {team: row["team"] for steps, _result in folded for _at, team, row in steps}
    for _steps, result in folded:
        for offer in result.offers:
            by_team[names[offer.to_id]].append(offer)
    everything = {"": [offer for offers in by_team.values() for offer in offers]} | by_team
    for name, wanted in ({"": expected["handoffs_overall"]} | expected["handoffs_by_team_top60"]).items():
        outcomes = Counter(offer.outcome for offer in everything[name])
        assert outcomes["accepted"] == wanted["accepted_same_team"]
        assert outcomes["bounced"] == wanted["bounced_other_team"]
        assert outcomes["lapsed"] == wanted["closed_or_other"]
        latencies = [offer.latency_cs for offer in everything[name] if offer.outcome == "accepted"]
        assert_times(latencies, wanted["accept_latency_min"])
