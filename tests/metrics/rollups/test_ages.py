"""Open work by age: each request in the one age it is of, as many as `backlog` counts, as many as the list has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from metrics.facts.models import RequestFact
from metrics.rollups import selectors
from metrics.rollups.ages import AGES, grouped_by_age
from tests.metrics.rollups.test_open_aware import ALL, MONTH, NOW, SCOPES

SIDES = [*SCOPES, replace(SCOPES[0], period=ALL)]


@pytest.mark.parametrize("scope", SIDES, ids=str)
def test_the_ages_add_up_to_the_backlog_and_to_what_is_overdue(many_lives, scope):
    groups = selectors.backlog_by_age(scope)
    figures = selectors.figures(scope, ["backlog", "overdue_open"])

    assert sum(group.n for group in groups) == figures["backlog"].n
    assert sum(group.overdue for group in groups) == (figures["overdue_open"].total or 0)


@pytest.mark.parametrize("scope", SIDES, ids=str)
def test_each_number_is_the_length_of_its_list(many_lives, scope):
    for group in selectors.backlog_by_age(scope):
        age = group.age.key
        assert selectors.count_behind(scope, "backlog", age=age) == group.n
        assert selectors.count_behind(scope, "overdue_open", part="good", age=age) == group.overdue


@pytest.mark.parametrize(
    ("days", "age"), [(0, "0-1"), (1, "1-3"), (2.99, "1-3"), (3, "3-7"), (7, "7-30"), (29.9, "7-30"), (30, "30")]
)
def test_an_age_begins_with_its_first_moment(many_lives, days, age):
    scope = replace(SCOPES[2], period=ALL, department_ids=None)
    RequestFact.objects.update(created_at=NOW - timedelta(days=days))
    RequestFact.objects.filter(left_at=None).update(last_event_at=NOW)
    if days == 0:
        scope = replace(scope, now=NOW + timedelta(seconds=1))

    found = {group.age.key: group.n for group in selectors.backlog_by_age(scope)}

    assert found == dict.fromkeys(AGES, 0) | {age: selectors.figures(scope, ["backlog"])["backlog"].n}
    assert selectors.count_behind(scope, "backlog", age=age) == found[age] > 0


def test_of_a_period_that_is_over_its_end_is_told(many_lives):
    scope = replace(SCOPES[0], department_ids=None, period=MONTH)
    assert scope.until < NOW
    assert selectors.backlog_by_age(scope) == selectors.backlog_by_age(replace(scope, now=NOW + timedelta(days=9)))


def test_one_query_whatever_is_open(many_lives, django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.backlog_by_age(replace(SCOPES[0], department_ids=None))


def test_where_nothing_is_open_every_age_has_none(db):
    found = selectors.backlog_by_age(replace(SCOPES[0], department_ids=(99,)))
    assert found == grouped_by_age({})
    assert [(group.n, group.overdue) for group in found] == [(0, 0)] * 5
