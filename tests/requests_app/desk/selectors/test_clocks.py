"""Clocks as readers see them: the intervals add up, the state is one word, the reason is named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from requests_app.agreements.services import set_targets
from requests_app.calendars.services import create_calendar
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.selectors.clocks import acceptance_face, agreement_words, clocks_of, customer_worktimes, face_of
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.moves import Words, move_request
from requests_app.org.services import save_department
from tests.factories import accept, deliver, file_laptop

HOUR = 3600
START = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday; the usual calendar of the cast is open round the clock


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def filed(company):
    """Priority 4: 8 h to answer, 40 h to deliver."""
    filing = Filing("A laptop", urgency=2, impact=3, answers={"model": "13 inch"})
    return file_request(by=company.requester, service=company.laptop, filing=filing, at=START)


def face(service_request, hours, measure="resolution", **options):
    service_request.refresh_from_db()
    return face_of(clocks_of([service_request.pk])[service_request.pk][measure], service_request, at(hours), **options)


def move(company, service_request, action, hours, **words):
    by = company.requester if action in ("confirm", "reject", "cancel") else company.assigned
    return move_request(by=by, service_request=service_request, action=action, words=Words(**words), at=at(hours))


def shown(intervals):
    return [(part.begins, part.ends, part.worked / HOUR, part.counted) for part in intervals]


def test_a_running_clock_shows_what_is_used_and_what_is_left(filed):
    shows = face(filed, 10)

    assert (shows.state, shows.label, shows.target, shows.elapsed, shows.left) == (
        "running", "Resolution", 40 * HOUR, 10 * HOUR, 30 * HOUR,
    )  # fmt: skip
    assert shows.due == at(40)
    assert shown(shows.intervals) == [(at(0), None, 10, True)]
    assert (shows.parts, shows.paused, shows.stood) == ([("us", 10 * HOUR)], 0, 0)


@pytest.mark.parametrize(("hours", "state"), [(29.9, "running"), (30, "warned"), (40, "warned"), (40.1, "overdue")])
def test_the_state_follows_the_share_of_the_target(filed, hours, state):
    assert face(filed, hours).state == state


def test_a_clock_that_has_not_begun_has_no_intervals(filed):
    shows = face(filed, 0)
    assert (shows.intervals, shows.elapsed, shows.state) == ((), 0, "running")


def test_a_pause_stops_the_clock_and_the_parts_add_up(company, filed):
    move(company, filed, "accept", 1)
    move(company, filed, "hold", 5, hold_reason="customer")

    paused = face(filed, 9)
    assert (paused.state, paused.elapsed, paused.paused, paused.due) == ("paused", 5 * HOUR, 4 * HOUR, None)
    assert shown(paused.intervals) == [(at(0), at(5), 5, True), (at(5), None, 4, False)]
    assert paused.parts == [("us", 5 * HOUR), ("pause", 4 * HOUR)]
    assert [part.words for part in paused.intervals] == ["The clock ran", "Waiting for the customer"]
    assert paused.stood == 0  # it lasts

    move(company, filed, "resume", 11)
    running = face(filed, 12)
    assert (running.state, running.elapsed, running.paused, running.due) == ("running", 6 * HOUR, 6 * HOUR, at(46))
    assert shown(running.intervals) == [(at(0), at(5), 5, True), (at(5), at(11), 6, False), (at(11), None, 1, True)]
    assert running.stood == 6 * HOUR


def test_the_time_between_delivery_and_rejection_is_nobodys(company, filed):
    move(company, filed, "accept", 1)
    move(company, filed, "deliver", 10)
    move(company, filed, "reject", 15, agreed="a", received="b", remedy="c")

    shows = face(filed, 17)
    assert (shows.state, shows.elapsed, shows.paused) == ("running", 12 * HOUR, 5 * HOUR)
    assert shows.intervals[1].words == "Delivered, waiting for the customer's verdict"


def test_a_stopped_clock_says_whether_the_promise_was_kept(company, filed):
    move(company, filed, "accept", 9)
    assert face(filed, 100, "response").state == "missed"

    move(company, filed, "deliver", 20)
    shows = face(filed, 100)
    assert (shows.state, shows.elapsed, shows.stopped, shows.due) == ("kept", 20 * HOUR, at(20), None)
    assert shown(shows.intervals) == [(at(0), at(20), 20, True)]


def test_a_breach_stays_a_breach(company, filed):
    move(company, filed, "accept", 1)
    move(company, filed, "hold", 41, hold_reason="customer")
    assert face(filed, 90).state == "paused"
    move(company, filed, "resume", 95)
    move(company, filed, "deliver", 96)

    assert face(filed, 100).state == "missed"


def test_a_clock_ended_by_cancelling_has_no_verdict(company, filed):
    move(company, filed, "cancel", 3)
    assert (face(filed, 9).state, face(filed, 9, "response").state) == ("cancelled", "cancelled")


def test_pauses_of_an_imported_history_are_never_counted_twice(filed):
    """Before the start, overlapping, inside another, beyond now, in a word we do not know."""
    clock = Clock.objects.get(service_request=filed, measure="resolution")
    stretches = [(-5, -1), (-1, 2), (4, 8), (5, 7), (6, 10), (50, 60)]
    clock.pauses = [
        {"from": at(begins).isoformat(), "to": at(ends).isoformat(), "why": "vendor"} for begins, ends in stretches
    ]
    shows = face_of(clock, filed, at(12))

    assert shown(shows.intervals) == [
        (at(0), at(2), 2, False), (at(2), at(4), 2, True), (at(4), at(8), 4, False), (at(8), at(10), 2, False),
        (at(10), None, 2, True),
    ]  # fmt: skip
    assert (shows.elapsed, shows.paused) == (4 * HOUR, 8 * HOUR)
    assert shows.intervals[0].words == "vendor"


def test_a_pause_out_of_hours_costs_nothing_and_says_so(company, filed):
    """The worked example: Friday 15:00 to Monday 11:00 over the change of clocks, paused from 16:30 to 10:00."""
    hours = [[["09:00", "17:00"]]] * 5 + [[], []]
    calendar = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=hours)
    save_department(by=company.admin, department=company.it, calendar_id=calendar.pk)
    company.laptop.department.refresh_from_db()
    friday, monday = datetime(2026, 3, 27, 14, tzinfo=UTC), datetime(2026, 3, 30, 9, tzinfo=UTC)
    filing = Filing("A laptop", answers={"model": "13 inch"})
    row = file_request(by=company.requester, service=company.laptop, filing=filing, at=friday)
    for action, moment, words in [
        ("accept", friday, Words()),
        ("hold", friday + timedelta(hours=1.5), Words(hold_reason="customer")),
        ("resume", monday - timedelta(hours=1), Words()),
        ("deliver", monday, Words()),
    ]:
        move_request(by=company.assigned, service_request=row, action=action, words=words, at=moment)
    shows = face_of(clocks_of([row.pk])[row.pk]["resolution"], row, monday)

    assert (shows.elapsed, shows.paused, shows.stood) == (2.5 * HOUR, 1.5 * HOUR, 64.5 * HOUR)


def test_the_reason_names_the_rule_the_version_the_priority_and_the_calendar(company, filed):
    explained = clocks_of([filed.pk], explained=True)[filed.pk]["resolution"]

    assert face_of(explained, filed, at(1), explained=True).why == (
        "The company's default, version 1. Priority Low: urgency “Work is hampered”, touched “One person”. "
        "Calendar “Standard”, Europe/Berlin."
    )


def test_agreement_words_name_the_most_specific_rule(company):
    targets = {"response": {3: HOUR}}
    agreement = set_targets(by=company.admin, supplier=company.it, customer=company.sales, targets=targets)
    assert agreement_words(agreement) == "Agreed between these two departments, version 1."
    assert agreement_words(None) == "The target came with the request."


def test_the_customers_own_clock_runs_while_a_delivery_waits(company, delivered_request):
    delivered = delivered_request.delivered_at
    mine = acceptance_face(delivered_request, delivered + timedelta(hours=3), mine=True)

    assert (mine.label, mine.state, mine.elapsed, mine.side) == ("Your acceptance", "running", 3 * HOUR, "cust")
    assert mine.due == delivered_request.acceptance_due_at
    assert mine.target == (mine.due - delivered).total_seconds()
    assert mine.parts == [("cust", 3 * HOUR)]
    late = acceptance_face(delivered_request, mine.due + timedelta(hours=1), mine=False)
    assert (late.label, late.state) == ("Acceptance by Sales", "overdue")


def test_each_customer_counts_by_the_calendar_it_chose(company, delivered_request, django_assert_num_queries):
    hours = [[["09:00", "17:00"]]] * 5 + [[], []]
    calendar = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=hours)
    save_department(by=company.admin, department=company.sales, calendar_id=calendar.pk)
    ours = ServiceRequest.objects.select_related("customer").get(pk=delivered_request.pk)
    theirs = deliver(company, file_laptop(company))
    theirs.customer = company.facilities
    waiting, fresh = [ours, theirs], file_laptop(company)

    found = customer_worktimes([*waiting, fresh])
    week = (START, at(7 * 24))
    assert {pk: worktime.between(*week) / HOUR for pk, worktime in found.items()} == {ours.pk: 40, theirs.pk: 168}
    with django_assert_num_queries(1):
        customer_worktimes(waiting)
    with django_assert_num_queries(0):
        assert customer_worktimes([fresh]) == {}


def test_there_is_no_such_clock_before_and_after(company, new_request):
    assert acceptance_face(new_request, timezone.now(), mine=True) is None


def test_clocks_of_many_requests_come_in_one_query(company, django_assert_num_queries):
    rows = [accept(company, file_laptop(company)), deliver(company, file_laptop(company))]
    with django_assert_num_queries(1):
        found = clocks_of([row.pk for row in rows], explained=True)
        reasons = [clock.agreement.version for clocks in found.values() for clock in clocks.values()]

    assert {pk: sorted(clocks) for pk, clocks in found.items()} == {row.pk: ["resolution", "response"] for row in rows}
    assert reasons == [1, 1, 1, 1]
