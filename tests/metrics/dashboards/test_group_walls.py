"""Walls that joint groups told of: from how many answers on, of which round, and for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from feedback.groups.models import JointGroup, WallCheck
from feedback.groups.services import bring_in
from feedback.groups.working import answer_check, close_check, open_check
from metrics.dashboards.group_walls import group_checks_for, group_walls
from metrics.rollups.states import Period
from tests.factories.company import make_person
from tests.factories.groups import GOOD, POOR, at_work

pytestmark = pytest.mark.django_db
DAY, WORDS = timedelta(days=1), "Told by joint groups"


def told_by(company, *rounds, name: str = "One sign-in", close: bool = True) -> JointGroup:
    """A group whose members answered so in each round, each of them once."""
    group = at_work(company, name=name)
    people = [make_person(f"{name} {n}", company.sales) for n in range(max(len(marks) for marks in rounds))]
    for person in people:
        bring_in(by=company.supplier_head, group=group, person=person, department=company.sales)
    for marks in rounds:
        open_check(by=company.supplier_head, group=group)
        for person, values in zip(people, marks, strict=False):
            answer_check(by=person, group=group, values=values)
        if close:
            close_check(by=company.supplier_head, group=group)
    return group


@pytest.fixture(autouse=True)
def in_english():
    """Signs are words in the language of who reads, which another test may have left behind."""
    with translation.override("en"):
        yield


def walls(person, *, days: int = 30) -> list:
    today = timezone.localdate()
    return group_walls(group_checks_for(person, Period(today - timedelta(days=days), today + DAY)))


def test_five_members_who_say_that_three_criteria_fail_tell_of_a_wall(company):
    told_by(company, [POOR] * 5)
    told_by(company, [GOOD] * 5, name="Well")
    [wall] = walls(company.executive)
    assert (wall.group.name, [one.slug for one in wall.departments], wall.n, wall.measured) == (
        "One sign-in", ["it", "sales"], 5, 5,
    )  # fmt: skip
    assert wall.signs == [
        "“It stays within its budget”: 1.0 of 5 (n 5)", "“It keeps its schedule”: 1.0 of 5 (n 5)",
        "“It delivers what was specified”: 1.0 of 5 (n 5)",
    ]  # fmt: skip


def test_four_answers_and_open_rounds_tell_nothing(company):
    told_by(company, [POOR] * 4)
    told_by(company, [POOR] * 5, name="Open", close=False)
    assert walls(company.executive) == []


def test_the_newest_round_of_the_period_counts(company):
    group = told_by(company, [POOR] * 5, [GOOD] * 5)
    assert walls(company.executive) == []
    WallCheck.objects.filter(group=group).update(
        opened_at=timezone.now() - 60 * DAY, closed_at=timezone.now() - 50 * DAY
    )
    assert walls(company.executive, days=70) == []
    newest = WallCheck.objects.filter(group=group).order_by("-pk").first()
    newest.delete()
    assert ([wall.n for wall in walls(company.executive, days=70)], walls(company.executive)) == ([5], [])


def test_they_are_told_to_whom_the_page_of_the_group_tells_them(company, as_browser):
    told_by(company, [POOR] * 5)
    told = {letter for letter, person in company.by_context.items() if walls(person)}
    assert told == {"RQ", "CH", "SH", "AU", "EX"}
    pages = {
        name: WORDS in as_browser(getattr(company, name)).get("/company/").content.decode()
        for name in ("executive", "supplier_head", "other_head", "supplier_head", "other_head")
    }
    assert pages == {"executive": True, "supplier_head": True, "other_head": False}


@pytest.mark.parametrize("rows", [1, 3])
def test_they_cost_three_queries_however_many_they_are(company, rows, django_assert_num_queries):
    for number in range(rows):
        told_by(company, [POOR] * 5, name=f"Group {number}")
    assert len(walls(company.executive)) == rows
    with django_assert_num_queries(3):
        walls(company.executive)
