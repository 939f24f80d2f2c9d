"""A question about working time is a few binary searches, however long the span: told by ratios within one run."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from time import process_time

import pytest

from requests_app.calendars.worktime import Schedule, Worktime
from tests.requests_app.calendars.cases import WEEKS, utc

QUESTIONS = 4000
MOST_SEARCHES = 40  # binary searches that a question may cost; it takes about 11, of which four are searches
HOLIDAYS = {date(year, month, 1): () for year in range(2020, 2031) for month in range(1, 13)}
STARTS = [utc(2024, 1, 1) + timedelta(hours=2 * n) for n in range(QUESTIONS)]


def seconds(ask: Callable[[], object]) -> float:
    """The best of five, so that what else runs on the machine does not count."""

    def once() -> float:
        begun = process_time()
        ask()
        return process_time() - begun

    return min(once() for _ in range(5))


@pytest.fixture(params=["9 to 17", "split day", "night 22 to 06"])
def worktime(request) -> Worktime:
    """A calendar that has been asked once, as it is kept by `worktime_of`."""
    asked = Worktime(Schedule("Europe/Berlin", WEEKS[request.param], HOLIDAYS))
    asked.between(STARTS[0], STARTS[-1] + timedelta(days=365))
    return asked


def test_a_year_costs_a_few_binary_searches_in_a_list_of_the_same_length(worktime):
    spans = [(start, start + timedelta(days=365)) for start in STARTS]
    opens = worktime._table.starts
    places = [opens[n % len(opens)] for n in range(QUESTIONS)]

    year = seconds(lambda: [worktime.between(start, stop) for start, stop in spans])
    search = seconds(lambda: [bisect_right(opens, place) for place in places])

    assert year <= MOST_SEARCHES * search


def test_a_year_costs_no_more_than_an_hour(worktime):
    def cost(span: timedelta) -> float:
        return seconds(lambda: [worktime.between(start, start + span) for start in STARTS])

    assert cost(timedelta(days=365)) <= 3 * cost(timedelta(hours=1))


def test_years_are_laid_out_once_and_then_only_looked_up(worktime):
    laid_out = worktime._table

    for start in STARTS:
        worktime.between(start, start + timedelta(days=365))

    assert worktime._table is laid_out
