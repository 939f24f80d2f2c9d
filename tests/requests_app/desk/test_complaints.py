"""What people complain of in the clocks of other desks, each with a test of its own.

The numbers are those of the list of complaints that this product was designed against.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.services import refresh_figures
from requests_app.agreements.services import set_targets
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.calendars.states import SpecialDay
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.policies import allows
from requests_app.desk.selectors.clocks import face_of
from requests_app.desk.services import recomputing
from requests_app.desk.services.assignment import assign_request, reprioritise_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
HOUR = 3600
FRIDAY = datetime(2026, 3, 27, 14, tzinfo=UTC)  # 15:00 in Berlin; the clock changes on Sunday
OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]


@pytest.fixture
def berlin(company):
    """IT works from nine to five in Berlin; Good Friday is off."""
    calendar = create_calendar(
        by=company.admin, name="Berlin", slug="berlin", zone="Europe/Berlin", weekly=OFFICE,
        special_days=[SpecialDay(date(2026, 4, 3), "Good Friday")],
    )  # fmt: skip
    company.it.calendar_id = calendar.pk
    company.it.save()
    company.laptop.refresh_from_db()
    targets = {"response": {3: 2 * HOUR, 1: HOUR}, "resolution": {3: 4 * HOUR, 1: 3 * HOUR}}
    set_targets(by=None, supplier=company.it, targets=targets, valid_from=FRIDAY - timedelta(days=9))
    return calendar


def filed(company, at=FRIDAY) -> ServiceRequest:
    return file_laptop(company, at=at, urgency=1, impact=3)


def move(company, row, action, at, **words):
    by = company.requester if action in ("confirm", "reject", "reopen") else company.assigned
    return move_request(by=by, service_request=row, action=action, words=Words(**words), at=at)


def resolution(row, **more) -> Clock:
    return Clock.objects.get(service_request=row, measure="resolution", **more)


def hours(day: int, clock: float, month: int = 3) -> datetime:
    """UTC; Berlin is one hour ahead, from 29 March two."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=clock)


def test_complaint_1_a_pause_over_a_weekend_counts_only_its_working_time_and_nothing_is_missed_meanwhile(
    company, berlin
):
    row = filed(company)
    move(company, row, "accept", hours(27, 14.5))
    move(company, row, "hold", hours(27, 15.5), hold_reason="customer")
    sweep_clocks(hours(29, 12))
    assert Event.objects.filter(kind="clock.breached", data__measure="resolution").count() == 0
    move(company, row, "resume", hours(30, 8))
    move(company, row, "deliver", hours(30, 9))
    face = face_of(resolution(row), row, hours(30, 9))
    assert (face.elapsed, face.paused) == (2.5 * HOUR, 1.5 * HOUR)


def test_complaint_2_a_change_of_priority_loses_no_pause(company, berlin):
    row = filed(company)
    move(company, row, "accept", hours(27, 14.5))
    move(company, row, "hold", hours(27, 15), hold_reason="customer")
    move(company, row, "resume", hours(27, 16))
    reprioritise_request(
        by=company.supplier_head, service_request=row, urgency=1, impact=1, reason="Worse", at=hours(30, 7)
    )
    assert resolution(row).due_at == hours(30, 9)  # 3 h from Friday 15:00, less one hour: Monday 11:00


def test_complaint_3_waiting_is_no_part_of_the_resolution_and_delivered_time_is_neither(company, berlin):
    row = filed(company)
    move(company, row, "accept", hours(27, 14.5))
    move(company, row, "hold", hours(27, 15), hold_reason="customer")
    move(company, row, "resume", hours(27, 16))
    move(company, row, "deliver", hours(30, 8))
    move(company, row, "reject", hours(30, 12), agreed="a", received="b", remedy="a")
    move(company, row, "deliver", hours(30, 13))
    refresh_figures(request_ids={row.pk})
    fact = RequestFact.objects.get(pk=row.pk)
    assert fact.waiting_for_customer_ws == HOUR
    assert face_of(resolution(row), row, hours(30, 13)).elapsed == 3 * HOUR


def test_complaint_4_a_weekend_breaks_no_promise(company, berlin):
    row = filed(company)
    assert resolution(row).due_at == hours(30, 9)  # Monday 11:00
    assert sweep_clocks(hours(29, 23)) == 0 or not Event.objects.filter(data__measure="resolution").exists()


def test_complaint_5_a_lunch_break_is_no_working_time(company):
    plan = [[["09:00", "12:00"], ["13:00", "17:00"]]] * 5 + [[], []]
    calendar = create_calendar(by=company.admin, name="Lunch", zone="UTC", weekly=plan)
    company.it.calendar_id = calendar.pk
    company.it.save()
    company.laptop.refresh_from_db()
    set_targets(
        by=None, supplier=company.it, targets={"resolution": {3: 2 * HOUR}}, valid_from=FRIDAY - timedelta(days=9)
    )
    assert resolution(filed(company, hours(27, 11))).due_at == hours(27, 14)


