"""Clocks beyond the first answer and the delivery: taking on, next replies, days, holders, and a reopening by rule."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.services import refresh_figures
from requests_app.agreements.services import set_targets
from requests_app.agreements.states import Days
from requests_app.calendars.services import create_calendar
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.selectors.clocks import clocks_of, face_of
from requests_app.desk.services.assignment import assign_request, reprioritise_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
HOUR, MINUTE = 3600, 60
START = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday; the cast's calendar is open round the clock


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def promise(company, targets, **more) -> None:
    set_targets(by=None, supplier=company.it, targets=targets, valid_from=at(-24), **more)


def filed(company) -> ServiceRequest:
    return file_laptop(company, at=START, urgency=1, impact=3)  # priority 3


def move(by, row, action, hours, **words):
    return move_request(by=by, service_request=row, action=action, words=Words(**words), at=at(hours))


def clock(row, measure, **more) -> Clock:
    return Clock.objects.get(service_request=row, measure=measure, **more)


def say(person, row, hours, **more) -> None:
    post_message(by=person, service_request=row, body="A word", at=at(hours), **more)


# ── Taking on ──


def test_accepting_stops_the_clock_of_taking_on(company):
    promise(company, {"acceptance": {3: HOUR}})
    row = filed(company)
    move(company.assigned, row, "accept", 0.5)
    assert (clock(row, "acceptance").stopped_at, clock(row, "acceptance").breached_at) == (at(0.5), None)


def test_work_given_to_a_named_person_is_taken_on_and_an_answer_alone_is_not(company):
    promise(company, {"acceptance": {3: HOUR}})
    row = filed(company)
    say(company.assigned, row, 0.5)
    assert clock(row, "acceptance").stopped_at is None
    assign_request(by=company.supplier_head, service_request=row, assignee=company.assigned, at=at(2))
    found = clock(row, "acceptance")
    assert (found.stopped_at, found.breached_at) == (at(2), at(1))
    assert list(Event.objects.filter(kind="clock.breached").values_list("data__measure", flat=True)) == ["acceptance"]


# ── Next replies ──


def test_each_question_of_the_customer_after_the_first_answer_is_a_clock_of_its_own(company):
    promise(company, {"response": {3: HOUR}, "next_reply": {3: 2 * HOUR}})
    row = filed(company)
    say(company.requester, row, 0.2)  # before the first answer: the response clock runs, nothing else
    say(company.assigned, row, 0.5)
    assert not Clock.objects.filter(measure="next_reply").exists()

    say(company.requester, row, 1)
    say(company.requester, row, 1.5)  # asking again does not begin anew
    assert clock(row, "next_reply").started_at == at(1)
    say(company.assigned, row, 2, internal=True)  # a note is no answer
    assert clock(row, "next_reply").stopped_at is None
    say(company.assigned, row, 2.5)
    say(company.requester, row, 10)
    say(company.assigned, row, 13)

    rounds = Clock.objects.filter(measure="next_reply").order_by("round")
    assert [(one.round, one.started_at, one.stopped_at, one.breached_at) for one in rounds] == [
        (1, at(1), at(2.5), None), (2, at(10), at(13), at(12)),
    ]  # fmt: skip


def test_where_no_next_reply_is_promised_there_is_no_clock_of_it(company):
    promise(company, {"response": {3: HOUR}})
    row = filed(company)
    say(company.assigned, row, 0.5)
    say(company.requester, row, 1)
    assert set(row.clocks.values_list("measure", flat=True)) == {"response", "resolution"}


# ── Holders ──


@pytest.fixture
def passed_on(company) -> ServiceRequest:
    """IT promised Sales two days; Facilities promises everybody 8 h. It was handed over after 10 h."""
    promise(company, {"resolution": {3: 48 * HOUR}})
    set_targets(
        by=None, supplier=company.facilities, targets={"resolution": {3: 8 * HOUR, 2: 4 * HOUR}}, valid_from=at(-24)
    )
    row = filed(company)
    move(company.assigned, row, "accept", 1)
    offer = offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="Door", at=at(9))
    return accept_handoff(by=company.other_agent, handoff=offer, at=at(10))


def test_whoever_takes_over_has_a_clock_of_its_own_and_the_customers_runs_on(company, passed_on):
    own, customers = (
        clock(passed_on, "resolution", holder=company.facilities),
        clock(passed_on, "resolution", holder=None),
    )
    assert (own.started_at, own.seconds, own.due_at) == (at(10), 8 * HOUR, at(18))
    assert (customers.started_at, customers.due_at, customers.stopped_at) == (START, at(48), None)
    assert passed_on.due_at == at(18)


def test_a_department_that_passes_on_again_stops_its_own_clock(company, passed_on):
    offer = offer_handoff(by=company.other_agent, service_request=passed_on, to=company.it, reason="Ours no", at=at(12))
    accept_handoff(by=company.assigned, handoff=offer, at=at(20))
    former = clock(passed_on, "resolution", holder=company.facilities)
    assert (former.stopped_at, former.breached_at) == (at(20), at(18))
    back = clock(passed_on, "resolution", holder=company.it)
    assert (back.started_at, back.seconds) == (at(20), 48 * HOUR)
    breach = Event.objects.get(kind="clock.breached")
    assert (breach.at, breach.data["holder"]) == (at(18), company.facilities.pk)


def test_a_second_time_with_the_same_department_is_a_second_clock(company, passed_on):
    for sender, receiver, hours in ((company.other_agent, company.it, 12), (company.assigned, company.facilities, 14)):
        offer = offer_handoff(by=sender, service_request=passed_on, to=receiver, reason="x", at=at(hours))
        answers = company.assigned if receiver == company.it else company.other_agent
        accept_handoff(by=answers, handoff=offer, at=at(hours + 1))
    rounds = Clock.objects.filter(service_request=passed_on, holder=company.facilities).order_by("round")
    assert [(one.round, one.started_at) for one in rounds] == [(1, at(10)), (2, at(15))]


def test_a_holders_breach_is_not_the_customers(company, passed_on):
    sweep_clocks(at(30))
    assert clock(passed_on, "resolution", holder=company.facilities).breached_at == at(18)
    refresh_figures(request_ids={passed_on.pk})
    fact = RequestFact.objects.get(pk=passed_on.pk)
    assert (fact.resolution_kept, fact.resolution_due_at) == (None, at(48))


def test_waiting_pauses_each_clock_by_its_own_agreement(company, passed_on):
    move(company.other_agent, passed_on, "hold", 12, hold_reason="customer")
    say(company.requester, passed_on, 15)
    own, customers = (
        clock(passed_on, "resolution", holder=company.facilities),
        clock(passed_on, "resolution", holder=None),
    )
    assert (own.due_at, customers.due_at) == (at(21), at(51))


def test_a_change_of_priority_aims_the_holders_clock_anew_by_what_it_promised_the_sender(company, passed_on):
    reprioritise_request(
        by=company.other_head, service_request=passed_on, urgency=1, impact=2, reason="It spreads", at=at(11)
    )
    own = clock(passed_on, "resolution", holder=company.facilities)
    assert (own.seconds, own.started_at, own.due_at) == (4 * HOUR, at(10), at(14))


def test_delivering_stops_every_clock_and_a_rejection_lets_them_run_on(company, passed_on):
    move(company.other_agent, passed_on, "deliver", 12)
    assert not Clock.objects.filter(service_request=passed_on, stopped_at=None).exists()
    words = {"agreed": "a door", "received": "a window", "remedy": "a door"}
    move(company.requester, passed_on, "reject", 20, **words)
    own, customers = (
        clock(passed_on, "resolution", holder=company.facilities),
        clock(passed_on, "resolution", holder=None),
    )
    assert (own.due_at, customers.due_at) == (at(26), at(56))


def test_the_page_tells_the_holders_clock_from_the_customers(company, passed_on):
    clocks = clocks_of([passed_on.pk], explained=True)[passed_on.pk]
    faces = {key: face_of(one, passed_on, at(12), explained=True) for key, one in clocks.items()}
    assert faces[f"resolution@{company.facilities.pk}"].label == "Resolution, Facilities inside"
    assert (faces["resolution"].label, faces["resolution"].inside) == ("Resolution", False)


# ── Working days ──


def test_a_target_in_working_days_keeps_the_clock_time_and_moves_by_days_that_passed_while_paused(company):
    promise(company, {"resolution": {3: Days(3)}})
    row = filed(company)
    assert clock(row, "resolution").due_at == at(72)
    move(company.assigned, row, "accept", 1)
    move(company.assigned, row, "hold", 2, hold_reason="customer")
    assert clock(row, "resolution").due_at is None
    say(company.requester, row, 50)
    found = clock(row, "resolution")
    assert (found.due_at, found.seconds, found.days) == (at(72 + 48), None, 3)


def test_a_pause_within_a_day_moves_no_day(company):
    promise(company, {"resolution": {3: Days(3)}})
    row = filed(company)
    move(company.assigned, row, "accept", 1)
    move(company.assigned, row, "hold", 2, hold_reason="customer")
    say(company.requester, row, 10)
    assert clock(row, "resolution").due_at == at(72)


def test_days_explain_themselves_in_parts_that_add_up(company):
    promise(company, {"resolution": {3: Days(3)}})
    row = filed(company)
    move(company.assigned, row, "accept", 1)
    move(company.assigned, row, "hold", 30, hold_reason="customer")
    say(company.requester, row, 80)
    row.refresh_from_db()
    face = face_of(clock(row, "resolution"), row, at(100), explained=True)
    counted = [part.worked for part in face.intervals if part.counted]
    assert (face.in_days, face.elapsed, sum(counted), face.paused) == (True, 2, 2, 2)
    assert (face.used_of, face.paused_for) == ((Days(2), Days(3)), Days(2))
    assert face.left == (at(120) - at(100)).total_seconds()
    assert [part.amount for part in face.intervals] == [Days(1), Days(2), Days(1)]


@pytest.mark.parametrize(("hours", "state"), [(47, "running"), (48, "warned"), (72, "warned"), (73, "overdue")])
def test_days_are_over_when_the_last_one_is_complete(company, hours, state):
    promise(company, {"resolution": {3: Days(3)}})
    row = filed(company)
    assert face_of(clock(row, "resolution"), row, at(hours)).state == state


def test_days_are_warned_of_and_missed_by_the_sweeper_and_in_the_figures(company):
    promise(company, {"resolution": {3: Days(4)}})
    row = filed(company)
    sweep_clocks(at(97))
    found = Event.objects.filter(kind__startswith="clock.", data__measure="resolution").order_by("at")
    assert [(event.kind, event.at, event.data["days"]) for event in found] == [
        ("clock.warned", at(72), 4), ("clock.breached", at(96), 4),
    ]  # fmt: skip
    refresh_figures(request_ids={row.pk})
    fact = RequestFact.objects.get(pk=row.pk)
    assert (fact.resolution_kept, fact.resolution_breached_at, fact.resolution_target) == (False, at(96), None)


# ── Reopening, and a calendar of the agreement's own ──


@pytest.mark.parametrize(("rule", "due"), [("continue", at(25.5 + 22)), ("restart", at(25.5 + 24))])
def test_a_reopening_continues_or_begins_anew_as_agreed(company, rule, due):
    promise(company, {"resolution": {3: 24 * HOUR}}, reopening=rule)
    row = filed(company)
    move(company.assigned, row, "accept", 1)
    move(company.assigned, row, "deliver", 2)
    move(company.requester, row, "confirm", 3)
    ServiceRequest.objects.filter(pk=row.pk).update(closed_at=timezone.now())  # by that it can be reopened still
    move(company.requester, row, "reopen", 25.5, reason="It broke again")

    found = clock(row, "resolution")
    assert (found.due_at, found.stopped_at) == (due, None)
    event = Event.objects.get(kind="request.reopened")
    assert event.data.get("clock") == (None if rule == "continue" else "restart")
    refresh_figures(request_ids={row.pk})
    assert RequestFact.objects.get(pk=row.pk).resolution_due_at == due


def test_an_agreement_may_name_a_calendar_of_its_own(company):
    office = create_calendar(by=company.admin, name="Office", zone="UTC", weekly=[[["09:00", "17:00"]]] * 5 + [[], []])
    promise(company, {"resolution": {3: 10 * HOUR}}, calendar=office)
    row = filed(company)
    found = clock(row, "resolution")
    assert (found.calendar_version_id, found.due_at) == (office.current_id, at(27))
    filed_event = Event.objects.get(kind="request.filed", subject_id=row.pk)
    assert filed_event.data["targets"]["resolution"]["calendar"] == office.current_id
