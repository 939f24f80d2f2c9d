"""Whose clock it is after a handoff: each department's own runs and ends by itself, the customer's is the first one's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.services import refresh_figures
from requests_app.agreements.models import Target
from requests_app.agreements.services import set_targets
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.services.assignment import reprioritise_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
HOUR = 3600
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SAYS = {"agreed": "one thing", "received": "another", "remedy": "the one"}


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def promise(supplier, targets, **more) -> None:
    set_targets(by=None, supplier=supplier, targets=targets, valid_from=at(-24), **more)


def move(by, row, action, hours, **words):
    return move_request(by=by, service_request=row, action=action, words=Words(**words), at=at(hours))


def clock(row, measure="resolution", **more) -> Clock:
    return Clock.objects.get(service_request=row, measure=measure, **more)


def pass_on(row, sender, receiver, answers, hours) -> ServiceRequest:
    offer = offer_handoff(by=sender, service_request=row, to=receiver, reason="Yours", at=at(hours))
    return accept_handoff(by=answers, handoff=offer, at=at(hours))


@pytest.fixture
def promised(company):
    """IT promises 48 h, and 24 h when it is urgent; Facilities 8 h and 4 h."""
    promise(company.it, {"resolution": {3: 48 * HOUR, 2: 24 * HOUR}, "next_reply": {3: 2 * HOUR}})
    promise(company.facilities, {"resolution": {3: 8 * HOUR, 2: 4 * HOUR}, "next_reply": {3: 5 * HOUR}})
    return company


@pytest.fixture
def accepted(promised) -> ServiceRequest:
    row = file_laptop(promised, at=START, urgency=1, impact=3)  # priority 3
    return move(promised.assigned, row, "accept", 1)


@pytest.fixture
def passed_on(promised, accepted) -> ServiceRequest:
    return pass_on(accepted, promised.assigned, promised.facilities, promised.other_agent, 10)


def test_after_a_handoff_the_customers_promise_is_still_that_of_the_first_supplier(promised, passed_on):
    reprioritise_request(
        by=promised.other_head, service_request=passed_on, urgency=1, impact=2, reason="It spreads", at=at(11)
    )
    customers, own = clock(passed_on, holder=None), clock(passed_on, holder=promised.facilities)
    assert (customers.seconds, customers.started_at, customers.due_at) == (24 * HOUR, START, at(24))
    assert (own.seconds, own.started_at, own.due_at) == (4 * HOUR, at(10), at(14))
    refresh_figures(request_ids={passed_on.pk})
    assert RequestFact.objects.get(pk=passed_on.pk).resolution_due_at == at(24)


def test_after_a_handoff_the_next_reply_is_due_as_the_first_supplier_promised(promised, passed_on):
    post_message(by=promised.requester, service_request=passed_on, body="And now?", at=at(12))
    reply = clock(passed_on, "next_reply")
    assert (reply.seconds, reply.due_at, reply.holder) == (2 * HOUR, at(14), None)


def test_a_clock_that_a_handoff_ended_is_not_set_going_again_by_a_rejection(promised, passed_on):
    row = pass_on(passed_on, promised.other_agent, promised.it, promised.assigned, 12)
    move(promised.assigned, row, "deliver", 14)
    move(promised.requester, row, "reject", 20, **SAYS)
    former, own, customers = (clock(row, holder=one) for one in (promised.facilities, promised.it, None))
    assert (former.stopped_at, former.pauses, former.due_at) == (at(12), [], None)
    assert (own.stopped_at, own.due_at) == (None, at(12 + 48 + 6))
    assert (customers.stopped_at, customers.due_at) == (None, at(48 + 6))


@pytest.mark.parametrize("rule", ["continue", "restart"])
def test_nor_by_a_reopening(company, rule):
    for department in (company.it, company.facilities):
        promise(department, {"resolution": {3: 8 * HOUR}}, reopening=rule)
    row = move(company.assigned, file_laptop(company, at=START, urgency=1, impact=3), "accept", 1)
    row = pass_on(row, company.assigned, company.facilities, company.other_agent, 2)
    row = pass_on(row, company.other_agent, company.it, company.assigned, 4)
    move(company.assigned, row, "deliver", 5)
    move(company.requester, row, "confirm", 6)
    ServiceRequest.objects.filter(pk=row.pk).update(closed_at=timezone.now())  # by that it can be reopened still
    move(company.requester, row, "reopen", 30, reason="Again")
    former = clock(row, holder=company.facilities)
    assert (former.started_at, former.stopped_at) == (at(2), at(4))


def test_a_clock_that_a_handoff_ended_is_not_paused_any_more(promised, passed_on):
    row = pass_on(passed_on, promised.other_agent, promised.it, promised.assigned, 12)
    move(promised.assigned, row, "hold", 13, hold_reason="customer")
    assert clock(row, holder=promised.facilities).pauses == []
    assert [pause["from"] for pause in clock(row, holder=promised.it).pauses] == [at(13).isoformat()]


def test_an_offer_alone_changes_no_clock_and_a_hold_ends_with_the_acceptance(promised, accepted):
    move(promised.assigned, accepted, "hold", 2, hold_reason="customer")
    offer_at = offer_handoff(
        by=promised.assigned, service_request=accepted, to=promised.facilities, reason="Yours", at=at(3)
    )
    assert (Clock.objects.filter(holder__isnull=False).count(), clock(accepted).due_at) == (0, None)
    accept_handoff(by=promised.other_agent, handoff=offer_at, at=at(7))
    assert clock(accepted, holder=None).due_at == at(48 + 5)
    assert clock(accepted, holder=promised.facilities).due_at == at(7 + 8)


def test_each_clock_is_missed_by_itself_and_stays_missed(promised, passed_on):
    sweep_clocks(at(20))
    move(promised.other_agent, passed_on, "hold", 21, hold_reason="customer")
    own, customers = clock(passed_on, holder=promised.facilities), clock(passed_on, holder=None)
    assert (own.breached_at, customers.breached_at) == (at(18), None)
    sweep_clocks(at(300))
    assert Event.objects.filter(kind="clock.breached", data__measure="resolution").count() == 1


def test_without_a_promise_between_the_two_there_is_no_inner_clock(company):
    Target.objects.filter(measure="resolution").delete()
    promise(company.it, {"resolution": {3: 48 * HOUR}})
    row = move(company.assigned, file_laptop(company, at=START, urgency=1, impact=3), "accept", 1)
    row = pass_on(row, company.assigned, company.facilities, company.other_agent, 2)
    assert [one.holder for one in Clock.objects.filter(service_request=row, measure="resolution")] == [None]


def test_a_change_of_priority_measures_from_the_original_start_with_the_past_pauses(promised, accepted):
    move(promised.assigned, accepted, "hold", 2, hold_reason="customer")
    move(promised.assigned, accepted, "resume", 7)
    reprioritise_request(
        by=promised.supplier_head, service_request=accepted, urgency=1, impact=2, reason="It spreads", at=at(9)
    )
    found = clock(accepted)
    assert (found.started_at, found.seconds, found.due_at) == (START, 24 * HOUR, at(24 + 5))


def test_a_change_of_priority_keeps_the_hours_that_were_promised(company):
    office = create_calendar(by=company.admin, name="Office", zone="UTC", weekly=[[["08:00", "16:00"]]] * 5 + [[], []])
    promise(company.it, {"resolution": {3: 16 * HOUR, 2: 8 * HOUR}}, calendar=office)
    row = file_laptop(company, at=START, urgency=1, impact=3)
    revise_calendar(by=company.admin, calendar=office, weekly=[[["10:00", "12:00"]]] * 5 + [[], []])
    reprioritise_request(
        by=company.supplier_head, service_request=row, urgency=1, impact=2, reason="It spreads", at=at(1)
    )
    found = clock(row)
    assert (found.calendar_version_id, found.due_at) == (office.current_id, at(8))
    targets = Event.objects.get(kind="request.reprioritised").data["targets"]
    assert {targets[measure]["calendar"] for measure in ("resolution",)} == {office.current_id}


@pytest.mark.parametrize("measure", ["response", "resolution"])
def test_each_target_of_a_new_priority_is_told_with_the_calendar_of_its_own_clock(company, measure):
    office = create_calendar(by=company.admin, name="Office", zone="UTC", weekly=[[["08:00", "16:00"]]] * 5 + [[], []])
    promise(company.it, {measure: {2: HOUR, 3: HOUR}}, calendar=office)
    row = file_laptop(company, at=START, urgency=1, impact=3)
    reprioritise_request(
        by=company.supplier_head, service_request=row, urgency=1, impact=2, reason="It spreads", at=at(0.5)
    )
    targets = Event.objects.get(kind="request.reprioritised").data["targets"]
    told = {name: targets[name]["calendar"] for name in ("response", "resolution")}
    usual = {"response": company.calendar.current_id, "resolution": company.calendar.current_id}
    assert told == usual | {measure: office.current_id}
    refresh_figures(request_ids={row.pk})
    assert RequestFact.objects.get(pk=row.pk).resolution_due_at == clock(row).due_at
