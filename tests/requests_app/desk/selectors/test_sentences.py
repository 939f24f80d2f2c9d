"""One sentence: who must do what by when. For each status, for each reader."""

from datetime import UTC, datetime, timedelta

import pytest

from requests_app.agreements.services import set_targets
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.policies import pending_handoff
from requests_app.desk.selectors.clocks import clocks_of, customer_worktimes, face_of
from requests_app.desk.selectors.sentences import Reader, Scene, sentence_of
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request

HOUR = 3600
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ASKS, WORKS, OFFERED = Reader(1, asks=True), Reader(1, works=True), Reader(1, offered=True)
LOOKS = Reader(1)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def filed(company) -> ServiceRequest:
    return file_laptop_at_start(company)


def file_laptop_at_start(company) -> ServiceRequest:
    filing = Filing("A laptop", urgency=2, impact=3, answers={"model": "13 inch"})
    return file_request(by=company.requester, service=company.laptop, filing=filing, at=START)


def move(company, service_request, action, hours, **words):
    by = company.requester if action in ("confirm", "cancel") else company.assigned
    move_request(by=by, service_request=service_request, action=action, words=Words(**words), at=at(hours))


def say(service_request, hours, reader=LOOKS):
    row = ServiceRequest.objects.select_related("supplier", "customer").get(pk=service_request.pk)
    clocks = clocks_of([row.pk]).get(row.pk, {})
    faces = {measure: face_of(clock, row, at(hours)) for measure, clock in clocks.items()}
    worktime = customer_worktimes([row]).get(row.pk)
    return sentence_of(Scene(row, faces, pending_handoff(row), reader, at(hours), worktime))


def told(sentence):
    return (sentence.act, sentence.until, sentence.left)


def test_a_new_request_waits_for_the_answer(filed):
    assert told(say(filed, 2)) == ("IT Services answers", at(8), 6 * HOUR)
    late = say(filed, 9)
    assert (late.left, late.over) == (-HOUR, HOUR)


def test_a_new_request_that_was_answered_waits_to_be_accepted(company, filed):
    post_message(by=company.agent, service_request=filed, body="Which colour?", at=at(1))
    assert told(say(filed, 2)) == ("IT Services accepts or declines", at(40), 38 * HOUR)


@pytest.mark.parametrize(("reader", "act"), [(LOOKS, "IT Services delivers"), (WORKS, "You deliver")])
@pytest.mark.parametrize("started", [False, True])
def test_accepted_work_is_delivered(company, filed, reader, act, started):
    move(company, filed, "accept", 1)
    if started:
        move(company, filed, "start", 2)
    assert told(say(filed, 10, reader)) == (act, at(40), 30 * HOUR)


@pytest.mark.parametrize(("reader", "act"), [(ASKS, "You answer IT Services"), (LOOKS, "Sales answers IT Services")])
def test_while_the_customer_is_asked_the_clock_stands_still(company, filed, reader, act):
    move(company, filed, "accept", 1)
    move(company, filed, "hold", 2, hold_reason="customer")
    sentence = say(filed, 3, reader)

    assert told(sentence) == (act, None, None)
    assert sentence.after == "The clock stands still until then."


@pytest.mark.parametrize(
    ("reason", "act"),
    [
        ("third_party", "IT Services waits for an outside party and delivers"),
        ("part", "IT Services waits for a part or material and delivers"),
        ("other", "IT Services has put this on hold and delivers"),
    ],
)
def test_other_waiting_leaves_the_promise_as_it_is(company, filed, reason, act):
    move(company, filed, "accept", 1)
    move(company, filed, "hold", 2, hold_reason=reason)
    sentence = say(filed, 10)

    assert told(sentence) == (act, at(40), 30 * HOUR)
    assert sentence.after == "The clock runs on."


def test_without_a_promise_there_is_no_deadline(company, filed):
    Clock.objects.all().delete()
    assert told(say(filed, 1)) == ("IT Services accepts or declines", None, None)
    move(company, filed, "accept", 1)
    assert told(say(filed, 2)) == ("IT Services delivers", None, None)
    move(company, filed, "hold", 2, hold_reason="part")
    assert told(say(filed, 3)) == ("IT Services waits for a part or material", None, None)


@pytest.mark.parametrize(("reader", "act"), [(ASKS, "You accept the delivery"), (LOOKS, "Sales accepts the delivery")])
def test_a_delivery_waits_for_the_customer(company, filed, reader, act):
    move(company, filed, "accept", 1)
    move(company, filed, "deliver", 2)
    due = ServiceRequest.objects.get(pk=filed.pk).acceptance_due_at
    sentence = say(filed, 3, reader)

    assert told(sentence) == (act, due, (due - at(3)).total_seconds())
    assert sentence.after == "Without an answer it counts as accepted."


def test_an_imported_delivery_has_no_time_limit(company, filed):
    move(company, filed, "accept", 1)
    move(company, filed, "deliver", 2)
    ServiceRequest.objects.update(acceptance_due_at=None)
    sentence = say(filed, 3)
    assert (told(sentence), sentence.after) == (("Sales accepts the delivery", None, None), "")


def test_what_is_over_says_so(company, filed):
    move(company, filed, "accept", 1)
    move(company, filed, "deliver", 2)
    move(company, filed, "confirm", 3)

    assert (say(filed, 4).act, say(filed, 4).after) == ("Accepted and closed", "It can be reopened for 14 days.")
    assert say(filed, 15 * 24).after == "If it comes back, file a new request."


@pytest.mark.parametrize(
    ("action", "words", "act"),
    [("decline", {"reason": "Not ours"}, "IT Services declined this"), ("cancel", {}, "Cancelled")],
)
def test_nobody_waits_for_what_was_declined_or_cancelled(company, filed, action, words, act):
    if action == "decline":
        move(company, filed, "accept", 1)
    move(company, filed, action, 1.5, **words)
    assert told(say(filed, 2)) == (act, None, None)


def test_an_offer_says_who_keeps_the_request_and_who_answers(company, filed):
    move(company, filed, "accept", 1)
    offer_handoff(by=company.assigned, service_request=filed, to=company.facilities, reason="Theirs", at=at(2))

    assert say(filed, 3).act == "IT Services offered this to Facilities and keeps it until they accept"
    sentence = say(filed, 3, OFFERED)
    assert sentence.act == "Facilities takes this over or gives it back"
    assert sentence.after == "IT Services keeps it, clock and all, until Facilities accepts."


def test_where_nothing_pauses_the_customers_answer_is_awaited_by_the_due_time(company):
    targets = {"resolution": {4: 40 * HOUR}}
    set_targets(by=None, supplier=company.it, targets=targets, pausing=(), valid_from=at(-24))
    filed = file_laptop_at_start(company)
    move(company, filed, "accept", 1)
    move(company, filed, "hold", 2, hold_reason="customer")
    sentence = say(filed, 3, ASKS)

    assert (*told(sentence), sentence.after) == ("You answer IT Services", at(40), 37 * HOUR, "The clock runs on.")