def test_complaint_6_nobody_is_warned_at_midnight_and_hours_are_those_of_the_calendars_zone(company, berlin):
    row = filed(company)
    sweep_clocks(hours(28, 0))
    assert not Event.objects.filter(kind="clock.warned").exists()
    sweep_clocks(hours(30, 8))
    warned = Event.objects.get(kind="clock.warned", data__measure="resolution", subject_id=row.pk)
    assert warned.at == hours(30, 8)  # Monday 10:00 in Berlin, after the change of the clock


def test_complaint_7_a_holiday_counts_and_is_listed_where_it_is_used(company, berlin, as_browser):
    row = filed(company, hours(2, 14, month=4))  # Maundy Thursday 16:00
    assert resolution(row).due_at == hours(6, 10, month=4)  # Monday 12:00: Friday is off
    page = as_browser(company.admin).get("/settings/calendars/berlin/2026/").content.decode()
    assert "Good Friday" in page


def test_complaint_8_open_requests_follow_a_changed_calendar_when_somebody_says_so(company, berlin):
    row = file_laptop(company, urgency=1, impact=3)
    before = resolution(row).due_at
    revise_calendar(by=company.admin, calendar=berlin, weekly=[[["09:00", "10:00"]]] * 7, reason="Fewer people")
    berlin.refresh_from_db()
    assert resolution(row).due_at == before
    recomputing.start_recomputation(by=company.admin, rule=berlin)
    recomputing.work_off_recomputations()
    event = Event.objects.get(kind="clock.recomputed")
    told = {one["measure"]: (one["before"], one["after"]) for one in event.data["clocks"]}
    assert told["resolution"] == (before.isoformat(), resolution(row).due_at.isoformat())


def test_complaint_9_the_clock_of_who_holds_it_now_is_its_own(company, berlin):
    row = filed(company)
    move(company, row, "accept", hours(27, 14.5))
    offer = offer_handoff(
        by=company.assigned, service_request=row, to=company.facilities, reason="Door", at=hours(27, 15)
    )
    accept_handoff(by=company.other_agent, handoff=offer, at=hours(27, 15.5))
    own = resolution(row, holder=company.facilities)
    assert (own.started_at, own.seconds) == (hours(27, 15.5), 24 * HOUR)
    assert resolution(row, holder=None).due_at == hours(30, 9)


def test_complaint_10_only_a_public_word_of_the_supplier_or_its_acceptance_is_an_answer(company, berlin):
    row = filed(company)

    def answered() -> bool:
        return Clock.objects.get(service_request=row, measure="response").stopped_at is not None

    post_message(by=company.supplier_head, service_request=row, body="Between us", internal=True, at=hours(27, 14.2))
    post_message(by=company.requester, service_request=row, body="Hurry", at=hours(27, 14.3))
    assign_request(by=company.supplier_head, service_request=row, assignee=company.assigned, at=hours(27, 14.4))
    assert answered() is False
    post_message(by=company.assigned, service_request=row, body="We look", at=hours(27, 14.5))
    assert answered() is True


def test_complaint_11_what_waits_for_the_customer_is_not_overdue_and_overdue_is_not_stored(company, berlin):
    row = filed(company)
    move(company, row, "accept", hours(27, 14.5))
    move(company, row, "hold", hours(27, 15), hold_reason="customer")
    row.refresh_from_db()
    assert face_of(resolution(row), row, hours(31, 12)).state == "paused"
    assert row.due_at is None
    assert "overdue" not in {field.name for field in ServiceRequest._meta.get_fields()}


def test_complaint_12_thanks_reopen_nothing_and_after_the_window_it_is_a_new_request(company, berlin):
    row = filed(company, timezone.now())
    for action in ("accept", "deliver", "confirm"):
        move(company, row, action, timezone.now())
    post_message(by=company.requester, service_request=row, body="Thank you!")
    row.refresh_from_db()
    assert row.status == "closed"
    assert allows(company.requester, row, "request.reopen")
    ServiceRequest.objects.filter(pk=row.pk).update(closed_at=timezone.now() - timedelta(days=15))
    row.refresh_from_db()
    assert not allows(company.requester, row, "request.reopen")


@pytest.mark.parametrize(("agreed", "after", "reopens"), [(30, 20, True), (30, 31, False), (3, 2, True), (3, 4, False)])
def test_complaint_12_how_long_it_can_be_reopened_is_what_was_agreed(company, berlin, agreed, after, reopens):
    targets = {"resolution": {3: 4 * HOUR}}
    set_targets(by=None, supplier=company.it, targets=targets, reopen_days=agreed)
    row = filed(company, timezone.now())
    for action in ("accept", "deliver", "confirm"):
        move(company, row, action, timezone.now())
    ServiceRequest.objects.filter(pk=row.pk).update(closed_at=timezone.now() - timedelta(days=after))
    row.refresh_from_db()
    assert allows(company.requester, row, "request.reopen") is reopens
