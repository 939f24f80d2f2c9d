"""The life of a request, restated by hand: whoever changes the table has to change this sentence by sentence."""

import pytest

from requests_app.desk.states import ACTIVE, ENDED, MOVES, OPEN, Status, move_of, number_of, pk_of
from requests_app.events.states import KINDS
from requests_app.kernel.errors import DomainError

LIFE = {
    "accept": ({"new"}, "accepted"),
    "start": ({"accepted"}, "in_progress"),
    "hold": ({"accepted", "in_progress"}, "on_hold"),
    "resume": ({"on_hold"}, "in_progress"),
    "deliver": ({"accepted", "in_progress"}, "delivered"),
    "decline": ({"new", "accepted"}, "declined"),
    "confirm": ({"delivered"}, "closed"),
    "reject": ({"delivered"}, "in_progress"),
    "cancel": ({"new", "accepted", "in_progress", "on_hold"}, "cancelled"),
    "reopen": ({"closed"}, "in_progress"),
}


def test_the_table_is_the_life_of_a_request():
    assert {action: (set(move.sources), move.target) for action, move in MOVES.items()} == LIFE


def test_every_move_is_recorded_as_a_known_event():
    assert {move.event for move in MOVES.values()} - KINDS == set()


def test_every_status_is_open_or_delivered_or_ended():
    assert OPEN | {Status.DELIVERED} == ACTIVE
    assert set(Status.values) == ACTIVE | ENDED
    assert set() == ACTIVE & ENDED


def test_every_state_but_declined_and_cancelled_can_be_left():
    left = set().union(*(move.sources for move in MOVES.values()))
    assert set(Status.values) - left == {"declined", "cancelled"}


def test_every_state_but_new_can_be_reached():
    assert {move.target for move in MOVES.values()} == set(Status.values) - {"new"}


def test_an_unknown_step_is_refused_with_the_steps_there_are():
    with pytest.raises(DomainError, match="accept, start, hold") as refusal:
        move_of("explode")
    assert (refusal.value.status, refusal.value.code) == (400, "unknown_action")


@pytest.mark.parametrize(
    ("typed", "pk"),
    [("SR-000123", 123), ("sr-123", 123), (" 123 ", 123), ("SR-", None), ("", None), ("x", None), ("١٢", None),
     ("1" * 16, None), ("-5", None)],
)  # fmt: skip
def test_a_number_is_understood_as_people_type_it(typed, pk):
    assert pk_of(typed) == pk


def test_a_number_has_six_digits_and_grows_beyond():
    assert (number_of(123), number_of(12345678)) == ("SR-000123", "SR-12345678")
