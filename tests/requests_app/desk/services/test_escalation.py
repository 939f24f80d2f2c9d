"""Steps that were agreed on: each once, in order, in working hours; and whom they tell."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from requests_app.agreements.services import set_targets
from requests_app.agreements.states import Escalation
from requests_app.calendars.services import create_calendar
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.selectors.timeline import timeline_of
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.selectors import readers_of
from requests_app.messaging.services import queue_notices
from tests.factories import accept, file_laptop

pytestmark = pytest.mark.django_db
HOUR = 3600
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
STEPS = (
    Escalation(50, "resolution", "notify"),
    Escalation(100, "resolution", "inform_head"),
    Escalation(150, "resolution", "inform_customer_head"),
)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def filed(company, steps=STEPS, **more) -> ServiceRequest:
    set_targets(
        by=None, supplier=company.it, targets={"resolution": {2: 6 * HOUR, 3: 10 * HOUR}}, escalations=steps,
        valid_from=at(-24), **more,
    )  # fmt: skip
    return file_laptop(company, at=START, urgency=1, impact=3)


def taken() -> list[tuple[str, datetime]]:
    rows = Event.objects.filter(kind="clock.escalated").order_by("at", "pk")
    return [(event.data["step"], event.at) for event in rows]


def test_each_step_is_taken_once_at_its_share(company):
    filed(company)
    for hours in (4, 5, 6, 9, 10, 11, 14, 15, 16, 40):
        sweep_clocks(at(hours))
    assert taken() == [("notify", at(5)), ("inform_head", at(10)), ("inform_customer_head", at(15))]


def test_after_an_outage_all_that_is_due_is_taken_at_once_in_order(company):
    filed(company)
    sweep_clocks(at(100))
    sweep_clocks(at(100))
    assert taken() == [("notify", at(5)), ("inform_head", at(10)), ("inform_customer_head", at(15))]


def test_a_pause_moves_the_steps_and_a_delivery_ends_them(company):
    row = filed(company)
    accept(company, row, at=at(1))
    by = company.assigned
    move_request(by=by, service_request=row, action="hold", words=Words(hold_reason="customer"), at=at(2))
    sweep_clocks(at(20))
    assert taken() == []
    move_request(by=by, service_request=row, action="resume", at=at(22))
    sweep_clocks(at(26))
    assert taken() == [("notify", at(25))]
    move_request(by=by, service_request=row, action="deliver", at=at(27))
    sweep_clocks(at(200))
    assert taken() == [("notify", at(25))]


def test_a_step_raises_the_priority_and_the_clock_follows(company):
    row = filed(company, (Escalation(50, "resolution", "raise_priority"),))
    sweep_clocks(at(5.5))
    row.refresh_from_db()
    clock = Clock.objects.get(service_request=row, measure="resolution")
    assert (row.priority, row.stated_urgency, row.urgency) == (2, 1, 1)
    assert (clock.seconds, clock.due_at, clock.breached_at) == (6 * HOUR, at(6), None)
    event = Event.objects.get(kind="request.reprioritised")
    assert (event.actor_id, event.data["reason"]) == (None, "Raised by a step that was agreed on.")


def test_the_highest_priority_is_not_raised(company):
    set_targets(
        by=None, supplier=company.it, targets={"resolution": {1: 10 * HOUR}}, valid_from=at(-24),
        escalations=(Escalation(50, "resolution", "raise_priority"),),
    )  # fmt: skip
    row = file_laptop(company, at=START, urgency=1, impact=1)
    sweep_clocks(at(6))
    row.refresh_from_db()
    assert (row.priority, Event.objects.filter(kind="request.reprioritised").count()) == (1, 0)


def test_a_step_puts_the_work_back_into_the_queue(company):
    row = filed(company, (Escalation(50, "resolution", "reassign"),))
    accept(company, row, at=at(1))
    sweep_clocks(at(6))
    row.refresh_from_db()
    assert (row.assignee, row.status) == (None, "accepted")
    assert Event.objects.get(kind="request.assigned").data["before"] == company.assigned.pk
    sweep_clocks(at(7))
    assert len(taken()) == 1


def test_work_that_nobody_has_is_not_put_back(company):
    filed(company, (Escalation(50, "resolution", "reassign"),))
    sweep_clocks(at(6))
    assert Event.objects.filter(kind="request.assigned").count() == 0


def test_out_of_hours_nobody_is_warned_or_told_and_the_breach_is_written_all_the_same(company):
    office = create_calendar(by=company.admin, name="Office", zone="UTC", weekly=[[["08:00", "16:00"]]] * 5 + [[], []])
    filed(company, calendar=office)
    sweep_clocks(at(11))  # 19:00: the worker was away since noon
    kinds = list(
        Event.objects.filter(kind__startswith="clock.", data__measure="resolution").values_list("kind", flat=True)
    )
    assert kinds == []
    sweep_clocks(at(24))  # 08:00 of the next day
    kinds = Event.objects.filter(kind__startswith="clock.", data__measure="resolution").order_by("at", "pk")
    assert [(event.kind, event.at) for event in kinds] == [("clock.escalated", at(5)), ("clock.warned", at(7.5))]
    sweep_clocks(at(40))  # midnight; the target was over at 10:00
    breach = Event.objects.get(kind="clock.breached", data__measure="resolution")
    assert breach.at == at(26)


@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("notify", "supplier_head"),
        ("inform_head", "supplier_head"),
        ("inform_customer_head", "customer_head"),
        ("raise_priority", "supplier_head"),
        ("reassign", "supplier_head"),
    ],
)
def test_a_step_tells_those_it_is_for(company, step, who):
    row = filed(company, (Escalation(50, "resolution", step),))
    sweep_clocks(at(6))
    event = Event.objects.get(kind="clock.escalated")
    row.refresh_from_db()
    assert readers_of(event, row) == [getattr(company, who).pk]


def test_whoever_works_on_it_is_told_by_mail_and_the_history_says_it(company, settings):
    row = file_laptop(company, urgency=1, impact=3)
    accept(company, row)
    clock = Clock.objects.get(service_request=row, measure="resolution")
    event = Event.objects.create(
        kind="clock.escalated", subject_kind="request", subject_id=row.pk, at=timezone.now(),
        data={"measure": "resolution", "target": clock.seconds, "due": None, "department": company.it.pk,
              "step": "notify", "percent": 50},
    )  # fmt: skip
    queue_notices([event])
    mail = OutgoingMail.objects.get(kind="clock.escalated")
    assert mail.person == company.assigned
    row.refresh_from_db()
    texts = [
        str(getattr(card, "lines", "")) + str(card) for card in timeline_of(row, reader=company.assigned, internal=True)
    ]
    assert any("Resolution, 50 % used: Tell whoever works on it" in text for text in texts)


def test_what_came_due_before_a_delivery_is_told_although_the_sweeper_was_away(company):
    steps = (*STEPS, Escalation(60, "resolution", "raise_priority"))
    row = filed(company, steps)
    accept(company, row, at=at(1))
    move_request(by=company.assigned, service_request=row, action="deliver", at=at(11))
    sweep_clocks(at(20))
    assert taken() == [("notify", at(5)), ("inform_head", at(10))]
    row.refresh_from_db()
    assert row.priority == 3, "what would have changed the request is past"
