"""Variants, passages, detours and changes, put together from counts."""

from datetime import date

import pytest

from metrics.facts.states import Step
from metrics.process.comparing import Change, changes_of, cut_of, day_of, straight_changed, told_alike
from metrics.process.states import Detour, EdgeRow, Needless, Others, PathRow, is_straight, process_of, times
from metrics.rollups.states import Period
from requests_app.kernel.errors import WrongInput

F, A, S = Step.FILED, Step.ACCEPTED, Step.STARTED
HC, HO, R = Step.HELD_CUSTOMER, Step.HELD_OTHER, Step.RESUMED
OF, GB = Step.OFFERED, Step.GIVEN_BACK
D, X, RO, C, CL = Step.DELIVERED, Step.REJECTED, Step.REOPENED, Step.CONFIRMED, Step.CLOSED


def edge(one, other, n, total, median=None, interval=None, **more):
    return EdgeRow((one, other), n, total, median or total / n, None, interval, **more)


@pytest.mark.parametrize(
    ("path", "straight"),
    [
        ((F, A, D, C), True), ((F, A, S, D, CL), True), ((F, D), True), ((F, A, D), True), ((F, A, S, D, C), True),
        ((F,), False), ((F, A, C), False), ((F, A, HC, R, D, C), False), ((F, A, D, X, D, C), False),
        ((F, A, A, D), False), ((F, S, A, D), False), ((F, A, D, C, CL), False), ((F, Step.CANCELLED), False),
    ],
)  # fmt: skip
def test_straight_is_what_is_delivered_without_a_detour(path, straight):
    assert is_straight(path) is straight


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ((F, A, D, C), (0, 0, 0, 0)),
        ((F, A, A, A, D), (2, 0, 0, 0)),
        ((F, A, HC, HC, R, HO, R, D), (0, 2, 0, 0)),
        ((F, A, OF, GB, OF, Step.NOT_TAKEN, D), (0, 0, 2, 0)),
        ((F, A, D, X, D, RO, D), (0, 0, 0, 2)),
    ],
)
def test_detours_are_counted_in_a_path(path, counts):
    assert tuple(times(kind, path) for kind in Detour) == counts


PATHS = [
    PathRow((F, A, D, C), 6, 600, judged=6, kept=3, median=100.0, p90=120.0),
    PathRow((F, A, HC, R, HC, R, D, C), 3, 900, judged=0, kept=0, rework=0, median=300.0, p90=310.0),
    PathRow((F, A, D, X, D, C), 1, 500, judged=1, kept=0, rework=200, median=500.0, p90=500.0),
]
EDGES = [
    edge(F, A, 10, 500), edge(A, D, 7, 800), edge(D, C, 10, 9000), edge(A, HC, 3, 90), edge(HC, R, 6, 600,
    again=3, again_total=240), edge(R, HC, 3, 30), edge(R, D, 3, 60), edge(D, X, 1, 150), edge(X, D, 1, 50),
]  # fmt: skip


def test_variants_come_with_their_share_and_the_share_kept():
    found = process_of(PATHS, EDGES, in_full=True)

    assert (found.n, found.straight, found.usual, found.others) == (10, 6, (F, A, D, C), None)
    assert [(one.path, one.n, one.share, one.kept, one.straight) for one in found.variants] == [
        ((F, A, D, C), 6, 0.6, 0.5, True),
        ((F, A, HC, R, HC, R, D, C), 3, 0.3, None, False),
        ((F, A, D, X, D, C), 1, 0.1, 0.0, False),
    ]


def test_the_bottleneck_is_where_most_time_goes_before_a_delivery():
    found = process_of(PATHS, EDGES, in_full=True)

    assert found.bottleneck.pair == (A, D)
    assert [one.pair for one in found.edges][:3] == [(F, A), (D, C), (A, D)]
    assert {one.pair: (one.n, one.requests) for one in found.edges}[HC, R] == (6, 3)


