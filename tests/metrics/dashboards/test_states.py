"""Stretches of time, tiles in words, needs beyond chance, bins of the matrix."""

from datetime import date

import pytest

from metrics.dashboards.states import bins_of, needs_of, state_of, stretch_of, tile_of
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Figure, Period, Tally, figure_of
from requests_app.kernel.errors import WrongInput

TODAY = date(2026, 11, 24)


def share(good: int, n: int, *, key: str = "resolution_kept", target: float | None = 0.92) -> Figure:
    return figure_of(DEFINITIONS[key], Tally(n=n, total=good, squares=good), target)


def count(n: int, key: str = "created") -> Figure:
    return figure_of(DEFINITIONS[key], Tally(n=n, total=n))


@pytest.mark.parametrize(
    ("choice", "days", "named"), [("", 30, "30"), ("7", 7, "7"), ("quarter", 91, "quarter"), ("year", 365, "year")]
)
def test_a_period_ends_with_today(choice, days, named):
    stretch = stretch_of(choice, "", "", today=TODAY)

    assert (stretch.choice, stretch.period.days, stretch.period.last) == (named, days, TODAY)


def test_own_days_are_meant_inclusive():
    stretch = stretch_of("", "2026-10-01", "2026-10-31", today=TODAY)

    assert (stretch.choice, stretch.period) == ("own", Period(date(2026, 10, 1), date(2026, 11, 1)))


def test_an_own_day_left_out_is_today_or_thirty_days_before():
    assert stretch_of("own", "", "", today=TODAY).period == Period(date(2026, 10, 26), date(2026, 11, 25))
    assert stretch_of("own", "2026-11-20", "", today=TODAY).period.days == 5


@pytest.mark.parametrize(
    ("choice", "start", "end", "field"),
    [
        ("century", "", "", "period"),
        ("", "soon", "", "from"),
        ("", "", "2026-13-01", "to"),
        ("", "2026-11-02", "2026-11-01", "to"),
        ("", "2020-01-01", "2026-11-01", "from"),
        ("", "0001-01-01", "0001-02-01", "to"),
    ],
)
def test_days_that_make_no_sense_are_refused_by_field(choice, start, end, field):
    with pytest.raises(WrongInput) as refusal:
        stretch_of(choice, start, end, today=TODAY)
    assert list(refusal.value.errors) == [field]


def test_a_sparkline_has_up_to_twelve_pieces_that_end_with_the_period():
    for choice, pieces in [("7", 7), ("30", 12), ("year", 12)]:
        stretch = stretch_of(choice, "", "", today=TODAY)
        assert len(stretch.pieces) == pieces
        assert stretch.pieces[-1].end == stretch.period.end


@pytest.mark.parametrize(("good", "state"), [(95, "good"), (92, "good"), (91, "warn"), (90, "warn"), (89, "bad")])
def test_a_share_is_within_two_points_just_short_of_its_target(good, state):
    assert state_of(share(good, 100)) == state


def test_where_lower_is_better_the_target_is_a_ceiling():
    assert state_of(share(3, 100, key="bounce_rate", target=0.04)) == "good"
    assert state_of(share(5, 100, key="bounce_rate", target=0.04)) == "warn"
    assert state_of(share(9, 100, key="bounce_rate", target=0.04)) == "bad"


def test_a_score_is_near_its_target_within_five_percent():
    rating = DEFINITIONS["rating_mean"]
    people = set(range(9))
    assert state_of(figure_of(rating, Tally(n=10, total=42, squares=180, people=people), 4.3)) == "warn"
    assert state_of(figure_of(rating, Tally(n=10, total=30, squares=100, people=people), 4.3)) == "bad"


def test_without_target_or_value_nothing_is_said():
    assert state_of(share(95, 100, target=None)) == ""
    assert state_of(share(0, 0)) == ""


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [(share(95, 100), share(70, 100), "better"), (share(70, 100), share(95, 100), "worse"),
     (share(91, 100), share(90, 100), "unclear")],
)  # fmt: skip
def test_a_change_is_better_or_worse_only_beyond_chance(now, before, verdict):
    assert tile_of(now, before).verdict == verdict


def test_of_requests_more_is_neither_better_nor_worse():
    tile = tile_of(count(200), count(100))
    assert (tile.change, tile.verdict) == (100, "")


def test_where_lower_is_better_less_is_better():
    tile = tile_of(count(10, "backlog"), count(100, "backlog"))
    assert (tile.verdict, tile.lower_is_better, tile.unit) == ("better", True, "count")


def test_without_a_period_before_there_is_no_change():
    tile = tile_of(share(95, 100), share(0, 0), url="/x", series=[share(1, 2), share(0, 0)])
    assert (tile.change, tile.verdict, tile.url, tile.series) == (None, "", "/x", [0.5, None])


def test_of_nothing_there_is_no_list():
    tile = tile_of(share(0, 0), share(0, 0), url="/x")
    assert tile.url == ""
    assert (str(tile.name), bool(str(tile.formula))) == ("Agreement kept", True)


def test_means_differ_when_their_intervals_do_not_touch():
    trips = DEFINITIONS["round_trips"]
    few = figure_of(trips, Tally(n=50, total=50, squares=60))
    many = figure_of(trips, Tally(n=50, total=150, squares=460))
    assert tile_of(few, many).verdict == "better"


def test_needs_are_listed_when_they_changed_beyond_chance():
    names = {1: "Laptop", 2: "Badge", 3: "Lamp"}
    rising, falling = needs_of({1: 60, 2: 11, 4: 40}, {2: 10, 3: 30}, names)

    assert [(need.name, need.n, need.change) for need in rising] == [("Laptop", 60, 60), ("?", 40, 40)]
    assert [(need.name, need.n, need.change) for need in falling] == [("Lamp", 0, -30)]


def test_a_need_is_judged_by_the_working_time_of_both_periods():
    """As many in half the working days is twice the rate."""
    names = {1: "Laptop"}
    assert needs_of({1: 40}, {1: 40}, names) == ([], [])

    rising, falling = needs_of({1: 40}, {1: 40}, names, open_now=10, open_before=20)
    assert [(need.n, need.change) for need in rising] == [(40, 20)]
    assert falling == []


def test_one_change_among_many_steady_needs_has_to_be_clearer():
    """p = 0.024 (6 after 18) is told alone, and not among nineteen needs that did not change."""
    steady = dict.fromkeys(range(2, 21), 20)
    assert len(needs_of({1: 6}, {1: 18}, {}, open_now=850, open_before=900)[1]) == 1
    assert needs_of({1: 6} | steady, {1: 18} | steady, {}, open_now=850, open_before=900) == ([], [])


def test_shares_fall_into_fixed_bins():
    cells = {(1, place): share(good, 100) for place, good in enumerate([70, 85, 90, 93, 99])}
    assert bins_of(cells) == {(1, place): place + 1 for place in range(5)}


def test_other_figures_fall_into_fifths_and_low_is_good_where_it_should_be():
    cells = {(1, place): count(place + 1) for place in range(5)}
    assert list(bins_of(cells).values()) == [3, 3, 4, 4, 5]  # neither more nor less is better
    backlog = {(1, place): count(place + 1, "backlog") for place in range(5)}
    assert bins_of(backlog) == {(1, place): 5 - place for place in range(5)}
    assert bins_of({(1, 1): share(0, 0)}) == {}
