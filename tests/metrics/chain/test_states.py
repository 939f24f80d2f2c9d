"""What the requests show otherwise than what is said, and where departments stand in the picture."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.chain.matching import links_of
from feedback.chain.states import Said
from metrics.chain.drawing import HEIGHT, MOST_DRAWN, OUT, WIDTH, columns_of, picture_of
from metrics.chain.states import Gap, ways_of

SAID = Said(1, True, "", "", "", "form", datetime(2026, 11, 2, tzinfo=UTC))
IT, SALES, CARE = 1, 2, 3
SALES_NAMES_CARE = (SALES, "supplier", CARE)
SALES_NAMES_IT, IT_NAMES_CARE = (SALES, "supplier", IT), (IT, "customer", CARE)


def gaps(said, counts, days=91) -> dict:
    ways = ways_of(links_of(dict.fromkeys(said, SAID)), counts, days=days)
    return {(way.supplier_id, way.customer_id): way.gap for way in ways if way.gap != Gap.NONE}


@pytest.mark.parametrize(
    ("said", "counts", "expected"),
    [
        ([IT_NAMES_CARE], {(SALES, IT): 10}, {(IT, SALES): Gap.UNDECLARED}),
        ([IT_NAMES_CARE], {(SALES, IT): 9}, {}),
        ([IT_NAMES_CARE], {(SALES, IT): 10, (CARE, IT): 91}, {}),
        ([], {(SALES, IT): 50}, {}),
        ([SALES_NAMES_IT], {(SALES, IT): 50}, {}),
        ([SALES_NAMES_IT, IT_NAMES_CARE], {(SALES, IT): 50}, {(IT, SALES): Gap.UNDECLARED}),
        ([SALES_NAMES_CARE], {(SALES, IT): 10, (SALES, CARE): 1}, {(IT, SALES): Gap.UNNAMED}),
        ([SALES_NAMES_CARE], {(SALES, IT): 10, (SALES, CARE): 91}, {}),
        ([SALES_NAMES_CARE, IT_NAMES_CARE], {(SALES, IT): 10, (SALES, CARE): 1}, {(IT, SALES): Gap.UNDECLARED}),
        ([SALES_NAMES_IT], {}, {(IT, SALES): Gap.UNUSED}),
        ([IT_NAMES_CARE], {(IT, IT): 90}, {}),
    ],
    ids=[
        "heavy",
        "nine",
        "below a tenth",
        "said nothing",
        "not yet",
        "named by one",
        "unnamed",
        "a light one",
        "by neither",
        "unused",
        "own requests",
    ],
)
def test_heavy_customers_that_are_not_named_and_named_suppliers_that_are_not_asked(said, counts, expected):
    assert gaps(said, counts) == expected


def test_a_week_without_a_request_is_no_difference():
    assert (gaps([SALES_NAMES_IT], {}, days=7), gaps([SALES_NAMES_IT], {}, days=28)) == ({}, {(IT, SALES): Gap.UNUSED})


def test_a_share_has_its_n_and_its_interval():
    way = ways_of({}, {(SALES, IT): 30, (CARE, IT): 70, (IT, IT): 99}, days=91)[1]
    assert (way.n, way.whole, way.share, way.told) == (30, 100, 0.3, False)
    assert [round(bound, 4) for bound in way.interval] == [0.2189, 0.3958]  # Wilson, 95 %


def test_the_chain_runs_from_the_first_supplier_to_the_customers_outside():
    assert columns_of([(SALES, OUT), (IT, SALES), (IT, CARE), (CARE, OUT)]) == {OUT: 0, SALES: 1, CARE: 1, IT: 2}


@settings(deadline=None)  # a cold start takes longer than any picture
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 8)).filter(lambda edge: edge[0] != edge[1]), max_size=30))
def test_every_department_has_a_place_of_its_own_whatever_the_chain(edges):
    said = {(supplier, "customer", customer or None): SAID for supplier, customer in edges}
    picture = picture_of(ways_of(links_of(said), {}, days=91), {OUT: "Outside"})
    if not edges:
        assert picture is None
        return
    boxes = [(box.x, box.y) for box in picture.boxes]
    assert len(set(boxes)) == len(boxes) == len({node for edge in edges for node in edge})
    assert len(picture.lines) == len(set(edges))
    assert all(0 <= int(x) <= picture.width - 128 and 0 <= int(y) <= picture.height - 44 for x, y in boxes)


def test_a_partner_organisation_that_asks_is_a_customer_outside_whether_or_not_it_is_named():
    ways = ways_of(links_of(dict.fromkeys([SALES_NAMES_IT], SAID)), {(SALES, IT): 5, (CARE, SALES): 3}, days=91)
    alone, with_partner = picture_of(ways, {}), picture_of(ways, {}, frozenset({CARE}))
    assert {box.node for box in alone.boxes} == {SALES, IT}
    assert {box.node for box in with_partner.boxes} == {OUT, SALES, IT}
    assert [(line.kind, line.n) for line in with_partner.lines] == [("one", 5), ("seen", 3)]


def test_what_is_declared_and_what_is_seen_of_customers_outside_is_one_line():
    said = dict.fromkeys([(SALES, "customer", None), (SALES, "customer", CARE)], SAID)
    picture = picture_of(ways_of(links_of(said), {(CARE, SALES): 3}, days=91), {}, frozenset({CARE}))
    assert [(line.kind, line.n) for line in picture.lines] == [("agreed", 3)]


def test_many_differences_leave_room_for_the_customers_outside():
    named = [(1, "customer", None), *((1, "customer", other) for other in range(2, 60))]
    said = dict.fromkeys([*named, (99, "customer", 1), *((other, "supplier", 99) for other in range(2, 60))], SAID)
    picture = picture_of(ways_of(links_of(said), {}, days=91), {})
    assert OUT in {box.node for box in picture.boxes}
    assert (len(picture.lines), picture.left_out) == (MOST_DRAWN, len(said) - MOST_DRAWN)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(1, 20_000)).filter(lambda one: one[0] != one[1]),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_no_number_lies_over_a_box_or_leaves_the_picture(flows):
    said = {(supplier, "customer", customer): SAID for supplier, customer, _n in flows}
    said |= {(1, "customer", None): SAID}
    counts = {(customer, supplier): n for supplier, customer, n in flows}
    picture = picture_of(ways_of(links_of(said), counts, days=91), {})
    for line in picture.lines:
        x, y, half = float(line.label_x), float(line.label_y) - 4, 4 * len(f"{line.n or 0:,}")
        hidden = [
            box.node for box in picture.boxes
            if line.n and int(box.x) - half < x < int(box.x) + WIDTH + half
            and int(box.y) - 6 < y < int(box.y) + HEIGHT + 6
        ]  # fmt: skip
        assert (hidden, half <= x <= picture.width - half) == ([], True)
