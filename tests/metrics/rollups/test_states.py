from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.sketch import bucket_of
from metrics.rollups.states import Period, Scope, Side, Tally, figure_of, next_month, parts_of
from metrics.rollups.suppression import shown_cells, shown_matrix

BERLIN = ZoneInfo("Europe/Berlin")
days = st.dates(date(2020, 1, 1), date(2027, 12, 31))


@given(days, st.integers(1, 900))
def test_pieces_of_a_period_follow_each_other_and_make_it_up(start, length):
    period = Period(start, date.fromordinal(start.toordinal() + length))
    for pieces in (period.cut(7), period.weeks(), period.months()):
        assert (pieces[0].start, pieces[-1].end) == (period.start, period.end)
        assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
        assert all(piece.days > 0 for piece in pieces)
    assert all(piece.start.weekday() == 0 for piece in period.weeks()[1:])
    assert all(piece.start.day == 1 for piece in period.months()[1:])


@given(days, st.integers(1, 900))
def test_whole_months_lie_inside(start, length):
    period = Period(start, date.fromordinal(start.toordinal() + length))
    first, last = period.whole_months()

    assert period.start <= first <= last <= period.end
    assert first == last or first.day == last.day == 1


@given(days, st.integers(1, 900))
def test_tiles_follow_each_other_and_make_up_the_period(start, length):
    period = Period(start, date.fromordinal(start.toordinal() + length))
    tiles = period.tiles()

    assert (tiles[0][1], tiles[-1][2]) == (period.start, period.end)
    assert [after for _span, _first, after in tiles[:-1]] == [first for _span, first, _after in tiles[1:]]
    for span, first, after in tiles:
        assert first < after
        assert span != "month" or first.day == after.day == 1
        assert span != "week" or first.weekday() == after.weekday() == 0
        assert span != "day" or (after - first).days < 13


@given(days)
def test_a_month_is_made_up_of_its_whole_weeks_and_other_days(day):
    first = day.replace(day=1)
    covered = [
        start + timedelta(days=place) for span, start in parts_of("month", first)
        for place in range({"week": 7, "day": 1}[span])
    ]  # fmt: skip

    assert covered == [first + timedelta(days=place) for place in range((next_month(first) - first).days)]


def test_a_year_is_a_few_tiles():
    assert Period(date(2025, 11, 27), date(2026, 11, 27)).tiles() == [
        ("day", date(2025, 11, 27), date(2025, 12, 1)),
        ("month", date(2025, 12, 1), date(2026, 11, 1)),
        ("day", date(2026, 11, 1), date(2026, 11, 2)),
        ("week", date(2026, 11, 2), date(2026, 11, 23)),
        ("day", date(2026, 11, 23), date(2026, 11, 27)),
    ]


def test_a_period_knows_its_last_day_and_the_one_before():
    period = Period(date(2026, 3, 1), date(2026, 3, 31))

    assert (period.days, period.last) == (30, date(2026, 3, 30))
    assert period.before() == Period(date(2026, 1, 30), date(2026, 3, 1))


def test_bounds_follow_the_change_of_clocks():
    start, end = Period(date(2026, 3, 29), date(2026, 3, 30)).bounds(BERLIN)

    assert (end - start).total_seconds() == 23 * 3600


@pytest.mark.parametrize(("side", "suppliers", "customers"), [(Side.SUPPLIER, (1,), (2,)), (Side.CUSTOMER, (2,), (1,))])
def test_a_scope_knows_who_supplies_and_who_asks(side, suppliers, customers):
    period = Period(date(2026, 1, 1), date(2026, 2, 1))
    scope = Scope(side, (1,), period, datetime(2026, 1, 20, tzinfo=UTC), BERLIN, other_ids=(2,))

    assert (scope.supplier_ids, scope.customer_ids) == (suppliers, customers)
    assert scope.until == scope.now


def tally(*values, people=()):
    found = Tally()
    found.add(len(values), sum(values), sum(value * value for value in values), sum(values), people)
    found.sketch.add([bucket_of(value) for value in values])
    found.sketch_cs.add([bucket_of(value) for value in values])
    return found


def test_a_duration_has_median_p90_mean_and_the_same_in_calendar_time():
    figure = figure_of(DEFINITIONS["resolution_time"], tally(100, 200, 300, 400, 500, 600, 700))

    assert figure.value == figure.median == pytest.approx(400, rel=0.01)
    assert (figure.mean, figure.total, figure.n) == (400, 2800, 7)
    assert figure.calendar.p90 == figure.p90 == pytest.approx(640, rel=0.01)
    assert figure.interval == (pytest.approx(100, rel=0.01), pytest.approx(700, rel=0.01))


