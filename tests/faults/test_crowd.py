"""Many at once: a thousand filings, two people on one button, the same form sent again."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.harms import database_address
from tests.faults.rig import Rig, file_one, post, running_product

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def rig():
    with running_product(database_address()) as product:
        yield product


@pytest.mark.parametrize("many", [250, pytest.param(1000, marks=pytest.mark.long)])
def test_many_filings_at_once_are_as_many_requests(many, rig):
    before = rig.query("SELECT count(*) FROM desk_servicerequest")[0][0]
    began = time.monotonic()
    with ThreadPoolExecutor(200) as crowd:
        entries = list(crowd.map(lambda _number: file_one(rig), range(many)))
    spent = time.monotonic() - began

    numbers = {json.loads(entry.said)["number"] for entry in entries}
    assert [entry.status for entry in entries] == [201] * many
    assert len(numbers) == many
    assert rig.query("SELECT count(*) FROM desk_servicerequest")[0][0] - before == many
    assert spent < 60
    rig.wait_until(rig.drained, seconds=120, what="the figures to catch up")


@pytest.mark.parametrize("rounds", [25, pytest.param(100, marks=pytest.mark.long)])
def test_two_people_pressing_two_buttons_at_once_get_one_move_and_one_refusal_each_time(rounds, rig):
    answers = [_press_both(rig) for _round in range(rounds)]

    assert answers == [[200, 409]] * rounds


def _press_both(rig: Rig) -> list[int]:
    number = json.loads(file_one(rig).said)["number"]
    for action in ("accept", "deliver"):
        assert post(rig, "assigned", f"requests/{number}/moves/", {"action": action})[0] == 200
    gate = threading.Barrier(2)
    reject = {"action": "reject", "agreed": "Two", "received": "One", "remedy": "Another one"}

    def press(person: str, body: dict) -> int:
        gate.wait()
        return post(rig, person, f"requests/{number}/moves/", body)[0]

    with ThreadPoolExecutor(2) as pair:
        presses = [pair.submit(press, "requester", {"action": "confirm"}), pair.submit(press, "customer_head", reject)]
        return sorted(done.result() for done in presses)


def test_one_key_sent_fifty_times_at_once_is_one_request(rig):
    body = {"service": "laptop", "title": "fault once", "urgency": 3, "impact": 3, "form": {"model": "13 inch"}}
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _n: post(rig, "requester", "requests/", body, key="once"), range(50)))

    assert {status for status, _said in answers} == {201}
    assert len({json.loads(said)["number"] for _status, said in answers}) == 1
    assert rig.query("SELECT count(*) FROM desk_servicerequest WHERE title = 'fault once'") == [(1,)]


@pytest.mark.parametrize("rounds", [10, pytest.param(50, marks=pytest.mark.long)])
def test_two_heads_who_begin_and_end_a_talk_at_once_get_one_effect(rounds, rig):
    """Both begin, one ends while the other calls it off: one of each counts, and one next talk is planned."""
    rhythm = {"every_weeks": 1, "weekday": 1, "at_time": "10:00"}
    made = post(
        rig, "supplier_head", "meetings/series/", {"kind": "customer", "supplier": "it", "customer": "sales"} | rhythm
    )
    talk = json.loads(made[1])["next"]
    for _round in range(rounds):
        assert _both_step(rig, talk, {"step": "begin"}, {"step": "begin"}) == [200, 409]
        assert _both_step(rig, talk, {"step": "end"}, {"step": "cancel", "reason": "Fair week"}) == [200, 409]
        assert rig.query("SELECT count(*) FROM talks_talk WHERE state = 'planned'") == [(1,)]
        talk = rig.query("SELECT id FROM talks_talk WHERE state = 'planned'")[0][0]
    assert rig.query("SELECT count(*) FROM events_event WHERE kind = 'meeting.begun'") == [(rounds,)]


def _both_step(rig: Rig, talk: int, one: dict, other: dict) -> list[int]:
    gate = threading.Barrier(2)

    def step(person: str, body: dict) -> int:
        gate.wait()
        return post(rig, person, f"meetings/{talk}/steps/", body)[0]

    with ThreadPoolExecutor(2) as pair:
        presses = [pair.submit(step, "supplier_head", one), pair.submit(step, "customer_head", other)]
        return sorted(done.result() for done in presses)
