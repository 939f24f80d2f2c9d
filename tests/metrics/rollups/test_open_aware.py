"""Durations that count what is open: the same as worked out by hand from each request."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from metrics.facts.models import RequestFact
from metrics.rollups import selectors
from metrics.rollups.states import OpenAware, Period, Scope, Side
from metrics.rollups.statistics import percentile_with_open
from requests_app.calendars.selectors import worktime_of
from tests.metrics.story import BERLIN

NOW = datetime(2026, 5, 2, 10, tzinfo=UTC)
MONTH = Period(date(2026, 3, 1), date(2026, 4, 1))
ALL = Period(date(2025, 12, 1), date(2026, 7, 1))
ENDS = {
    "resolution_time": ("resolution_ws", "first_delivered_at"),
    "first_response_time": ("first_response_ws", "responded_at"),
}
SCOPES = [
    Scope(Side.SUPPLIER, departments, period, NOW, BERLIN)
    for departments in [(1,), (2, 3), None]
    for period in (MONTH, ALL)
] + [
    Scope(Side.CUSTOMER, (2,), ALL, NOW, BERLIN),
    Scope(Side.SUPPLIER, (1,), ALL, NOW, BERLIN, service_id=11),
]  # fmt: skip


def by_hand(scope: Scope, key: str) -> OpenAware:
    column, end = ENDS[key]
    rows = RequestFact.objects.filter(created_day__gte=scope.period.start, created_day__lt=scope.period.end)
    if scope.department_ids:
        side = "supplier_id" if scope.side == Side.SUPPLIER else "customer_id"
        rows = rows.filter(**{f"{side}__in": scope.department_ids})
    if scope.service_id:
        rows = rows.filter(service_id=scope.service_id)
    ended = [value for value in rows.values_list(column, flat=True) if value is not None]
    ages = [
        worktime_of(row.calendar_version_id).between(row.created_at, NOW)
        for row in rows.filter(left_at=None, **{end: None})
    ]
    return OpenAware(
        key, len(ended) + len(ages), len(ages), *(percentile_with_open(ended, ages, share) for share in (0.5, 0.9))
    )


@pytest.mark.parametrize("key", ENDS)
@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_the_median_is_that_of_the_requests_one_by_one(many_lives, scope, key):
    wanted, found = by_hand(scope, key), selectors.open_aware_times(scope, key)

    assert (found.n, found.open) == (wanted.n, wanted.open)
    assert found.n > 0
    for one, other in ((found.median, wanted.median), (found.p90, wanted.p90)):
        assert (one is None) == (other is None)
        assert one is None or abs(one - other) <= other * 0.0101


def test_two_queries_whatever_is_open(many_lives, django_assert_num_queries):
    selectors.open_aware_times(SCOPES[1], "resolution_time")  # the calendar is known from now on
    for departments in [(1,), (1, 2, 3, 4)]:
        with django_assert_num_queries(2):
            selectors.open_aware_times(replace(SCOPES[1], department_ids=departments), "resolution_time")


def test_of_nothing_nothing_is_told(db):
    found = selectors.open_aware_times(replace(SCOPES[0], department_ids=(99,)), "resolution_time")
    assert found == OpenAware("resolution_time", 0, 0, None, None)
    assert not found.many_open


@pytest.mark.parametrize(("n", "still_open", "many"), [(100, 5, False), (100, 6, True), (1, 1, True)])
def test_more_than_five_in_a_hundred_are_many(n, still_open, many):
    assert OpenAware("resolution_time", n, still_open, None, None).many_open == many
