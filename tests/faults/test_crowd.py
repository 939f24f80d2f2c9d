"""Many at once: a thousand filings, two people on one button, the same form sent again, one person fifty times."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from tests.faults.rig import Rig, file_one, post

pytestmark = pytest.mark.fault


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


ONCE = pytest.mark.parametrize("tries", [8, pytest.param(50, marks=pytest.mark.long)])


def _at_once(rig: Rig, person: str, path: str, bodies: list[dict]) -> list[int]:
    """The same person sends all of them together."""
    with ThreadPoolExecutor(len(bodies)) as crowd:
        return sorted(crowd.map(lambda body: post(rig, person, path, body)[0], bodies))


def _made(rig: Rig, person: str, path: str, body: dict) -> dict:
    status, said = post(rig, person, path, body)
    assert status < 300, said
    return json.loads(said)


def _group(rig: Rig) -> int:
    """A joint group of IT and Sales; the head of Sales sits in it from the start."""
    days = {"starts_on": "2026-01-01", "ends_on": "2027-12-31", "goal": "One password"}
    made = _made(rig, "supplier_head", "groups/", {"name": "Once", "department": "it", "others": ["sales"]} | days)
    return made["id"]


@ONCE
def test_somebody_who_is_brought_in_many_times_at_once_sits_in_the_group_once(tries, rig):
    group, who = _group(rig), rig.cast["colleague"]
    body = {"department": "sales", "person": "cora.colleague@example.test"}
    assert _at_once(rig, "supplier_head", f"groups/{group}/members/", [body] * tries) == [200] * tries
    seats = "SELECT count(*) FROM groups_member WHERE group_id = %s AND person_id = %s"
    told = (
        "SELECT count(*) FROM events_event"
        " WHERE kind = 'group.joined' AND subject_id = %s AND (data->>'person')::int = %s"
    )
    assert [rig.query(sql, group, who) for sql in (seats, told)] == [[(1,)], [(1,)]]


@ONCE
def test_a_member_who_answers_a_wall_check_many_times_at_once_has_answered_once(tries, rig):
    group = _group(rig)
    _made(rig, "supplier_head", f"groups/{group}/wall/", {"step": "open"})
    names = ("budget", "schedule", "specification", "customer", "goals")
    answers = [dict.fromkeys(names, 1 + number % 5) for number in range(tries)]
    assert _at_once(rig, "customer_head", f"groups/{group}/answer/", answers) == [200] + [409] * (tries - 1)
    stored = (
        "SELECT count(*) FROM groups_wallanswer a JOIN groups_wallcheck c ON c.id = a.check_round_id"
        " WHERE c.group_id = %s"
    )
    told = "SELECT count(*) FROM events_event WHERE kind = 'group.wall_answered' AND subject_id = %s"
    assert [rig.query(sql, group) for sql in (stored, told)] == [[(1,)], [(1,)]]


@ONCE
def test_a_question_for_which_two_answers_are_chosen_many_times_at_once_has_one(tries, rig):
    """The log tells each choice that changed something, in order; the last one is what stands."""
    topic = _made(rig, "requester", "forum/", {"title": "Which?", "department": "it"})["id"]
    replies = [_made(rig, "agent", f"forum/{topic}/replies/", {"body": words})["id"] for words in ("This", "That")]
    choices = [{"reply": replies[number % 2]} for number in range(tries)]
    assert _at_once(rig, "requester", f"forum/{topic}/answer/", choices) == [200] * tries
    told = (
        "SELECT (data->>'reply')::int FROM events_event WHERE kind = 'forum.answered' AND subject_id = %s ORDER BY id"
    )
    chosen = [row[0] for row in rig.query(told, topic)]
    assert rig.query("SELECT answer_id FROM forum_topic WHERE id = %s", topic) == [(chosen[-1],)]
    assert [one for one, other in pairwise(chosen) if one == other] == []


@ONCE
def test_who_follows_a_topic_many_times_at_once_follows_it_once(tries, rig):
    topic = _made(rig, "requester", "forum/", {"title": "Which?"})["id"]
    assert _at_once(rig, "colleague", f"forum/{topic}/follow/", [{"wanted": True}] * tries) == [200] * tries
    follows = "SELECT count(*) FROM forum_follow WHERE topic_id = %s AND person_id = %s"
    assert rig.query(follows, topic, rig.cast["colleague"]) == [(1,)]
