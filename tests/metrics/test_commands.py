from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from metrics.facts.models import RequestFact
from metrics.management.commands import verify_figures
from metrics.rollups.models import Rollup, StaleCell
from metrics.rollups.services import refresh_figures
from requests_app.events.models import Delivery, Event
from tests.metrics.story import event, filed


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr(verify_figures, "PAUSE", 0.0)


def said(*command: str, **options) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_recompute_builds_everything_from_the_log_and_verify_finds_no_difference(office, log):
    log(1, [filed("09:00", calendar=office.pk), event("10:00", "request.accepted")])

    first = said("recompute")
    assert first.startswith("1 requests folded, 1 of them changed")
    assert said("recompute", verbosity=2).startswith("1 requests\n1 requests folded, 0 of them changed")
    assert said("verify_figures") == f"1 requests and {Rollup.objects.count()} cells compared: 0 differences.\n"


def test_verify_names_what_differs_and_fails(office, log):
    log(1, [filed("09:00", calendar=office.pk)])
    said("recompute")
    RequestFact.objects.update(priority=1)
    Rollup.objects.filter(grain="customer", span="day", figure="created").update(n=5)

    out = StringIO()
    with pytest.raises(CommandError, match="recompute"):
        call_command("verify_figures", stdout=out)

    assert "request 1: the stored facts are not what its events say" in out.getvalue()
    assert "cell customer 0 10 0 0 day 2026-04-08 created" in out.getvalue()
    assert out.getvalue().endswith(" differences.\n")


def test_verify_says_when_something_is_still_on_its_way(office, log):
    log(1, [filed("09:00", calendar=office.pk)])
    refresh_figures(request_ids=[1])
    Delivery.objects.create(event=Event.objects.get(subject_kind="request"), subscriber="facts")

    with pytest.raises(CommandError):
        said("verify_figures", patience=0.3)
    StaleCell.objects.all().delete()
    Delivery.objects.all().delete()
    said("recompute")
    assert "on its way" not in said("verify_figures", patience=0.3)


def test_verify_forgets_a_difference_that_goes_away_by_itself(office, log, monkeypatch):
    rounds = iter([[1, 2], [2], []])
    monkeypatch.setattr("metrics.rollups.rebuilding.wrong_facts", lambda: next(rounds))

    assert said("verify_figures").endswith("0 differences.\n")
