"""Walls that people told of: which criteria fail, from how many answers on, and for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.dashboards.asked_walls import asked_walls, checks_for
from metrics.rollups.states import Period
from tests.factories.chain import wall_check

pytestmark = pytest.mark.django_db


def walls(person) -> list:
    today = timezone.localdate()
    return asked_walls(checks_for(person, Period(today - timedelta(days=30), today + timedelta(days=1))))


def test_three_failing_criteria_mark_a_wall_and_two_do_not(company):
    wall_check(company, [(1, 2, 2, 4, 4)] * 4 + [(2, 1, 1, 5, 4)] * 2)
    [wall] = walls(company.executive)
    assert ({one.slug for one in wall.departments}, wall.n, wall.measured) == ({"sales", "it"}, 6, 5)
    assert wall.signs == [
        "“It stays within its budget”: 1.3 of 5 (n 6)", "“It keeps its schedule”: 1.7 of 5 (n 6)",
        "“It delivers what was specified”: 1.7 of 5 (n 6)",
    ]  # fmt: skip


def test_chance_and_good_marks_build_none(company):
    wall_check(company, [(1, 1, 1, 4, 4), (5, 5, 5, 5, 5)] * 3)
    assert walls(company.executive) == []


def test_four_answers_tell_nothing(company):
    wall_check(company, [(1, 1, 1, 1, 1)] * 4)
    assert walls(company.executive) == []


def test_they_are_told_to_whom_the_results_are(company, as_browser):
    wall_check(company, [(1, 1, 1, 4, 4)] * 6)
    told = {letter for letter, person in company.by_context.items() if walls(person)}
    assert told == {"CH", "SA", "AS", "SH", "AU", "EX"}
    words = "Told by those who work together"
    assert words in as_browser(company.executive).get("/company/").content.decode()
    assert words not in as_browser(company.other_head).get("/company/").content.decode()
    assert words in as_browser(company.supplier_head).get("/company/").content.decode()
