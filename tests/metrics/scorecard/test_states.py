"""What a scorecard says of a figure, and what it keeps quiet about."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Figure, Period
from metrics.scorecard.states import KEYS, Line, grouped, is_told, why_not, year_before


def share(n: int, good: int, key: str = "resolution_kept", **more) -> Figure:
    return Figure(DEFINITIONS[key], n, good / n if n else None, total=good, **more)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period(date(2026, 7, 1), date(2026, 10, 1)), Period(date(2025, 7, 1), date(2025, 10, 1))),
        (Period(date(2028, 2, 1), date(2028, 2, 29)), Period(date(2027, 2, 1), date(2027, 2, 28))),
    ],
)
def test_the_same_days_of_the_year_before(period, expected):
    assert year_before(period) == expected


@given(st.dates(date(1990, 1, 2), date(2199, 1, 1)), st.integers(2, 1000))
def test_a_year_ago_is_as_long_give_or_take_a_leap_day(start, days):
    period = Period(start, date.fromordinal(start.toordinal() + days))
    found = year_before(period)
    assert abs(found.days - period.days) <= 1
    assert found.start < period.start


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (share(10, 9), ""),
        (share(9, 9), "too few to say, n 9"),
        (share(0, 0), "nothing to count"),
        (Figure(DEFINITIONS["rating_mean"], 4, None, hidden="few"), "fewer than five answered"),
        (Figure(DEFINITIONS["created"], 0, 0), ""),
        (None, "not told"),
    ],
)
def test_why_a_figure_is_not_told(figure, expected):
    assert why_not(figure) == expected
    assert is_told(figure) is (expected == "")


def test_too_few_are_neither_reached_nor_missed_nor_better():
    few, many = share(9, 1, target=0.9), share(500, 450, target=0.9)
    assert (Line(few, many, many, many).state, Line(few, many, many, many).since_before) == ("", "")
    assert (Line(many, few, share(500, 300), None).state, Line(many, few, share(500, 300), None).since_before) == (
        "good",
        "",
    )
    assert Line(many, few, share(500, 300), None).since_year == "better"
    assert Line(many, share(500, 448), share(500, 490), None).since_before == "unclear"
    assert Line(many, None, share(500, 490), None).since_year == "worse"


def test_groups_that_the_reader_sees_nothing_of_are_left_out():
    keys = [key for key in KEYS if not DEFINITIONS[key].personal and key != "rating_response_rate"]
    lines = {key: Line(Figure(DEFINITIONS[key], 0, None), None, None, None) for key in keys}
    assert "What customers answered" not in [str(heading) for heading, _lines in grouped(lines)]
    assert [line.definition.key for _heading, lines in grouped(lines) for line in lines] == keys
