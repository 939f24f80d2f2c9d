"""Walls: which signs show, when they are measured, and who is told of them."""

import pytest
from django.utils import timezone

from metrics.dashboards.walls import Seen, pairs_looked_at, walls_of
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.selectors import Told, complaints_of_pairs, usual_targets
from metrics.rollups.sketch import bucket_of
from metrics.rollups.states import Figure, Period, Scope, Side, Tally, figure_of
from tests.factories.voices import said
from tests.metrics.story import BERLIN

PAIR = (1, 2)
MANY = set(range(9))


def share(key: str, good: int, n: int) -> Figure:
    return figure_of(DEFINITIONS[key], Tally(n=n, total=good, squares=good))


def mean(value: int, n: int) -> Figure:
    sums = Tally(n=n, total=value * n, squares=value * value * n, people=MANY)
    return figure_of(DEFINITIONS["rating_mean"], sums)


def waited(seconds: int, n: int) -> Figure:
    sums = Tally(n=n, total=seconds * n)
    sums.sketch.add([bucket_of(seconds)] * n)
    return figure_of(DEFINITIONS["answer_delay"], sums)


def told(key: str, *cells: Figure, whole: Figure | None = None) -> Told:
    pairs = [PAIR, (3, 2), (4, 2)]
    return Told(DEFINITIONS[key], dict(zip(pairs, cells, strict=False)), whole=whole)


def requests(*counts: int) -> Told:
    return told("created", *(figure_of(DEFINITIONS["created"], Tally(n=n, total=n)) for n in counts))


QUIET = {
    "created": requests(50), "resolution_kept": told("resolution_kept"), "rating_mean": told("rating_mean"),
    "bounce_rate": told("bounce_rate"), "handoff_declined_rate": told("handoff_declined_rate"),
    "answer_delay": told("answer_delay"),
}  # fmt: skip
KEPT_LOW = {"resolution_kept": told("resolution_kept", share("resolution_kept", 30, 50))}
SATISFIED_LOW = {"rating_mean": told("rating_mean", mean(3, 12))}
CAME_BACK = {"bounce_rate": told("bounce_rate", share("bounce_rate", 10, 50))}
GIVEN_BACK = {
    "handoff_declined_rate": told(
        "handoff_declined_rate",
        share("handoff_declined_rate", 12, 20),
        whole=share("handoff_declined_rate", 20, 200),
    )
}
WAITS = {"answer_delay": told("answer_delay", waited(40_000, 12), whole=waited(7_200, 300))}


def seen(*found: dict, complaints: dict | None = None, targets: dict | None = None) -> Seen:
    figures = dict(QUIET)
    for part in found:
        figures |= part
    return Seen(figures, targets or {}, usual_targets(), complaints or {})


def walls(world: Seen, may_see=lambda _pair: True):
    return [(wall.pair, wall.signs, wall.measured) for wall in walls_of(world, may_see)]


def test_three_signs_make_a_wall_and_each_is_said_with_its_n():
    assert walls(seen(KEPT_LOW, SATISFIED_LOW, WAITS)) == [
        (
            PAIR,
            [
                "60.0\u00a0% delivered as agreed, the target is 92\u00a0% (n 50)",
                "Satisfaction 3.0, the target is 4.3 (n 12)",
                "Questions wait 11\u00a0h\u00a002\u00a0min for an answer, 2\u00a0h\u00a001\u00a0min in the company (n 12)",
            ],
            4,
        )
    ]


@pytest.mark.parametrize("two", [(KEPT_LOW, SATISFIED_LOW), (CAME_BACK, WAITS), (GIVEN_BACK, CAME_BACK, KEPT_LOW)])
def test_two_signs_do_not(two):
    assert walls(seen(*two)) == []


def test_coming_back_and_giving_back_are_one_sign():
    ((_pair, signs, measured),) = walls(seen(KEPT_LOW, SATISFIED_LOW, CAME_BACK, GIVEN_BACK))
    assert signs[2] == (
        "20.0\u00a0% came back to a department that had had them, at most 4\u00a0% are wanted (n 50); "
        "60.0\u00a0% of handoffs were given back, 10.0\u00a0% in the company (n 20)"
    )
    assert measured == 4


def test_what_chance_explains_is_no_sign():
    near = {"resolution_kept": told("resolution_kept", share("resolution_kept", 44, 50))}  # 88 %, 76 to 94
    assert walls(seen(near, SATISFIED_LOW, WAITS)) == []


def test_a_suppliers_own_target_comes_before_the_companys():
    signs = (KEPT_LOW, SATISFIED_LOW, WAITS)
    assert walls(seen(*signs, targets={2: {"resolution_kept": 0.5}})) == []
    assert walls(seen(*signs, targets={None: {"resolution_kept": 0.5}})) == []
    assert len(walls(seen(*signs, targets={None: {"resolution_kept": 0.5}, 2: {"resolution_kept": 0.9}}))) == 1


def test_pairs_with_fewer_than_ten_requests_are_not_looked_at():
    world = seen(KEPT_LOW, SATISFIED_LOW, WAITS, {"created": requests(9, 10)})
    assert (walls(world), pairs_looked_at(world, lambda _pair: True)) == ([], 1)


def test_pairs_that_are_not_the_readers_business_are_not_told():
    world = seen(KEPT_LOW, SATISFIED_LOW, WAITS)
    assert walls(world, lambda pair: 9 in pair) == []


@pytest.mark.parametrize(("count", "shows"), [(1, False), (2, False), (6, True)])
def test_complaints_show_when_they_are_more_than_elsewhere(count, shows):
    world = seen(KEPT_LOW, SATISFIED_LOW, {"created": requests(50, 400, 400)}, complaints={PAIR: count, (3, 2): 14})
    assert bool(walls(world)) is shows
    if shows:
        assert walls(world)[0][1][2] == "Complaints: 6 on 50 requests"


@pytest.mark.django_db
def test_complaints_are_counted_as_the_log_has_them(company, delivered_request):
    said(company, "complaint", delivered_request)
    said(company, "praise")
    year = Scope(Side.SUPPLIER, None, Period(*_year()), timezone.now(), BERLIN)
    assert complaints_of_pairs(year) == {(company.sales.pk, company.it.pk): 1}


def _year():
    today = timezone.now().date()
    return today.replace(year=today.year - 1, day=1), today.replace(year=today.year + 1, day=1)
