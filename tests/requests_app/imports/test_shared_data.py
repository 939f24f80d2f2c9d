"""Two histories of real organisations, imported by a mapping alone, against figures that others computed from them.

The data are no part of the project; without them these tests are skipped.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from metrics.facts.models import OfferFact, RequestFact
from metrics.rollups.statistics import percentile
from requests_app.desk.models import ServiceRequest
from requests_app.events.models import Event
from requests_app.org.models import Department

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
MAPPINGS = Path(__file__).parent / "mappings_for_shared_data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not at hand")


class History:
    """What came out of one import: facts with what the log says of each case."""

    def __init__(self, said: str) -> None:
        self.said = said
        filed = Event.objects.filter(subject_kind="request", kind="request.filed")
        self.filed = dict(filed.values_list("subject_id", "data"))
        self.facts = list(RequestFact.objects.filter(request_id__in=self.filed))
        self.offers = list(OfferFact.objects.all())
        self.units = {unit.pk: unit for unit in Department.objects.select_related("parent")}

    def by(self, key: Callable[[RequestFact], str]) -> dict[str, list[RequestFact]]:
        found = defaultdict(list)
        for fact in self.facts:
            found[key(fact)].append(fact)
        return found

    def attribute(self, name: str) -> Callable[[RequestFact], str]:
        return lambda fact: self.filed[fact.request_id]["attributes"].get(name, "")

    def rows(self, facts: Iterable[RequestFact]) -> int:
        return sum(self.filed[fact.request_id]["rows"] for fact in facts)

    def last(self, fact: RequestFact) -> Department:
        """The department where the last row of the case stands."""
        return self.units[fact.route[-1]]


def imported(pattern: str, name: str, folder: Path) -> str:
    """Everything the command says; rolled back by the caller."""
    report, said = folder / "report.csv", StringIO()
    source, mapping = next(DATA.glob(pattern)), MAPPINGS / f"{name}.toml"
    words = ("--mapping", str(mapping), "--report", str(report))
    call_command("import_history", str(source), *words, stdout=said, stderr=StringIO())
    call_command("verify_figures", "--patience", "0", stdout=said)
    assert report.read_text().splitlines() == ["line,case,reason"]
    return said.getvalue()


def imported_once(pattern: str, name: str):
    @pytest.fixture(scope="module")
    def fixture(django_db_setup, django_db_blocker, tmp_path_factory):
        with django_db_blocker.unblock(), transaction.atomic():
            yield History(imported(pattern, name, tmp_path_factory.mktemp(name)))
            transaction.set_rollback(True)

    return fixture


incidents = imported_once("*incidents_events.csv.gz", "incidents")
permits = imported_once("permit*_events.csv.gz", "permits")


def read_expected(pattern: str) -> dict[str, Any]:
    return json.loads(next(DATA.glob(pattern)).read_text())


def spread(values: Iterable[float]) -> dict[str, Any]:
    known = list(values)
    return {"n": len(known)} | ({"p50": percentile(known, 0.5), "p90": percentile(known, 0.9)} if known else {})


def assert_spread(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """The count exactly, the percentiles within 1 %."""
    assert found["n"] == expected["n"]
    for name in found.keys() - {"n"}:
        assert found[name] == pytest.approx(expected[name], rel=0.01, abs=0.02)


# ── Incidents ────────────────────────────────────────────────────────────────


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


# ── Permits ──────────────────────────────────────────────────────────────────


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


# ── Both ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "cases"), [("incidents", 7554), ("permits", 1434)])
def test_the_stored_figures_are_those_of_the_log(request, name, cases):
    assert f"{cases} requests and" in (said := request.getfixturevalue(name).said)
    assert "compared: 0 differences." in said


@pytest.mark.parametrize("name", ["incidents", "permits"])
def test_desk_and_figures_agree_who_has_each_request_and_where_it_stands(request, name):
    history = request.getfixturevalue(name)
    rows = dict(ServiceRequest.objects.filter(pk__in=history.filed).values_list("pk", "supplier_id"))
    states = dict(ServiceRequest.objects.filter(pk__in=history.filed).values_list("pk", "status"))
    open_as = {"new": "open", "accepted": "open", "in_progress": "open", "on_hold": "open"}

    assert {fact.request_id: fact.supplier_id for fact in history.facts} == rows
    assert {fact.request_id: fact.outcome for fact in history.facts} == {
        pk: open_as.get(status, status) for pk, status in states.items()
    }