def test_a_share_has_its_wilson_interval():
    figure = figure_of(DEFINITIONS["resolution_kept"], tally(*[1] * 8, 0, 0), target=0.9)

    assert (figure.value, figure.total, figure.target) == (0.8, 8, 0.9)
    assert figure.interval == (pytest.approx(0.490162, abs=1e-6), pytest.approx(0.943318, abs=1e-6))


@pytest.mark.parametrize(("people", "hidden"), [({1, 2, 3, 4}, "few"), ({1, 2, 3, 4, 5}, "")])
def test_what_fewer_than_five_people_answered_is_hidden(people, hidden):
    figure = figure_of(DEFINITIONS["rating_mean"], tally(5, 5, 4, 4, 5, 5, people=people))

    assert (figure.n, figure.hidden, figure.value is None) == (6, hidden, bool(hidden))


def test_no_answers_are_not_hidden_but_absent():
    figure = figure_of(DEFINITIONS["csat"], Tally())

    assert (figure.n, figure.value, figure.hidden, figure.interval) == (0, None, "", None)


def test_a_mean_without_distribution_is_told_as_mean():
    figure = figure_of(DEFINITIONS["held_by_customer"], tally(10, 20))

    assert (figure.value, figure.median, figure.calendar) == (15, None, None)


def test_shares_of_fewer_than_ten_are_reduced_to_their_n():
    definition = DEFINITIONS["resolution_kept"]
    cells = {who: figure_of(definition, tally(*[1] * n)) for who, n in ((1, 9), (2, 10), (3, 0))}

    shown = shown_cells(cells, definition)

    assert [(shown[who].n, shown[who].value, shown[who].hidden) for who in (1, 2, 3)] == [
        (9, None, "few"), (10, 1.0, ""), (0, None, ""),
    ]  # fmt: skip


def test_counts_are_always_told():
    definition = DEFINITIONS["created"]

    assert shown_cells({1: figure_of(definition, tally(1))}, definition)[1].value == 1


def test_one_hidden_group_hides_the_next_smallest_with_it():
    definition = DEFINITIONS["rating_mean"]
    sizes = {1: 3, 2: 6, 3: 20}
    cells = {who: figure_of(definition, tally(*[4] * n, people=set(range(n)))) for who, n in sizes.items()}

    shown = shown_cells(cells, definition)

    assert [shown[who].hidden for who in (1, 2, 3)] == ["few", "few", ""]


def test_two_hidden_groups_hide_each_other():
    definition = DEFINITIONS["rating_mean"]
    sizes = {1: 3, 2: 2, 3: 20, 4: 7}
    cells = {who: figure_of(definition, tally(*[4] * n, people=set(range(n)))) for who, n in sizes.items()}

    assert [shown_cells(cells, definition)[who].hidden for who in (1, 2, 3, 4)] == ["few", "few", "", ""]


def matrix_of(sizes: dict[tuple[int, int], int], people: dict[tuple[int, int], set[int]] | None = None):
    definition = DEFINITIONS["rating_mean"]
    people = people or {pair: set(range(pair[0] * 100, pair[0] * 100 + n)) for pair, n in sizes.items()}
    cells = {pair: figure_of(definition, tally(*[4] * n, people=people[pair])) for pair, n in sizes.items()}
    shown = shown_matrix(cells, people, definition)
    return {pair for pair, figure in shown.items() if figure.hidden}


def test_beside_the_sums_of_a_matrix_no_line_hides_one_cell_alone():
    hidden = matrix_of({(1, 9): 3, (2, 9): 6, (3, 9): 20, (2, 8): 7, (3, 8): 30, (4, 8): 9})
    assert hidden == {(1, 9), (2, 9), (2, 8), (4, 8)}


def test_what_is_left_of_a_sum_stands_for_five_people():
    assert matrix_of({(1, 9): 2, (2, 9): 2, (3, 9): 8, (4, 9): 30}) == {(1, 9), (2, 9), (3, 9)}
    assert matrix_of({(1, 9): 3, (2, 9): 4, (3, 9): 8, (4, 9): 30}) == {(1, 9), (2, 9)}


@given(st.dictionaries(st.tuples(st.integers(1, 5), st.integers(6, 9)), st.integers(1, 12), min_size=1))
def test_taking_told_cells_off_a_sum_never_leaves_fewer_than_five_people_or_one_cell(sizes):
    hidden = matrix_of(sizes)
    for side in (0, 1):
        for line in {pair[side] for pair in sizes}:
            gone = [pair for pair in hidden if pair[side] == line]
            told = [pair for pair in sizes if pair[side] == line and pair not in hidden]
            if gone and told:
                assert len(gone) > 1
                assert len({who for pair in gone for who in range(pair[0] * 100, pair[0] * 100 + sizes[pair])}) >= 5
