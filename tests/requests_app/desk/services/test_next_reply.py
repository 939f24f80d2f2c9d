"""The wait for the next reply: from the customer's words after the first answer to the supplier's, round by round."""

from datetime import UTC, datetime, timedelta

import pytest

from requests_app.agreements.models import Target
from requests_app.agreements.services import set_targets
from requests_app.desk.models import Clock
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.moves import Words, close_unanswered, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
HOUR = 3600
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def say(person, row, hours, **more) -> None:
    post_message(by=person, service_request=row, body="A word", at=at(hours), **more)


def move(by, row, action, hours, **words):
    return move_request(by=by, service_request=row, action=action, words=Words(**words), at=at(hours))


def rounds() -> list[tuple]:
    rows = Clock.objects.filter(measure="next_reply").order_by("round")
    return [(one.round, one.started_at, one.stopped_at, one.breached_at) for one in rows]


@pytest.fixture
def row(company):
    targets = {"response": {3: HOUR}, "next_reply": {3: 2 * HOUR}}
    set_targets(by=None, supplier=company.it, targets=targets, valid_from=at(-24))
    return file_laptop(company, at=START, urgency=1, impact=3)


def test_accepting_is_a_first_answer_and_the_words_after_it_await_a_reply(company, row):
    say(company.requester, row, 0.2)
    move(company.assigned, row, "accept", 0.5)
    say(company.requester, row, 1)
    assert rounds() == [(1, at(1), None, None)]


def test_a_breach_of_one_round_is_written_once_and_the_next_round_begins_clean(company, row):
    say(company.assigned, row, 0.5)
    say(company.requester, row, 1)
    sweep_clocks(at(4))
    sweep_clocks(at(5))
    say(company.assigned, row, 6)
    say(company.requester, row, 7)
    say(company.assigned, row, 8)
    sweep_clocks(at(40))
    assert rounds() == [(1, at(1), at(6), at(3)), (2, at(7), at(8), None)]
    told = Event.objects.filter(data__measure="next_reply").order_by("at").values_list("kind", "at")
    assert list(told) == [("clock.warned", at(2.5)), ("clock.breached", at(3))]


def test_waiting_for_the_customer_does_not_stop_the_wait_for_a_reply(company, row):
    move(company.assigned, row, "accept", 0.5)
    say(company.requester, row, 1)
    move(company.assigned, row, "hold", 1.5, hold_reason="customer")
    assert Clock.objects.get(measure="next_reply").due_at == at(3)


def test_thanks_for_a_delivery_await_no_reply(company, row):
    move(company.assigned, row, "accept", 0.5)
    move(company.assigned, row, "deliver", 1)
    say(company.requester, row, 2)
    assert rounds() == []


def test_a_delivery_ends_the_wait_and_a_rejection_does_not_begin_it_again(company, row):
    move(company.assigned, row, "accept", 0.5)
    say(company.requester, row, 1)
    move(company.assigned, row, "deliver", 2)
    move(company.requester, row, "reject", 3, agreed="a", received="b", remedy="a")
    assert rounds() == [(1, at(1), at(2), None)]
    say(company.requester, row, 4)
    assert rounds()[1] == (2, at(4), None, None)


def test_where_no_first_answer_is_promised_the_words_before_one_await_nothing(company, row):
    Target.objects.filter(measure="response").delete()
    row = file_laptop(company, at=START, urgency=1, impact=3)
    say(company.requester, row, 0.2)
    assert rounds() == []
    say(company.assigned, row, 0.5)
    say(company.requester, row, 1)
    assert rounds() == [(1, at(1), None, None)]


def test_no_clock_runs_on_a_request_that_closed_by_itself(company, row):
    move(company.assigned, row, "accept", 0.5)
    delivered = move(company.assigned, row, "deliver", 1)
    Clock.objects.create(  # as an older version of this software left them: thanks opened a wait
        service_request=row, measure="next_reply", seconds=HOUR, started_at=at(1.5), due_at=at(2.5),
        calendar_version_id=company.calendar.current_id,
    )  # fmt: skip
    assert close_unanswered(pk=row.pk, now=delivered.acceptance_due_at)
    row.refresh_from_db()
    assert (row.status, row.due_at) == ("closed", None)
    assert rounds() == [(1, at(1.5), delivered.acceptance_due_at, at(2.5))]
    assert Clock.objects.filter(stopped_at=None).count() == 0
