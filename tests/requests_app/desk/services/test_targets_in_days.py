"""Targets in working days on real requests: pauses move them by whole days, and what is shown adds up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requests_app.agreements.services import set_targets
from requests_app.agreements.states import Days, Escalation
from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.services import create_calendar
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.selectors.clocks import face_of
from requests_app.desk.services.assignment import reprioritise_request
from requests_app.desk.services.clocks import due_instant
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 27, 10, tzinfo=UTC)  # 11:00 in Berlin; two days later the clocks go forward
OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]


def berlin(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """The instant of a wall clock in Berlin around the change of clocks."""
    summer = (month, day) >= (3, 29)
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=2 if summer else 1)


def filed(company, days: int, at: datetime = FRIDAY, **more):
    office = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE)
    set_targets(
        by=None, supplier=company.it, targets={"resolution": {3: Days(days), 2: Days(1)}}, calendar=office,
        valid_from=at - timedelta(days=1), **more,
    )  # fmt: skip
    return file_laptop(company, at=at, urgency=1, impact=3)


def move(company, row, action, at, **words):
    return move_request(by=company.assigned, service_request=row, action=action, words=Words(**words), at=at)


def clock() -> Clock:
    return Clock.objects.get(measure="resolution")


def test_days_keep_the_clock_on_the_wall_over_the_change_of_clocks(company):
    filed(company, 2)
    assert clock().due_at == berlin(31, 11)  # Monday, Tuesday


def test_each_working_day_that_passes_while_it_waits_moves_the_end_by_one(company):
    row = filed(company, 2)
    move(company, row, "accept", berlin(27, 12))
    move(company, row, "hold", berlin(27, 13), hold_reason="customer")
    move(company, row, "resume", berlin(30, 10))  # before 11:00 no working day was complete
    assert clock().due_at == berlin(31, 11)
    move(company, row, "hold", berlin(30, 10, 30), hold_reason="customer")
    move(company, row, "resume", berlin(30, 11))  # at 11:00 one was
    assert clock().due_at == berlin(1, 11, month=4)


def test_a_new_priority_counts_days_from_the_first_day_with_the_past_pauses(company):
    row = filed(company, 5)
    move(company, row, "accept", berlin(27, 12))
    move(company, row, "hold", berlin(27, 13), hold_reason="customer")
    move(company, row, "resume", berlin(31, 12))
    reprioritise_request(
        by=company.supplier_head, service_request=row, urgency=1, impact=2, reason="It spreads", at=berlin(31, 13)
    )
    assert (clock().days, clock().due_at) == (1, berlin(1, 11, month=4))


def test_a_share_of_days_is_a_whole_number_of_days(company):
    filed(company, 4, escalations=(Escalation(50, "resolution", "notify"),))
    found = clock()
    assert (found.step_at, found.warn_at, found.due_at) == (
        berlin(31, 11), berlin(1, 11, month=4), berlin(2, 11, month=4),
    )  # fmt: skip
    sweep_clocks(berlin(3, 12, month=4))
    told = Event.objects.filter(kind__startswith="clock.", data__measure="resolution").order_by("at")
    assert [(event.kind, event.at) for event in told] == [
        ("clock.escalated", berlin(31, 11)), ("clock.warned", berlin(1, 11, month=4)),
        ("clock.breached", berlin(2, 11, month=4)),
    ]  # fmt: skip


def test_the_page_says_warned_from_the_instant_of_the_warning(company):
    row = filed(company, 3)
    warned = clock().warn_at
    minute = timedelta(minutes=1)
    assert [face_of(clock(), row, one).state for one in (warned - minute, warned)] == ["running", "warned"]


@given(minutes=st.lists(st.integers(1, 5 * 1440), min_size=2, max_size=7), days=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_parts_add_up_to_what_has_elapsed_and_the_due_time_is_when_it_is_used(office_version, minutes, days):
    times = [FRIDAY + timedelta(minutes=sum(minutes[: place + 1])) for place in range(len(minutes))]
    waits = [
        {"from": begins.isoformat(), "to": ends.isoformat(), "why": "customer"}
        for begins, ends in zip(times[::2], times[1::2], strict=False)
    ]
    found = Clock(measure="resolution", days=days, started_at=FRIDAY, pauses=waits, calendar_version=office_version)
    due = due_instant(found)
    row, instant = ServiceRequest(status="in_progress"), timedelta(microseconds=1)
    at_due, before = face_of(found, row, due), face_of(found, row, due - instant)
    assert (at_due.elapsed, before.elapsed) == (days, days - 1)
    assert sum(part.worked for part in at_due.intervals) == at_due.elapsed + at_due.paused


@pytest.fixture(scope="module")
def office_version(stored_company) -> CalendarVersion:
    made = create_calendar(by=stored_company.admin, name="Property", zone="Europe/Berlin", weekly=OFFICE)
    return CalendarVersion.objects.get(pk=made.current_id)
