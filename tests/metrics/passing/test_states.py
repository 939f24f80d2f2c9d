"""Parts that make up the whole, bars with their table, and who waits for customers more than chance explains."""

from hypothesis import given
from hypothesis import strategies as st

from metrics.passing.states import HELD, MOST_BARS, Held, bars_of, enough, held_of, longest, waits_of
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Tally, figure_of

rows_of_time = st.lists(
    st.builds(
        Held,
        st.sampled_from(["Laptop", "Access", "Badge"]),
        st.integers(0, 40),
        st.tuples(*[st.integers(0, 10**6) for _key in HELD]),
    ),
    max_size=20,
)


def held(name: str, n: int, *parts: int) -> Held:
    return Held(name, n, parts)


@given(rows_of_time)
def test_shares_of_a_row_make_one_and_the_rest_keeps_the_sum(rows):
    shown = longest(rows, "All others")

    assert len(shown) <= MOST_BARS + 1
    assert sum(row.whole for row in shown) == sum(row.whole for row in rows if row.n)
    assert sum(row.n for row in shown) == sum(row.n for row in rows)
    assert all(abs(sum(row.shares) - (1 if row.whole else 0)) < 1e-9 for row in rows)


def test_a_row_is_made_of_the_five_figures():
    sums = dict(zip(HELD, [7200, 3600, 0, 0, 1800], strict=True))
    figures = {key: figure_of(DEFINITIONS[key], Tally(n=6, total=total)) for key, total in sums.items()}

    row = held_of("Laptop", figures)
    assert (row.n, row.parts, row.whole) == (6, (7200, 3600, 0, 0, 1800), 12600)


def test_bars_are_mean_hours_and_the_table_says_the_same_with_shares():
    bars = bars_of([held("Laptop", 6, 43200, 21600, 0, 0, 10800)], first="Service", label="Hours")

    assert [(part["name"], part["values"]) for part in bars.chart["parts"]] == [
        ("Supplier", [2.0]), ("Customer", [1.0]), ("Other departments", [0.0]), ("Outside party", [0.0]),
        ("Nobody yet", [0.5]),
    ]  # fmt: skip
    assert bars.chart["totals"] == [3.5]
    told = [cell.replace("\u00a0", " ") for cell in bars.table["rows"][0]]
    assert told == ["Laptop", "6", "3 h 30 min", "2 h (57.1 %)", "1 h (28.6 %)", "–", "–", "30 min (14.3 %)"]


def test_of_fewer_than_five_requests_no_time_is_told():
    bars = bars_of([held("Laptop", 4, 43200, 0, 0, 0, 0)], first="Service", label="Hours")

    assert bars.chart is None
    assert bars.table["rows"] == [["Laptop", "4", "too few to tell", "·", "·", "·", "·", "·"]]


def test_who_waits_for_customers_more_than_chance_explains_stands_out():
    rows = [
        held("Often", 100, 40, 60, 0, 0, 0), held("Usual", 900, 810, 90, 0, 0, 0), held("Few", 9, 0, 9, 0, 0, 0),
    ]  # fmt: skip
    waits = waits_of(rows)

    # p0 = 159 of 1009; limits of 100: 0.1576 +- 3.09 * 0.0364
    assert [(one.name, one.outlier) for one in waits] == [("Often", True), ("Usual", False)]
    assert (round(waits[0].low, 3), round(waits[0].high, 3)) == (0.045, 0.27)


def test_a_share_of_fewer_than_ten_is_hidden_and_still_says_how_many():
    few = enough(figure_of(DEFINITIONS["passed_on_untouched"], Tally(n=9, total=3)))
    many = enough(figure_of(DEFINITIONS["passed_on_untouched"], Tally(n=10, total=3)))

    assert (few.value, few.n, few.hidden, few.interval) == (None, 9, "small", None)
    assert (many.value, many.n, many.hidden) == (0.3, 10, "")
    assert [round(end, 3) for end in many.interval] == [0.108, 0.603]
