"""Which weeks count, on which side, and what is made of an interval."""

from datetime import date, timedelta
from math import log

import pytest

from metrics.improvement import states
from metrics.improvement.states import Horizon, Verdict, Week
from requests_app.kernel.errors import DomainError

WEDNESDAY = date(2026, 6, 10)
MONDAY = date(2026, 6, 8)


def weeks(first: date, n: int, value: float | None = 100.0, count: int = 20) -> list[Week]:
    return [Week(first + timedelta(weeks=at), value, count) for at in range(n)]


def test_weeks_reach_from_half_a_year_before_to_the_last_that_is_over():
    found = states.weeks_between(WEDNESDAY, None, date(2026, 7, 1))
    assert (found[0].start, found[-1].end) == (MONDAY - timedelta(weeks=26), date(2026, 6, 29))
    assert {piece.days for piece in found} == {7}


def test_weeks_end_three_quarters_after_and_begin_before_what_triggered_it():
    found = states.weeks_between(WEDNESDAY, date(2026, 5, 7), date(2030, 1, 1))
    assert found[0].start == date(2026, 5, 4) - timedelta(weeks=26)
    assert found[-1].end == date(2026, 6, 15) + timedelta(weeks=39)


def test_a_plan_of_the_future_has_its_baseline_so_far():
    found = states.weeks_between(date(2027, 1, 4), None, date(2026, 12, 1))
    assert (len(found), found[-1].end) == (26, date(2027, 1, 4))


def test_the_week_in_which_it_begins_and_what_triggered_it_are_on_neither_side():
    rows = weeks(MONDAY - timedelta(weeks=12), 24)
    sides = states.sides_of(rows, WEDNESDAY, MONDAY - timedelta(weeks=3), Horizon.FIRST, 5)
    assert (len(sides.before), len(sides.after)) == (9, 11)
    assert sides.before[-1].monday == MONDAY - timedelta(weeks=4)
    assert sides.after[0].monday == MONDAY + timedelta(weeks=1)


def test_a_plan_that_begins_on_monday_counts_that_week():
    sides = states.sides_of(weeks(MONDAY - timedelta(weeks=8), 17), MONDAY, None, Horizon.FIRST, 5)
    assert (len(sides.before), len(sides.after), sides.is_enough) == (8, 9, True)


def test_quarters_follow_each_other():
    assert [states.begins_on(MONDAY, horizon) for horizon in Horizon.values] == [
        MONDAY, MONDAY + timedelta(weeks=13), MONDAY + timedelta(weeks=26),
    ]  # fmt: skip


def test_weeks_with_few_requests_are_no_points():
    rows = weeks(MONDAY - timedelta(weeks=8), 8, count=9) + weeks(MONDAY, 8) + weeks(MONDAY, 1, value=None)
    assert len(states.sides_of(rows, MONDAY, None, Horizon.FIRST, 10).before) == 0
    assert len(states.sides_of(rows, MONDAY, None, Horizon.FIRST, 0).before) == 8


def test_durations_are_told_in_percent_and_zero_has_a_logarithm():
    assert states.to_scale("ratio", 0) == log(60)
    assert round(states.from_scale("ratio", log(0.82)), 10) == -0.18
    assert states.from_scale("points", 0.05) == states.to_scale("points", 0.05) == 0.05


@pytest.mark.parametrize(
    ("direction", "low", "high", "p", "verdict"),
    [
        ("lower", -0.27, -0.09, 0.001, Verdict.IMPROVED),
        ("lower", 0.09, 0.27, 0.001, Verdict.WORSE),
        ("higher", 0.09, 0.27, 0.001, Verdict.IMPROVED),
        ("higher", -0.27, -0.09, 0.001, Verdict.WORSE),
        ("lower", -0.27, 0.01, 0.06, Verdict.NO_EVIDENCE),
        ("lower", -0.27, -0.01, 0.05, Verdict.NO_EVIDENCE),  # corrected for other figures it is not enough
    ],
)
def test_a_verdict_needs_an_interval_without_no_change(direction, low, high, p, verdict):
    assert states.verdict_of(direction, low, high, p) == verdict


@pytest.mark.parametrize(
    ("first", "later", "interval", "held"),
    [
        ("improved", "improved", (-0.3, -0.1), True),
        ("improved", "worse", (0.1, 0.3), False),
        ("improved", "no_evidence", (-0.1, 0.1), False),  # the first effect of −20 % is out of reach
        ("improved", "no_evidence", (-0.25, 0.1), None),
        ("improved", "too_early", (None, None), None),
        ("no_evidence", "improved", (-0.3, -0.1), None),
    ],
)
def test_whether_it_held_is_told_only_where_it_can_be(first, later, interval, held):
    assert states.held(first, later, -0.2, *interval) is held


def test_figures_have_a_better_side_and_are_counted_by_the_week():
    assert {"resolution_time", "resolution_kept", "rating_mean"} <= set(states.FIGURES)
    assert not {"created", "backlog", "left", "held_by_customer"} & set(states.FIGURES)


def test_moves_are_the_table():
    assert {name: (sorted(move.sources), move.target, move.event) for name, move in states.MOVES.items()} == {
        "start": (["planned"], "running", "improvement.started"),
        "judge": (["running"], "judged", "improvement.judged"),
        "close": (["judged"], "closed", "improvement.closed"),
        "cancel": (["planned", "running"], "cancelled", "improvement.cancelled"),
    }
    with pytest.raises(DomainError):
        states.move_of("dance")
