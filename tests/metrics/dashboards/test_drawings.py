"""The charts of the company's page: the same numbers as their tables."""

from metrics.dashboards.drawings import flows_of, ranking_of, whiskers_of
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Tally, figure_of
from requests_app.org.models import Department

NAMES = {pk: f"D{pk}" for pk in range(1, 50)}


def asked(n: int):
    return figure_of(DEFINITIONS["created"], Tally(n=n, total=n))


def share(good: int, n: int, key: str = "resolution_kept"):
    return figure_of(DEFINITIONS[key], Tally(n=n, total=good, squares=good))


def departments(*pks: int) -> dict[int, Department]:
    return {pk: Department(pk=pk, name=NAMES[pk], slug=f"d{pk}") for pk in pks}


def test_flows_leave_out_what_stays_inside_and_mark_what_is_asked_for():
    drawn = flows_of({(1, 2): asked(3), (1, 1): asked(50), (3, 2): asked(7)}, NAMES, {(1, 2)})

    assert drawn.chart["links"] == [
        {"source": "c:D3", "target": "s:D2", "value": 7},
        {"source": "c:D1", "target": "s:D2", "value": 3, "hi": True},
    ]
    assert drawn.chart["nodes"] == [{"id": "c:D3"}, {"id": "c:D1"}, {"id": "s:D2"}]
    assert drawn.table["rows"] == [["D3 asks D2", "7", "70.0\u00a0%"], ["D1 asks D2", "3", "30.0\u00a0%"]]


def test_at_most_thirty_flows_are_drawn_and_it_says_of_how_many():
    drawn = flows_of({(pk, 1): asked(pk) for pk in range(2, 42)}, NAMES, set())
    assert (len(drawn.chart["links"]), drawn.shown, drawn.whole) == (30, sum(range(12, 42)), sum(range(2, 42)))


def test_nothing_is_no_chart():
    assert flows_of({(1, 1): asked(5)}, NAMES, set()) is None
    assert whiskers_of(DEFINITIONS["resolution_kept"], [], 0.0) is None


def test_few_are_pulled_toward_the_company_and_drawn_hollow():
    told = {1: share(90, 100), 2: share(60, 100), 3: share(1, 1)}
    ranks, mean = ranking_of(told, departments(1, 2, 3))

    assert [rank.department.pk for rank in ranks] == [1, 3, 2]
    assert mean == 151 / 201
    drawn = whiskers_of(DEFINITIONS["resolution_kept"], ranks, mean)
    assert [row["open"] for row in drawn.chart["rows"]] == [False, True, False]
    assert drawn.chart["mean_label"] == "company 75.1\u00a0%"
    assert [row[4] for row in drawn.table["rows"]] == ["clearly different", "no clear difference", "clearly different"]


def test_where_less_is_better_the_least_comes_first():
    told = {1: share(40, 100, "bounce_rate"), 2: share(2, 100, "bounce_rate")}
    ranks, _mean = ranking_of(told, departments(1, 2))
    assert [rank.department.pk for rank in ranks] == [2, 1]


def test_departments_the_reader_does_not_know_are_not_ranked():
    ranks, mean = ranking_of({1: share(9, 10), 2: share(1, 10)}, departments(1))
    assert ([rank.department.pk for rank in ranks], mean) == ([1], 0.9)
