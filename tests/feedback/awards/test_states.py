"""Who wins, as a table."""

import pytest

from feedback.awards.states import Floors, Scored, Seen, decided_by_figures, decided_by_votes, in_order

GOOD = {"n": 30, "asked": 10, "answered": 2, "flagged": 1}


@pytest.mark.parametrize(
    ("chances", "decision"),
    [
        ({1: 0.8, 2: 0.2}, ("winner", [1])),
        ({1: 0.79, 2: 0.11, 3: 0.1}, ("joint", [1, 2])),
        ({1: 0.4, 2: 0.3, 3: 0.2, 4: 0.1}, ("joint", [1, 2, 3])),
        ({1: 0.5, 2: 0.5}, ("none", [])),
        ({1: 0.34, 2: 0.33, 3: 0.33}, ("none", [])),
        ({1: 0.3, 2: 0.3, 3: 0.15, 4: 0.15, 5: 0.1}, ("none", [])),
        ({1: 0.2, 2: 0.1}, ("none", [])),
        ({}, ("none", [])),
    ],
)
def test_by_figures_one_wins_from_a_chance_of_eighty_percent_or_few_together_or_nobody(chances, decision):
    assert decided_by_figures(chances) == decision


@pytest.mark.parametrize(
    ("votes", "tie", "decision"),
    [
        ({1: 3, 2: 2}, "joint", ("winner", [1])),
        ({1: 3, 2: 3, 3: 1}, "joint", ("joint", [1, 2])),
        ({1: 3, 2: 3, 3: 1}, "figures", ("winner", [2])),
        ({2: 3, 3: 3}, "figures", ("joint", [2, 3])),
        ({1: 2, 2: 2, 3: 2, 4: 2}, "joint", ("none", [])),
        ({1: 0, 2: 0}, "joint", ("none", [])),
        ({}, "joint", ("none", [])),
    ],
)
def test_the_most_votes_win_and_equal_ones_by_the_rule(votes, tie, decision):
    assert decided_by_votes(votes, {1: 0.5, 2: 0.9, 3: 0.9, 4: 0.1}, tie) == decision


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ({}, ()),
        ({"n": 29}, ("few",)),
        ({"n": 101}, ("many",)),
        ({"answered": 1}, ("silent",)),
        ({"asked": 0, "answered": 0}, ("silent",)),
        ({"complaints": 1}, ("complaint",)),
        ({"n": 40, "flagged": 2}, ("flags",)),
        ({"n": 0, "asked": 0, "answered": 0, "flagged": 0}, ("few", "silent")),
    ],
)
def test_floors_are_reached_exactly(more, reasons):
    assert Floors(most_requests=100).missed(Seen(**(GOOD | more))) == reasons


def test_places_go_by_the_cautious_bound_and_the_ineligible_have_none():
    rows = [Scored(1, Seen(), bound=0.1), Scored(2, Seen(), bound=0.4), Scored(3, Seen(), reasons=("few",), bound=1)]
    assert [one.department_id for one in in_order(rows)] == [2, 1]
