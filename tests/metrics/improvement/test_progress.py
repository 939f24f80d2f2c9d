"""Marks of progress: for the company and each department, from what was counted."""

from dataclasses import dataclass

import pytest

from metrics.improvement.models import ImprovementEffect
from metrics.improvement.progress import Progress, lasted, marks_of, reached
from metrics.improvement.states import Horizon
from tests.factories.improvements import measured, planned

COMPANY, IT, API = "/improvements/marks/", "/departments/it/improvements/marks/", "/api/v1/improvements/marks/"


@dataclass
class Effect:
    verdict: str
    effect: float | None = None
    held: bool | None = None


@pytest.mark.parametrize(
    ("expected", "effect", "mark"),
    [
        (-0.2, Effect("improved", -0.2), "reached"), (-0.2, Effect("improved", -0.19), "less"),
        (0.05, Effect("improved", 0.06), "reached"), (-0.2, Effect("worse", 0.3), "missed"),
        (-0.2, Effect("no_evidence", -0.4), "unknown"), (-0.2, Effect("too_early"), "early"), (-0.2, None, "early"),
    ],
)  # fmt: skip
def test_the_goal_is_reached_by_what_chance_does_not_explain_alone(expected, effect, mark):
    assert reached(expected, effect) == mark


@pytest.mark.parametrize(
    ("goal", "effect", "mark"),
    [
        (Progress.REACHED, Effect("improved", -0.2, held=True), "held"),
        (Progress.LESS, Effect("worse", 0.2, held=False), "lost"),
        (Progress.REACHED, Effect("no_evidence", -0.1), "unknown"), (Progress.REACHED, None, "early"),
        (Progress.REACHED, Effect("too_early"), "early"), (Progress.MISSED, Effect("improved", -0.2), None),
        (Progress.UNKNOWN, None, None),
    ],
)  # fmt: skip
def test_only_what_got_better_can_hold(goal, effect, mark):
    assert lasted(goal, effect) == mark


def test_departments_and_company_have_the_same_marks(company):
    row = measured(company, expected=-0.1)
    ImprovementEffect.objects.filter(improvement=row, horizon=Horizon.THREE).update(
        verdict="improved", held=True, effect=-0.2, low=-0.3, high=-0.1, p=0.01
    )
    planned(company)
    for slug in ("", "it"):
        page = marks_of(person=company.supplier_head, slug=slug)
        assert [(one.goal, one.three, one.six) for one in page.rows] == [("reached", "held", "early")]
        assert [dict(one.counts) for one in page.sums] == [{"reached": 1}, {"held": 1}, {"early": 1}]


def test_the_page_and_the_api_say_the_same_and_strangers_nothing(company, as_browser, as_api):
    measured(company, expected=-0.5)
    for path in (COMPANY, IT):
        assert "Better, less than expected" in as_browser(company.supplier_head).get(path).content.decode()
    assert "No improvement has acted yet" in as_browser(company.stranger).get(COMPANY).content.decode()
    assert as_browser(company.stranger).get(IT).status_code == 403
    found = as_api(company.supplier_head).get(API, {"department": "it"}).json()
    assert (found["sums"][0]["counts"], found["results"][0]["goal"]) == ({"less": 1}, "less")
    assert as_api(company.stranger).get(API).json() == {"sums": [], "results": []}


def test_what_people_answered_is_told_to_whoever_may_read_sums_of_it(company, as_api):
    measured(company, before=3.5, after=4.2, figure="rating_mean", expected=0.3, other=company.sales)
    assert as_api(company.agent).get(API).json()["results"][0]["goal"] == "reached"
    assert [one.goal for one in marks_of(person=company.auditor).rows] == ["reached"]


def test_three_take_as_many_queries_as_one(company, as_browser, django_assert_max_num_queries):
    head = as_browser(company.supplier_head)
    measured(company)
    head.get(IT)
    with django_assert_max_num_queries(100) as one:
        head.get(IT)
    measured(company, other=company.sales)
    measured(company, comparison=company.facilities)
    with django_assert_max_num_queries(len(one)):
        assert head.get(IT).content.decode().count("data-row") == 3
