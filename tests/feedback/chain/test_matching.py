"""Laying both answers side by side: who agrees, who does not, and what an answer says of one department."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.chain.matching import demands_differ, links_of, words_about
from feedback.chain.states import Match, Said
from feedback.chain.wording import points_of

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
IT, SALES, OTHER = 1, 2, 3
NAMES = {IT: ("it", "IT"), SALES: ("sales", "Sales")}


def said(demands: str = "", troubles: str = "", *, holds: bool = True) -> Said:
    return Said(1, holds, "", demands, troubles, "form", AT)


BY_SALES, BY_IT = (SALES, "supplier", IT), (IT, "customer", SALES)


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ({BY_SALES: said(), BY_IT: said()}, Match.AGREED),
        ({BY_SALES: said("in 2 days"), BY_IT: said("in 5 days")}, Match.DIFFERENT),
        ({BY_SALES: said()}, Match.WAITING),
        ({BY_SALES: said(), (IT, "customer", OTHER): said()}, Match.ONLY_CUSTOMER),
        ({BY_SALES: said(), BY_IT: said(holds=False)}, Match.ONLY_CUSTOMER),
        ({BY_IT: said(), (SALES, "supplier", OTHER): said()}, Match.ONLY_SUPPLIER),
        ({BY_IT: said(), (SALES, "customer", OTHER): said()}, Match.WAITING),
        ({BY_SALES: said(holds=False)}, Match.NONE),
    ],
    ids=["both", "demands", "silent", "left out", "taken back", "only the supplier", "silent on that side", "nobody"],
)
def test_both_sides_agree_differ_or_wait(rows, match):
    assert links_of(rows)[IT, SALES].match == match


def test_customers_outside_need_no_answer():
    link = links_of({(SALES, "customer", None): said()})[SALES, None]
    assert (link.match, points_of(link, NAMES)) == (Match.OUTSIDE, [])


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("within 2 days", "after 5 days at most", True),
        ("within 2 days, 3 copies", "3 copies", False),
        ("1,5 hours", "1.5 hours", False),
        ("complete and checked", "checked twice", False),
        ("complete", "quickly", True),
        ("срок два дня", "в сроки", False),
        ("", "within 2 days", False),
    ],
    ids=str,
)
def test_demands_differ_by_their_numbers_or_when_no_word_is_shared(one, other, differ):
    assert demands_differ(one, other) is differ


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whether_demands_differ_does_not_depend_on_the_order_and_nothing_differs_from_itself(one, other):
    assert demands_differ(one, other) == demands_differ(other, one)
    assert not demands_differ(one, one)


def test_a_line_with_a_name_is_about_that_department_and_other_lines_about_all():
    names = {"it": IT, "sales": SALES}
    text = "Everything in time\nIT: laptops\nsales： 报价\nat 10:30"
    assert words_about(text, names, IT) == "Everything in time\nlaptops\nat 10:30"
    assert words_about(text, names, SALES) == "Everything in time\n报价\nat 10:30"


def test_disagreements_become_sentences_that_lead_to_the_common_page():
    rows = {BY_SALES: said("in 2 days", "often late"), BY_IT: said("in 5 days")}
    points = points_of(links_of(rows)[IT, SALES], NAMES)
    assert [(point.kind, point.words, point.link) for point in points] == [
        ("demands", "Sales requires of IT: “in 2 days”. IT takes it to be: “in 5 days”.", "/relations/it/sales/"),
        ("trouble", "Sales has trouble with what it gets from IT: “often late”.", "/relations/it/sales/"),
    ]
    unknown = points_of(links_of({BY_SALES: said("in 2 days"), BY_IT: said()})[IT, SALES], NAMES)
    assert [point.kind for point in unknown] == ["unknown"]
    one_sided = points_of(links_of({BY_SALES: said(), BY_IT: said(holds=False)})[IT, SALES], NAMES)
    assert [point.words for point in one_sided] == [
        "Sales names IT as its supplier, IT does not name Sales as a customer."
    ]


def test_lines_of_what_is_required_stay_apart_in_a_sentence():
    rows = {BY_SALES: said("in 2 days"), BY_IT: said("in 5 days\n\nAn answer the same day")}

    (point,) = points_of(links_of(rows)[IT, SALES], NAMES)

    assert "“in 5 days; An answer the same day”" in point.words
