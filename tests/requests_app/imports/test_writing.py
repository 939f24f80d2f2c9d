"""Whole chunks into the database, each row as the desk itself could have left it."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import IntegrityError

from requests_app.desk.models import Clock, Handoff, Hold, Message, ServiceRequest
from requests_app.events.models import Delivery, Event
from requests_app.imports.states import MOVES, Case, Step
from requests_app.imports.states import Hold as HoldWords
from requests_app.imports.writing import FIGURES, write_cases

pytestmark = pytest.mark.django_db

BEGAN = datetime(2024, 1, 8, 8, tzinfo=UTC)
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


@pytest.fixture
def case(company):
    def made(*steps: Step, **fields) -> Case:
        case = Case(
            customer=company.sales.pk, supplier=company.it.pk, service=company.laptop.pk, created_at=BEGAN,
            requester=company.requester.pk, calendar=company.calendar.current_id, **{"title": "A laptop"} | fields,
        )  # fmt: skip
        case.steps = list(steps)
        return case

    return made


@pytest.fixture
def targets(company):
    calendar = company.calendar.current_id
    return {
        "response": {"seconds": 3600, "calendar": calendar, "agreement": None},
        "resolution": {"seconds": 4 * 3600, "calendar": calendar, "agreement": None},
    }


def write(company, *cases, now=NOW):
    return write_cases(cases, nobody=company.admin.pk, now=now)


def test_a_life_is_written_with_all_its_rows(company, case):
    agent = company.agent.pk
    steps = [
        Step("accept", at(1), actor=agent),
        Step("reply", at(1), actor=agent, words={"text": "Tab\there, line\nthere, back\\slash, \\N, 扫码枪"}),
        Step("hold", at(2), actor=agent, hold=HoldWords("customer", pauses=True)),
        Step("offer", at(3), company.facilities.pk, actor=agent, words={"reason": "yours"}),
    ]
    write(company, case(*steps, external_id="old:1"))

    row = ServiceRequest.objects.get()
    assert (row.status, row.hold_reason, row.supplier, row.assignee) == (
        "on_hold",
        "customer",
        company.it,
        company.agent,
    )
    assert row.external_id == "old:1"
    assert Message.objects.get().body == "Tab\there, line\nthere, back\\slash, \\N, 扫码枪"
    assert Hold.objects.get().began_at == at(2)
    handoff = Handoff.objects.get()
    assert (handoff.sender, handoff.receiver, handoff.offered_by) == (company.it, company.facilities, company.agent)
    kinds = ["request.filed", "request.accepted", "message.public", "request.held", "handoff.offered"]
    events = list(Event.objects.filter(subject_kind="request").order_by("at", "pk"))
    assert [event.kind for event in events] == kinds
    assert events[2].data["message"] == Message.objects.get().pk
    assert events[4].data["handoff"] == handoff.pk


def test_only_the_figures_hear_of_it_once_a_request(company, case):
    write(company, case(Step("accept", at(1))), case())

    waiting = Delivery.objects.filter(event__subject_kind="request").values_list("subscriber", "event__kind")
    assert sorted(waiting) == [(FIGURES, "request.accepted"), (FIGURES, "request.filed")]


def test_all_of_a_chunk_is_written_or_nothing(company, case):
    with pytest.raises(IntegrityError):
        write(company, case(), case(title=""))

    assert not ServiceRequest.objects.exists()
    assert not Event.objects.filter(subject_kind="request").exists()


def test_a_case_is_imported_once(company, case):
    write(company, case(external_id="old:1"))

    with pytest.raises(IntegrityError, match="one_request_per_imported_case"):
        write(company, case(external_id="old:1"))


def test_any_two_moves_after_an_offer_leave_rows_that_the_database_accepts(company, case):
    hold = HoldWords("customer", pauses=True)
    cases = [
        case(
            Step("offer", at(1), company.it.pk), Step("offer", at(2), company.facilities.pk),
            Step(first, at(3), company.it.pk, company.agent.pk, hold),
            Step(second, at(4), company.facilities.pk, company.agent.pk, hold),
        )
        for first, second in product(MOVES, MOVES)
    ]  # fmt: skip
    write(company, *cases)

    assert ServiceRequest.objects.filter(version=5).count() == len(MOVES) ** 2


def test_an_open_request_keeps_running_clocks_with_their_alarms(company, case, targets):
    write(company, case(Step("accept", at(0.5)), targets=targets), now=at(1))

    clocks = {clock.measure: clock for clock in Clock.objects.all()}
    assert (clocks["response"].stopped_at, clocks["response"].due_at) == (at(0.5), None)
    assert (clocks["resolution"].due_at, clocks["resolution"].warn_at) == (at(4), at(3))
    assert ServiceRequest.objects.get().due_at == at(4)


def test_what_was_missed_is_in_the_log_and_nobody_is_warned_of_it_today(company, case, targets):
    write(company, case(Step("accept", at(2)), targets=targets))

    clocks = {clock.measure: clock for clock in Clock.objects.all()}
    assert (clocks["response"].breached_at, clocks["resolution"].breached_at) == (at(1), at(4))
    assert (clocks["resolution"].warned_at, clocks["resolution"].warn_at) == (at(3), None)
    found = (
        Event.objects.filter(kind__startswith="clock.").order_by("at", "pk").values_list("kind", "at", "data__measure")
    )
    assert list(found) == [
        ("clock.breached", at(1), "response"), ("clock.warned", at(3), "resolution"), ("clock.breached", at(4), "resolution"),
    ]  # fmt: skip


def test_waiting_for_the_customer_pauses_the_clock_and_a_rejected_delivery_lets_it_run_on(company, case, targets):
    hold = HoldWords("customer", pauses=True)
    steps = [
        Step("accept", at(0)), Step("hold", at(1), hold=hold), Step("resume", at(11)),
        Step("deliver", at(12)), Step("reject", at(20)),
    ]  # fmt: skip
    write(company, case(*steps, targets=targets), now=at(21))

    clock = Clock.objects.get(measure="resolution")
    assert [pause["why"] for pause in clock.pauses] == ["customer", "delivered"]
    assert clock.due_at == at(22)


def test_other_targets_count_from_the_filing(company, case, targets):
    faster = {"resolution": targets["resolution"] | {"seconds": 2 * 3600}}
    words = {"priority": 1, "targets": faster}
    write(company, case(Step("accept", at(0)), Step("reprioritise", at(1), words=words), targets=targets), now=at(1))

    assert Clock.objects.get(measure="resolution").due_at == at(2)


def test_a_clock_in_a_closed_request_has_stopped(company, case, targets):
    write(company, case(Step("deliver", at(2)), Step("close", at(3)), targets=targets))

    assert set(Clock.objects.values_list("stopped_at", "due_at")) == {(at(2), None)}
    assert ServiceRequest.objects.get().due_at is None


def test_an_imported_deadline_stands_in_for_a_target_and_is_told_by_no_breach(company, case, targets):
    write(company, case(Step("accept", at(30)), targets=targets, due={"resolution": at(24)}))

    clock = Clock.objects.get(measure="resolution")
    assert (clock.seconds, clock.agreement, clock.breached_at) == (24 * 3600, None, at(24))
    told = Event.objects.filter(kind="clock.breached").values_list("data__measure", flat=True)
    assert list(told) == ["response"]
    assert Event.objects.get(kind="request.filed").data["due"] == {"resolution": at(24).isoformat()}


def test_a_deadline_before_the_filing_is_in_the_log_but_on_no_clock(company, case):
    write(company, case(due={"resolution": at(-1)}))

    assert not Clock.objects.exists()
