"""What a reopening does to the clock, as two departments agreed: it runs on, or it begins anew."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.services import refresh_figures
from requests_app.agreements.services import set_targets
from requests_app.agreements.states import Escalation
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
HOUR = 3600
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def move(by, row, action, hours, **words):
    return move_request(by=by, service_request=row, action=action, words=Words(**words), at=at(hours))


def reopened(company, rule: str, *, delivered: float = 8) -> Clock:
    """Filed at 0 with a target of 10 h, delivered, confirmed an hour later, reopened at 50."""
    set_targets(
        by=None, supplier=company.it, targets={"resolution": {3: 10 * HOUR}}, valid_from=at(-24), reopening=rule,
        escalations=(Escalation(50, "resolution", "notify"),),
    )  # fmt: skip
    row = file_laptop(company, at=START, urgency=1, impact=3)
    move(company.assigned, row, "accept", 1)
    sweep_clocks(at(delivered))
    move(company.assigned, row, "deliver", delivered)
    move(company.requester, row, "confirm", delivered + 1)
    ServiceRequest.objects.filter(pk=row.pk).update(closed_at=timezone.now())  # by that it can be reopened still
    move(company.requester, row, "reopen", 50, reason="Again")
    return Clock.objects.get(measure="resolution")


def told(kind: str) -> list[datetime]:
    rows = Event.objects.filter(kind=kind, data__measure="resolution").order_by("at")
    return list(rows.values_list("at", flat=True))


def test_a_clock_that_runs_on_was_warned_and_escalated_before_and_is_not_again(company):
    clock = reopened(company, "continue")
    sweep_clocks(at(60))
    assert (clock.started_at, clock.due_at) == (START, at(52))
    assert (told("clock.escalated"), told("clock.warned"), told("clock.breached")) == ([at(5)], [at(7.5)], [at(52)])


def test_a_clock_that_begins_anew_warns_and_escalates_anew(company):
    clock = reopened(company, "restart")
    sweep_clocks(at(70))
    assert (clock.started_at, clock.due_at, clock.pauses) == (at(50), at(60), [])
    assert told("clock.escalated") == [at(5), at(55)]
    assert (told("clock.warned"), told("clock.breached")) == ([at(7.5), at(57.5)], [at(60)])


@pytest.mark.parametrize("rule", ["continue", "restart"])
def test_what_was_missed_before_stays_missed(company, rule):
    clock = reopened(company, rule, delivered=12)
    move(company.assigned, clock.service_request, "deliver", 51)
    sweep_clocks(at(200))
    clock.refresh_from_db()
    assert (clock.breached_at, told("clock.breached")) == (at(10), [at(10)])
    refresh_figures(request_ids={clock.service_request_id})
    fact = RequestFact.objects.get(pk=clock.service_request_id)
    assert (fact.resolution_kept, fact.resolution_breached_at) == (False, at(10))
