"""The table of steps, restated by hand."""

from datetime import date

import pytest

from feedback.actions.states import MEANING, MOVES, STEP_WORDS, State, check_on, move_of
from requests_app.events.states import KINDS
from requests_app.kernel.errors import DomainError
from requests_app.org.policies import matrix

TABLE = {
    "contain": ("open", "contained"),
    "analyse": ("contained analysed", "analysed"),
    "plan": ("analysed planned", "planned"),
    "finish": ("planned", "done"),
    "verify": ("done", "verified"),
    "send_back": ("done", "planned"),
    "close": ("verified", "closed"),
    "recur": ("verified closed", "open"),
    "cancel": ("open contained analysed planned", "cancelled"),
}


def test_the_table_is_the_one_that_was_decided():
    assert {move.name: (move.sources, move.target) for move in MOVES.values()} == {
        name: (frozenset(sources.split()), target) for name, (sources, target) in TABLE.items()
    }


def test_every_step_has_words_a_row_of_the_matrix_and_a_known_event():
    assert STEP_WORDS.keys() == MOVES.keys()
    assert [move.name for move in MOVES.values() if move.permission not in matrix() or move.event not in KINDS] == []
    assert MEANING.keys() == set(State.values)


def test_a_step_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(DomainError) as refused:
        move_of("dance")
    assert (refused.value.status, "send_back" in refused.value.message) == (400, True)


def test_the_check_comes_after_the_days_agreed_or_the_usual_thirty():
    assert (check_on(date(2026, 1, 1), None), check_on(date(2026, 1, 1), 7)) == (date(2026, 1, 31), date(2026, 1, 8))