def test_detours_come_with_how_often_in_how_many_requests_and_how_long():
    assert process_of(PATHS, EDGES, in_full=True).needless == [
        Needless(Detour.HELD_AGAIN, 3, 3, 240),
        Needless(Detour.SENT_BACK, 1, 1, 200),
    ]


def test_in_outline_nothing_is_told_of_fewer_than_five_requests():
    found = process_of(PATHS, EDGES, in_full=False)

    assert [one.path for one in found.variants] == [(F, A, D, C)]
    assert found.others == Others(n=4, paths=2, share=0.4)
    assert [one.pair for one in found.edges if not one.few] == [(F, A), (D, C), (A, D)]
    assert {(one.n, one.total, one.median) for one in found.edges if one.few} == {(0, None, None)}
    assert [(one.few, one.n, one.total) for one in found.needless] == [(True, 0, 0)] * 2


def test_rarer_paths_than_the_twentieth_are_one_row():
    rows = [PathRow((F, *[A] * length, D), 30 - length, 1, 0, 0) for length in range(23)]
    found = process_of(rows, [], in_full=True)

    assert len(found.variants) == 20
    assert found.others == Others(n=10 + 9 + 8, paths=3, share=27 / sum(row.n for row in rows))


def test_nothing_finished_is_nothing_told():
    found = process_of([], [], in_full=True)

    assert (found.n, found.usual, found.variants, found.others, found.bottleneck) == (0, (), [], None, None)


# ── Before and after ─────────────────────────────────────────────────────────


def half(n, straight, interval, median):
    paths = [PathRow((F, A, D), straight, 0, 0, 0), PathRow((F, A, HC, R, D), n - straight, 0, 0, 0)]
    edges = [edge(F, A, n, n, median, interval), edge(A, D, straight, 1), edge(A, HC, n - straight, 1)]
    return process_of(paths, edges, in_full=True)


def test_a_change_is_named_only_where_the_intervals_do_not_overlap():
    before, after = half(100, 20, (50, 70), 60), half(100, 70, (30, 49), 40)

    found = {change.pair: (change.time, change.often) for change in changes_of(before, after)}
    assert found == {(F, A): ("faster", ""), (A, D): ("", "more"), (A, HC): ("", "less")}
    assert straight_changed(before, after) == "more"
    assert straight_changed(after, before) == "less"


def test_where_the_intervals_overlap_there_is_no_evidence():
    before, after = half(10, 5, (50, 70), 60), half(12, 7, (30, 50), 40)

    assert {(change.time, change.often) for change in changes_of(before, after)} == {("", "")}
    assert straight_changed(before, after) == ""


def test_a_passage_on_one_side_only_is_told_with_nothing_on_the_other():
    before, after = process_of(PATHS[:1], EDGES[:3], in_full=True), process_of([], [], in_full=True)

    assert changes_of(before, after)[0] == Change((F, A), before.edges[0], None, "", "")


def test_in_outline_a_passage_hidden_on_one_side_is_hidden_on_both():
    """Else the difference to the whole period would tell what was hidden."""
    rows = [PathRow((F, A, D), n, 0, 0, 0) for n in (9, 3)]
    before, after = (process_of([row], [edge(F, A, row.n, 60)], in_full=False) for row in rows)

    shown = changes_of(*told_alike(before, after))
    assert [(change.before.few, change.after.few, change.before.n) for change in shown] == [(True, True, 0)]
    assert told_alike(before, before) == (before, before)


JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))


def test_the_day_of_a_change_leaves_something_before_and_after_it():
    assert day_of("2026-06-02", JUNE) == cut_of(date(2026, 6, 2), JUNE) == date(2026, 6, 2)
    assert cut_of(date(2026, 6, 30), JUNE) == date(2026, 6, 30)


@pytest.mark.parametrize("text", ["soon", "2026-06-01", "2026-07-01", "2026-02-30", ""])
def test_a_day_that_cuts_nothing_is_refused_under_its_name(text):
    with pytest.raises(WrongInput) as refused:
        day_of(text, JUNE)
    assert list(refused.value.errors) == ["split"]
