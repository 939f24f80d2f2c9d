"""From counts to scores: the worked examples, and who cannot be told apart."""

import numpy as np
import pytest

from feedback.awards.states import Scored, Seen, decided_by_figures
from metrics.awards import statistics as stats
from metrics.benchmark.states import Sums


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("n", "mean", "expected"), [(3, 5.0, 4.130435), (100, 4.5, 4.416667), (0, 0.0, 4.0)])
def test_the_bayesian_average_equals_the_worked_examples(n, mean, expected):
    assert stats.bayesian_average(n, mean, weight=20, prior=4.0) == pytest.approx(expected, abs=1e-6)


def test_one_of_one_does_not_lead_over_many_of_many():
    cells = {1: (1, 1), 2: (950, 1000), 3: (700, 1000), 4: (850, 1000)}
    known = stats.known_shares("kept", cells, chance())
    values = {unit: one.part.value for unit, one in known.items()}
    assert values[2] > values[1] > values[3]


def test_the_prior_is_that_of_kleinman_s_moments_worked_by_hand():
    cells = {1: (40, 50), 2: (25, 50)}
    # p0 .65, S 2.25, rho (2.25 - .2275) / (.2275 * (100 - 50 - 1)) = .181431, M 4.511743
    known = stats.known_shares("kept", cells, chance())
    assert known[1].part.value == pytest.approx((40 + 4.511743 * 0.65) / 54.511743, abs=1e-6)


def test_units_that_differ_no_more_than_by_chance_are_all_the_same():
    known = stats.known_shares("kept", {1: (45, 50), 2: (44, 50), 3: (46, 50)}, chance())
    assert {unit: (one.part.z, bool(one.draws.any())) for unit, one in known.items()} == dict.fromkeys(
        (1, 2, 3), (0, False)
    )


def test_of_similar_units_with_many_requests_each_nobody_is_the_best():
    """tau² is 0 for three like these: they are all the same."""
    cells = {unit: Sums(500, 500 * mean, 500 * (mean**2 + 1)) for unit, mean in ((1, 2.0), (2, 2.02), (3, 1.99))}
    known = stats.known_times("speed", cells, chance())
    units = {unit: Scored(unit, Seen(500)) for unit in cells}
    scored = stats.scores_of(units, {"speed": known}, {"speed": 1}, chance())
    chances = {one.department_id: one.chance for one in scored}
    assert chances == pytest.approx(dict.fromkeys((1, 2, 3), 1 / 3))
    assert decided_by_figures(chances) == ("none", [])


def test_who_is_clearly_quicker_is_the_best():
    cells = {unit: Sums(200, 200 * mean, 200 * (mean**2 + 0.5)) for unit, mean in ((1, 2.0), (2, 3.0), (3, 3.2))}
    units = {unit: Scored(unit, Seen(200)) for unit in cells}
    scored = stats.scores_of(units, {"speed": stats.known_times("speed", cells, chance())}, {"speed": 1}, chance())
    assert decided_by_figures({one.department_id: one.chance for one in scored}) == ("winner", [1])


def test_the_same_seed_gives_the_same_scores():
    def scored(seed: int) -> list[Scored]:
        generator = chance(seed)
        known = stats.known_shares("kept", {1: (40, 50), 2: (25, 50)}, generator)
        return stats.scores_of({1: Scored(1, Seen()), 2: Scored(2, Seen())}, {"kept": known}, {"kept": 1}, generator)

    assert scored(5) == scored(5)
    assert scored(5) != scored(6)


def test_a_part_of_which_nothing_is_known_is_the_middle_give_or_take_one():
    known = {"kept": stats.known_shares("kept", {1: (40, 50), 2: (25, 50)}, chance())}
    three = stats.scores_of({key: Scored(key, Seen()) for key in (1, 2, 3)}, known, {"kept": 1}, chance())[2]
    assert (three.score, three.parts[0].value) == (0, None)
    assert three.high == pytest.approx(1.96, abs=0.1)


def test_units_that_differ_utterly_have_no_certain_posterior():
    known = stats.known_shares("kept", {1: (50, 50), 2: (0, 50)}, chance())
    assert 0.95 < known[1].part.low < known[1].part.value < 1


def test_pairs_who_give_each_other_only_the_best_far_above_what_others_give_are_found():
    given = {(1, 2): (4, 20), (2, 1): (6, 30), (3, 1): (10, 30), (4, 1): (10, 32), (3, 2): (10, 35), (4, 2): (10, 33)}
    assert stats.reciprocal_pairs(given) == [(1, 2)]
    assert stats.reciprocal_pairs(given | {(2, 1): (6, 29)}) == []
    assert stats.reciprocal_pairs({key: cell for key, cell in given.items() if key != (4, 1)}) == []
    assert stats.reciprocal_pairs(given | {(4, 2): (10, 50)}) == []  # the others give as much
