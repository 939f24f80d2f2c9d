"""Histories of real organisations, imported by a mapping alone, beside figures that others computed from them.

The data are no part of the project; without them the tests are skipped. A history is imported once and rolled back
after its module, so each has a module and, on several cores, a worker of its own.
"""

import json
from collections import defaultdict
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
at_hand = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not at hand")


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


def assert_stored_figures_are_those_of_the_log(history: History, cases: int) -> None:
    assert f"{cases} requests and" in history.said
    assert "compared: 0 differences." in history.said


def assert_desk_and_figures_agree(history: History) -> None:
    """Who has each request, and where it stands."""
    rows = ServiceRequest.objects.filter(pk__in=history.filed)
    open_as = {"new": "open", "accepted": "open", "in_progress": "open", "on_hold": "open"}

    assert {fact.request_id: fact.supplier_id for fact in history.facts} == dict(rows.values_list("pk", "supplier_id"))
    assert {fact.request_id: fact.outcome for fact in history.facts} == {
        pk: open_as.get(status, status) for pk, status in rows.values_list("pk", "status")
    }
