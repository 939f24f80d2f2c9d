"""Standardised, pulled in, told apart: on numbers worked out by hand and on noise."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.benchmark import states
from metrics.benchmark.states import LeftOut, Shrunk, Sums

EASY, HARD = ("information", 4), ("technical", 1)


def shares(**strata):
    """easy=(good, n) and hard=(good, n)."""
    names = {"easy": EASY, "hard": HARD}
    return {names[name]: Sums(n, good, good) for name, (good, n) in strata.items()}


def test_two_departments_alike_in_every_kind_are_alike_whatever_their_mix():
    """90 % of easy and 50 % of hard ones kept by both; raw shares of 86 and 54 % come from the mix alone."""
    cells = {1: shares(easy=(810, 900), hard=(50, 100)), 2: shares(easy=(90, 100), hard=(450, 900))}
    company = states.company_of(cells)
    found = {key: states.adjusted(own, company, shares=True) for key, own in cells.items()}

    assert (found[1].raw, found[2].raw) == (0.86, 0.54)
    assert (found[1].value, found[2].value) == (pytest.approx(0.7), pytest.approx(0.7))
    assert company.whole.mean == pytest.approx(0.7)


def test_direct_standardisation_weighs_by_the_companys_mix():
    """Of 400 requests 300 are easy: 0.75 x 0.8 + 0.25 x 0.4 = 0.7."""
    cells = {1: shares(easy=(80, 100), hard=(20, 50)), 2: shares(easy=(190, 200), hard=(30, 50))}
    found = states.adjusted(cells[1], states.company_of(cells), shares=True)

    assert found.value == pytest.approx(0.7)
    assert found.covered == 1


def test_a_department_of_one_kind_is_compared_over_that_kind():
    """Its 80 % of easy ones against the company's 270 of 300: 10 points worse, told at the company's mean."""
    cells = {1: shares(easy=(80, 100)), 2: shares(easy=(190, 200), hard=(50, 100))}
    company = states.company_of(cells)
    found = states.adjusted(cells[1], company, shares=True)

    assert found.value == pytest.approx(company.whole.mean - 0.1)
    assert found.covered == pytest.approx(0.75)


def test_with_one_kind_only_the_error_is_that_of_a_share():
    cells = {1: shares(easy=(50, 100)), 2: shares(easy=(50, 100))}
    found = states.adjusted(cells[1], states.company_of(cells), shares=True)

    assert (found.error, found.worth) == (pytest.approx(0.05), pytest.approx(100))


def test_tau_after_dersimonian_and_laird():
    """Means 0, 1, 2 with variance 1/4 each: Q = 8, tau² = (8 - 2) / (12 - 4) = 0.75; the pull is 0.75."""
    assert states.between_variance([(0, 0.25), (1, 0.25), (2, 0.25)]) == pytest.approx(0.75)

    found = {row.key: row for row in states.shrunk_means({1: (0, 0.5), 2: (1, 0.5), 3: (2, 0.5)})}
    assert [found[key].value for key in (1, 2, 3)] == [pytest.approx(0.25), pytest.approx(1), pytest.approx(1.75)]
    assert found[1].sd ** 2 == pytest.approx(0.75 * 0.25 + 0.25**2 / 3)


def test_departments_that_differ_no_more_than_chance_become_one():
    found = states.shrunk_means({1: (10.0, 1.0), 2: (10.4, 1.0), 3: (9.6, 1.0)})

    assert {round(row.value, 9) for row in found} == {10.0}


def test_one_of_one_does_not_lead():
    """Raw 100 % of twelve stays behind 95 % of a thousand: the order is by what is certain."""
    rest = {key: (0.8 - key / 100, 0.014) for key in range(3, 9)}
    rows = states.ordered(states.shrunk_means({1: (1.0, 0.09), 2: (0.95, 0.007)} | rest), higher=True)

    assert rows[0].key == 2


def test_lower_is_better_where_it_is():
    rows = [Shrunk(1, 5.0, 0.1), Shrunk(2, 3.0, 0.1), Shrunk(3, 2.9, 2.0)]

    assert [row.key for row in states.ordered(rows, higher=False)] == [2, 1, 3]


def test_groups_overlap_where_the_middle_is_like_both_ends():
    rows = [Shrunk(1, 3.0, 0.5), Shrunk(2, 2.0, 0.5), Shrunk(3, 1.0, 0.5)]

    assert states.groups_of(rows) == [[1, 2], [2, 3]]
    assert states.groups_of(rows[:1]) == [[1]]
    assert states.groups_of([]) == []


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 3)), max_size=12))
def test_everybody_is_in_a_group_and_no_two_in_it_differ(pairs):
    rows = states.ordered([Shrunk(key, *pair) for key, pair in enumerate(pairs)], higher=True)
    by_key = {row.key: row for row in rows}
    groups = states.groups_of(rows)

    assert {key for group in groups for key in group} == set(by_key)
    assert not any(states.differ(by_key[one], by_key[other]) for group in groups for one in group for other in group)


@pytest.mark.parametrize(("place", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (52, "BA")])
def test_groups_are_lettered(place, text):
    assert states.letter(place) == text


def test_few_requests_few_people_and_other_kinds_are_left_out_with_the_reason():
    cells = {
        1: shares(easy=(400, 500), hard=(400, 500)),
        2: shares(easy=(9, 9)),
        3: shares(easy=(30, 40), hard=(10, 20)),
        4: {("service", level): Sums(4, 3, 3) for level in range(1, 5)},
    }
    found = states.compared(cells, shares=True, higher=True, hidden=[3])

    assert found.left_out == {2: (9, LeftOut.FEW), 3: (60, LeftOut.PEOPLE), 4: (16, LeftOut.MIX)}
    assert [place.key for place in found.places] == [1]


def test_a_kind_of_which_a_department_has_fewer_than_five_does_not_decide():
    cells = {1: shares(easy=(90, 100), hard=(0, 4)), 2: shares(easy=(90, 100), hard=(50, 100))}
    found = states.adjusted(cells[1], states.company_of(cells), shares=True)

    assert found.value == pytest.approx(states.company_of(cells).whole.mean)
    assert found.n == 104


def test_nothing_counted_compares_nothing():
    assert states.compared({}, shares=True, higher=True) == states.Comparison()


def test_departments_that_really_differ_are_told_apart():
    cells = {1: shares(easy=(950, 1000)), 2: shares(easy=(940, 1000)), 3: shares(easy=(700, 1000))}
    found = states.compared(cells, shares=True, higher=True)

    assert found.groups == [[1, 2], [3]]
    assert [place.groups for place in found.places] == ["A", "A", "B"]
    assert not found.all_alike


def _of_equals(dice):
    cells = {}
    for key in range(8):
        n = dice.choice([30, 80, 200])
        cells[key] = shares(
            easy=(sum(dice.random() < 0.9 for _ in range(n)), n), hard=(sum(dice.random() < 0.6 for _ in range(n)), n)
        )
    return states.compared(cells, shares=True, higher=True)


def test_equals_are_seldom_told_apart():
    dice = Random(5)
    told_apart = sum(not _of_equals(dice).all_alike for _round in range(40))

    assert told_apart <= 4


@pytest.mark.long
def test_equals_are_told_apart_in_at_most_one_comparison_of_twenty():
    dice = Random(6)
    told_apart = sum(not _of_equals(dice).all_alike for _round in range(1000))

    assert told_apart / 1000 < 0.05
