"""Worked examples of means, alpha and gaps; real answers where the data is at hand."""

import csv
import json
from pathlib import Path
from statistics import correlation

import pytest

from feedback.surveys.statistics import cronbach, gaps_of, is_straight, mean_of, overall_gap, places_of

DATA = Path(__file__).parents[4] / "shared" / "data"
MATRIX = [[4, 5, 4], [3, 3, 2], [5, 5, 5], [2, 3, 3], [4, 4, 5]]
ORDER = ["reliability", "responsiveness", "assurance", "empathy", "tangibles"]
EXPECTED = [[6, 7, 6, 5, 7], [7, 7, 6, 6, 6], [5, 6, 7, 5, 6]]
PERCEIVED = [[5, 6, 6, 5, 4], [6, 5, 4, 6, 5], [5, 5, 6, 4, 5]]
PEOPLE = [
    {name: [(p, e)] for name, p, e in zip(ORDER, is_, should, strict=True)}
    for is_, should in zip(PERCEIVED, EXPECTED, strict=True)
]


def test_the_mean_of_the_worked_example_has_its_interval_by_t():
    mean = mean_of([7, 6, 6, 5, 4, 7, 3, 6, 5, 6])
    assert (mean.n, mean.value, round(mean.low, 3), round(mean.high, 3)) == (10, 5.5, 4.592, 6.408)


def test_of_nothing_there_is_no_mean_and_of_one_no_interval():
    assert mean_of([]) is None
    assert (mean_of([3]).low, mean_of([3]).high) == (None, None)
    assert (mean_of([5, 5, 4], bounds=(1, 5)).high, mean_of([5, 5, 5]).low) == (5, 5)


def test_alpha_of_the_worked_example_and_feldts_interval():
    alpha = cronbach(MATRIX)
    assert (alpha.n, alpha.k) == (5, 3)
    assert [round(x, 6) for x in (alpha.value, alpha.low, alpha.high)] == [0.917476, 0.583035, 0.99081]


def test_alpha_is_absent_where_it_says_nothing():
    assert cronbach([]) is None
    assert cronbach([[1], [2], [3]]) is None
    assert cronbach(MATRIX[:2]) is None
    assert cronbach([[3, 3]] * 5) is None


def test_alpha_without_an_item_is_that_of_the_others():
    for rows in (MATRIX, [[1, 2, 5, 1], [2, 2, 4, 3], [4, 5, 1, 4], [5, 4, 2, 3], [3, 3, 3, 5]]):
        for place, found in enumerate(places_of(rows)):
            others = [row[:place] + row[place + 1 :] for row in rows]
            assert round(found.alpha_without, 9) == round(cronbach(others).value, 9)
            assert round(found.rest, 9) == round(correlation([row[place] for row in rows], list(map(sum, others))), 9)


def test_an_item_that_is_asked_in_reverse_goes_against_the_others():
    rows = [[one + (one + place) % 2 for place in range(6)] for one in (1, 2, 3, 4, 2)]
    turned = [[6 - row[0], *row[1:]] for row in rows]
    assert [one.looks_reversed for one in places_of(turned)] == [True] + [False] * 5
    assert round(places_of(turned)[0].alpha_without, 9) == round(places_of(rows)[0].alpha_without, 9)
    assert cronbach([[row[0], 6 - row[1]] for row in MATRIX]).value < 0


def test_of_two_items_or_of_equal_answers_there_is_no_alpha_without_one():
    assert [one.alpha_without for one in places_of([[1, 2], [2, 3], [3, 5]])] == [None, None]
    assert [(one.rest, one.alpha_without) for one in places_of([[3, 3, 1]] * 4)] == [(None, None)] * 3
    assert places_of([[3, 3, 1]]) == []


def test_straight_lines_are_told_from_six_items_on():
    assert [is_straight(row) for row in ([3] * 6, [3] * 5, [3, 3, 3, 3, 3, 4])] == [True, False, False]


def test_gaps_of_the_worked_example():
    gaps = gaps_of(PEOPLE)
    assert [gap.dimension for gap in gaps] == ORDER
    assert [round(gap.gap, 6) for gap in gaps] == [-0.666667, -1.333333, -1.0, -0.333333, -1.666667]
    assert round(overall_gap(gaps), 6) == -1.0
    weights = dict(zip(ORDER, [0.32, 0.22, 0.19, 0.16, 0.11], strict=True))
    assert round(overall_gap(gaps, weights), 6) == -0.933333
    assert round(sum(gap.perception for gap in gaps) / 5, 6) == 5.133333


def test_a_half_answered_pair_is_dropped_and_below_sixty_percent_the_person():
    assert gaps_of([{"a": [(5, 7), (4, None)]}]) == []
    found = gaps_of([{"a": [(5, 7), (4, 5), (3, None)]}])[0]
    assert (found.n, found.gap) == (1, -1.5)
    assert gaps_of([]) == []
    assert overall_gap([]) is None
    assert overall_gap(gaps_of(PEOPLE), dict.fromkeys(ORDER, 0)) is None


@pytest.mark.skipif(not (DATA / "survey_28_items.csv").exists(), reason="the real answers are not at hand")
def test_of_real_answers_all_comes_out_as_reckoned_elsewhere():
    wanted = json.loads((DATA / "survey_28_items_expected.json").read_text())["survey_28_items"]
    with (DATA / "survey_28_items.csv").open() as file:
        rows = [[int(value) for value in row[5:]] for row in list(csv.reader(file))[1:]]
    varied = [row for row in rows if not is_straight(row)]
    told = {"rows": len(rows), "items": len(rows[0]), "straight_liners": len(rows) - len(varied)}
    assert told == {name: wanted[name] for name in told}
    for name, some in (("alpha_all", rows), ("alpha_without_straight_liners", varied)):
        alpha = cronbach(some)
        assert [round(x, 6) for x in (alpha.value, alpha.low, alpha.high)] == [
            wanted[name]["alpha"],
            *wanted[name]["feldt95"],
        ]
    without_first = cronbach([row[1:] for row in rows]).value
    assert round(places_of(rows)[0].alpha_without, 9) == round(without_first, 9)
