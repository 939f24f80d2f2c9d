"""One step at a time: what it changes, what it records, what it refuses."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from requests_app.desk.models import Clock, Handoff, Hold, ServiceRequest
from requests_app.desk.services import moves, sweeping
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.models import Event
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from tests.factories import build_company, deliver, file_laptop

DEFECT = Words(agreed="Two screens", received="One screen", remedy="Bring the second one")


def kinds(service_request) -> list[str]:
    rows = Event.objects.filter(subject_kind="request", subject_id=service_request.pk)
    return list(rows.order_by("at", "pk").values_list("kind", flat=True))


def clock(service_request, measure="resolution") -> Clock:
    return Clock.objects.get(service_request=service_request, measure=measure)


def test_accepting_takes_the_request_and_stops_the_response_clock(company, new_request):
    moved = move_request(by=company.agent, service_request=new_request, action="accept")

    assert (moved.status, moved.assignee, moved.version) == ("accepted", company.agent, new_request.version + 1)
    assert clock(moved, "response").stopped_at is not None
    assert clock(moved, "response").due_at is None
    assert clock(moved).stopped_at is None
    assert kinds(moved) == ["request.filed", "request.accepted"]


def test_after_the_first_answer_the_resolution_is_what_is_due(company, accepted_request):
    accepted_request.refresh_from_db()
    assert accepted_request.due_at == clock(accepted_request).due_at


def test_the_whole_life_is_recorded_step_by_step(company, accepted_request):
    for action, words in [
        ("start", Words()), ("hold", Words(hold_reason="part", reason="The screen is on its way")),
        ("resume", Words()), ("deliver", Words(reason="On your desk")),
    ]:  # fmt: skip
        move_request(by=company.assigned, service_request=accepted_request, action=action, words=words)
    move_request(by=company.requester, service_request=accepted_request, action="reject", words=DEFECT)
    move_request(by=company.assigned, service_request=accepted_request, action="deliver")
    move_request(by=company.customer_head, service_request=accepted_request, action="confirm")
    ended = move_request(
        by=company.requester, service_request=accepted_request, action="reopen", words=Words(reason="Broke again")
    )

    assert kinds(ended) == [
        "request.filed", "request.accepted", "request.started", "request.held", "request.resumed", "request.delivered",
        "request.rejected", "request.delivered", "request.confirmed", "request.reopened",
    ]  # fmt: skip
    assert (ended.status, ended.closed_at) == ("in_progress", None)
    rejected = Event.objects.get(kind="request.rejected").data
    assert rejected == {
        "department": company.it.pk, "agreed": DEFECT.agreed, "received": DEFECT.received, "remedy": DEFECT.remedy,
    }  # fmt: skip
    assert Event.objects.filter(kind="request.delivered").first().data["note"] == "On your desk"


@pytest.mark.parametrize(
    ("action", "missing"),
    [
        ("reject", ["agreed", "received", "remedy"]),
        ("reopen", ["reason"]),
        ("hold", ["hold_reason"]),
        ("decline", ["reason"]),
    ],
)
def test_a_step_that_needs_words_says_which_are_missing(company, accepted_request, action, missing):
    by = company.assigned
    if action in ("reject", "reopen"):
        deliver(company, accepted_request)
        by = company.requester
    if action == "reopen":
        move_request(by=by, service_request=accepted_request, action="confirm")
    before = kinds(accepted_request)

    with pytest.raises(WrongInput) as refusal:
        move_request(by=by, service_request=accepted_request, action=action, words=Words(reason="  "))

    assert list(refusal.value.errors) == missing
    assert kinds(accepted_request) == before


def test_a_hold_for_no_known_reason_is_refused(company, accepted_request):
    with pytest.raises(WrongInput, match="Choose one of: customer"):
        move_request(
            by=company.assigned, service_request=accepted_request, action="hold", words=Words(hold_reason="boredom")
        )


def test_a_step_that_the_state_does_not_allow_is_refused_in_words(company, accepted_request):
    with pytest.raises(IllegalMove, match="This request is “Accepted” now"):
        move_request(by=company.assigned, service_request=accepted_request, action="resume")


def test_the_other_side_cannot_take_the_step_and_nothing_changes(company, delivered_request):
    before = kinds(delivered_request)
    with pytest.raises(NotAllowed):
        move_request(by=company.assigned, service_request=delivered_request, action="confirm")

    assert kinds(delivered_request) == before
    assert ServiceRequest.objects.get().status == "delivered"


def test_a_reader_of_an_old_version_is_told_to_look_again(company, new_request):
    move_request(by=company.agent, service_request=new_request, action="accept")

    with pytest.raises(StaleVersion):
        move_request(
            by=company.agent, service_request=new_request, action="start", expected_version=new_request.version
        )


def test_waiting_for_the_customer_pauses_the_resolution_clock_until_the_reply(company, accepted_request):
    start = accepted_request.created_at
    due = clock(accepted_request).due_at
    move_request(
        by=company.assigned, service_request=accepted_request, action="hold",
        words=Words(hold_reason="customer", reason="Which size?"), at=start + timedelta(hours=1),
    )  # fmt: skip
    assert clock(accepted_request).due_at is None
    assert ServiceRequest.objects.get().due_at is None

    post_message(by=company.requester, service_request=accepted_request, body="13 inch", at=start + timedelta(hours=3))

    assert clock(accepted_request).due_at == due + timedelta(hours=2)
    assert ServiceRequest.objects.get().status == "in_progress"
    assert Event.objects.get(kind="request.resumed").data["by_reply"] is True
    assert Hold.objects.get().ended_at == start + timedelta(hours=3)


@pytest.mark.parametrize("reason", ["part", "third_party", "other"])
def test_waiting_for_anything_else_lets_the_customers_clock_run(company, accepted_request, reason):
    due = clock(accepted_request).due_at
    words = Words(hold_reason=reason)

    move_request(by=company.assigned, service_request=accepted_request, action="hold", words=words)

    assert clock(accepted_request).due_at == due
    assert Hold.objects.get().pauses_clock is False
    assert Event.objects.get(kind="request.held").data["pauses"] is False


def test_the_time_between_delivery_and_rejection_is_nobodys(company, accepted_request):
    start = accepted_request.created_at
    due = clock(accepted_request).due_at
    hour = timedelta(hours=1)
    move_request(by=company.assigned, service_request=accepted_request, action="deliver", at=start + hour)
    assert clock(accepted_request).stopped_at == start + hour

    move_request(
        by=company.requester, service_request=accepted_request, action="reject", words=DEFECT, at=start + 6 * hour
    )

    assert clock(accepted_request).due_at == due + 5 * hour
    assert ServiceRequest.objects.get().acceptance_due_at is None


def test_a_breach_is_written_before_the_late_step_at_the_minute_it_was_due(company, accepted_request):
    due = clock(accepted_request).due_at

    move_request(by=company.assigned, service_request=accepted_request, action="deliver", at=due + timedelta(minutes=5))

    breach = Event.objects.get(kind="clock.breached")
    assert (breach.at, breach.data["measure"]) == (due, "resolution")
    assert clock(accepted_request).breached_at == due
    assert kinds(accepted_request)[-2:] == ["clock.breached", "request.delivered"]


def test_delivering_at_the_very_minute_keeps_the_promise(company, accepted_request):
    due = clock(accepted_request).due_at

    move_request(by=company.assigned, service_request=accepted_request, action="deliver", at=due)

    assert clock(accepted_request).breached_at is None


def test_delivering_takes_back_what_is_still_offered_elsewhere(company, accepted_request):
    offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Yours?")

    move_request(by=company.assigned, service_request=accepted_request, action="deliver")

    assert Handoff.objects.get().state == "withdrawn"
    assert kinds(accepted_request)[-2:] == ["handoff.withdrawn", "request.delivered"]


def test_the_customer_has_five_working_days_to_answer(company, accepted_request):
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)
    ServiceRequest.objects.update(created_at=friday)

    move_request(by=company.assigned, service_request=accepted_request, action="deliver", at=friday)

    # round the clock is every weekday a working day: Saturday to Wednesday
    assert ServiceRequest.objects.get().acceptance_due_at == friday + timedelta(days=5)


def test_a_delivery_nobody_answered_closes_by_itself_once(company, delivered_request):
    delivered_request.refresh_from_db()
    due = delivered_request.acceptance_due_at

    assert moves.close_all_unanswered(due - timedelta(minutes=1)) == 0
    assert moves.close_all_unanswered(due) == 1
    assert moves.close_all_unanswered(due) == 0

    closed = ServiceRequest.objects.get()
    assert (closed.status, closed.closed_at) == ("closed", due)
    assert Event.objects.get(kind="request.closed").data == {"automatic": True, "department": company.it.pk}


def test_an_answer_given_meanwhile_is_not_overrun_by_the_timer(company, delivered_request):
    delivered_request.refresh_from_db()
    due = delivered_request.acceptance_due_at
    move_request(by=company.requester, service_request=delivered_request, action="confirm")

    assert moves.close_unanswered(pk=delivered_request.pk, now=due) is False


def test_the_sweep_warns_and_breaches_each_clock_once(company, new_request):
    later = new_request.created_at + timedelta(days=30)

    written = sweeping.sweep_clocks(later)
    again = sweeping.sweep_clocks(later)

    assert (written, again) == (4, 0)
    times = {
        (event.kind, event.data["measure"]): (event.at - new_request.created_at).total_seconds() / 3600
        for event in Event.objects.filter(kind__startswith="clock.")
    }
    assert times == {
        ("clock.warned", "response"): 12, ("clock.breached", "response"): 16,
        ("clock.warned", "resolution"): 60, ("clock.breached", "resolution"): 80,
    }  # fmt: skip


def test_the_sweep_leaves_ended_requests_alone(company, new_request):
    move_request(by=company.requester, service_request=new_request, action="cancel")
    Clock.objects.update(stopped_at=None, due_at=new_request.created_at, warn_at=None)

    assert sweeping.sweep_clocks() == 0
    assert set(Clock.objects.values_list("due_at", flat=True)) == {None}


@pytest.mark.django_db(transaction=True)
def test_two_people_pressing_two_buttons_get_one_move_and_one_refusal():
    company = build_company()
    for _round in range(5):
        service_request = deliver(company, file_laptop(company))
        answers: list[str] = []
        gate = threading.Barrier(2)

        def press(by, action, service_request=service_request, answers=answers, gate=gate):
            gate.wait()
            try:
                move_request(by=by, service_request=service_request, action=action, words=DEFECT)
                answers.append("moved")
            except DomainError as refusal:
                answers.append(refusal.code)
            finally:
                connection.close()

        pressed = [(company.requester, "confirm"), (company.customer_head, "reject")]
        threads = [threading.Thread(target=press, args=pair) for pair in pressed]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(answers) == ["illegal_move", "moved"]
