"""Who reads what of an improvement, and what a chart draws of it."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from metrics.improvement import selectors, services
from metrics.improvement.models import ImprovementEffect
from metrics.improvement.policies import can_read
from metrics.improvement.states import Mark
from metrics.rollups.states import Period
from tests.factories.improvements import measured, planned, running

pytestmark = pytest.mark.django_db
WIDE = Period(timezone.localdate() - timedelta(days=400), timezone.localdate() + timedelta(days=400))
OWN = {"agent", "assigned", "supplier_head", "auditor", "executive"}
EVERYBODY = ["requester", "colleague", "customer_head", "agent", "assigned", "supplier_head", "other_agent", "other_head",
             "stranger", "admin", "auditor", "executive"]  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_plan_is_for_the_department_and_those_above(company, who):
    row, person = planned(company), getattr(company, who)
    assert can_read(person, row) == (who in OWN)
    assert selectors.improvements_for(person).exists() == (who in OWN)


@pytest.mark.parametrize("who", EVERYBODY)
def test_one_about_a_pair_is_for_both(company, who):
    row, person = planned(company, other=company.sales), getattr(company, who)
    assert can_read(person, row) == (who in OWN | {"customer_head"})
    assert selectors.improvements_for(person).exists() == can_read(person, row)


def test_what_is_not_ones_own_is_not_there(company):
    with pytest.raises(Http404):
        selectors.get_improvement(person=company.stranger, pk=planned(company).pk)


def test_what_people_answered_is_for_whoever_may_read_sums_of_it(company):
    row = measured(company, before=3.5, after=4.2, figure="rating_mean", expected=0.3)
    assert selectors.improvement_page(person=company.agent, pk=row.pk).told[0].mark[2] == "Improved"
    page = selectors.improvement_page(person=company.supplier_head, pk=row.pk)
    assert (page.reads, page.expected) == (True, "+0.30")


def test_a_chart_draws_what_acts(company):
    row, plan = measured(company), planned(company)
    mark = selectors.actions_on("resolution_time", "supplier", [company.it.pk], period=WIDE)
    assert mark == [
        Mark(row.pk, row.effective_on, "Second-level rota", "−20\u00a0%, 95 % CI −22…−18", "improved",
             f"/improvements/{row.pk}/")
    ]  # fmt: skip
    assert plan.pk not in {one.pk for one in mark}


def test_a_pair_and_a_service_are_drawn_on_their_own_charts_only(company):
    general, pair = running(company), running(company, other=company.sales)
    of_service = running(company, service=company.laptop)

    def drawn(**more) -> set[int]:
        marks = selectors.actions_on("resolution_time", "supplier", [company.it.pk], period=WIDE, **more)
        return {one.pk for one in marks}

    assert drawn() == {general.pk}
    assert drawn(other_id=company.sales.pk) == {general.pk, pair.pk}
    assert drawn(service_id=company.laptop.pk) == {general.pk, of_service.pk}
    assert drawn(other_id=company.facilities.pk) == {general.pk}


def test_a_chart_draws_only_its_figure_side_and_days(company):
    row = running(company)
    day = row.effective_on
    asked = [("resolution_time", "customer", WIDE), ("first_response_time", "supplier", WIDE),
             ("resolution_time", "supplier", Period(day - timedelta(days=9), day))]  # fmt: skip
    assert [selectors.actions_on(key, side, [company.it.pk], period=days) for key, side, days in asked] == [[], [], []]
    until = Period(day, day + timedelta(days=1))
    drawn = selectors.actions_on("resolution_time", "supplier", [company.it.pk], period=until)
    assert [(one.effect_words, one.verdict) for one in drawn] == [("", "too_early")]


def test_a_chart_takes_two_queries_however_many_there_are(company, django_assert_num_queries):
    for _time in range(3):
        running(company)
    with django_assert_num_queries(2):
        assert len(selectors.actions_on("resolution_time", "supplier", [company.it.pk], period=WIDE)) == 3


def test_the_page_says_who_is_next_and_how_it_came_about(company):
    row = planned(company)
    page = selectors.improvement_page(person=company.supplier_head, pk=row.pk)
    assert (page.next.split(" starts it")[0], [move.name for move in page.moves]) == (
        "The head of IT Services", ["start", "cancel"],
    )  # fmt: skip
    assert [step.words for step in page.history] == ["Sofia Supplier planned it"]
    reader = selectors.improvement_page(person=company.agent, pk=row.pk)
    assert (reader.moves, reader.may_change, reader.drawing) == ([], False, None)


def test_the_page_tells_each_quarter_and_draws_the_weeks(company):
    row = measured(company)
    page = selectors.improvement_page(person=company.supplier_head, pk=row.pk)
    assert page.next == "There are weeks enough: the head of IT Services judges it."
    assert [(told.horizon, told.mark[2]) for told in page.told] == [
        ("First three months", "Improved"), ("After three months", "Too early to tell"),
    ]  # fmt: skip
    assert [one["name"] for one in page.drawing.chart["series"]] == [
        "Before", "Not counted", "After", "Median before", "Median after",
    ]  # fmt: skip
    assert (len(page.drawing.table["rows"]), page.drawing.chart["unit"]) == (35, "\u00a0h")
    assert page.told[0].numbers[0] == ("Median before", "10\u00a0h\u00a003\u00a0min")


def test_it_is_told_whether_it_held(company):
    row = measured(company)
    effect = ImprovementEffect.objects.get(improvement=row, horizon="first")
    for horizon, held in (("three_months", True), ("six_months", False)):
        values = {name: getattr(effect, name) for name in ("counted_at", "weeks_before", "weeks_after", "effect", "low",
                  "high", "p", "verdict", "seed", "method")}  # fmt: skip
        ImprovementEffect.objects.update_or_create(improvement=row, horizon=horizon, defaults=values | {"held": held})
    page = selectors.improvement_page(person=company.supplier_head, pk=row.pk)
    assert [told.lasted[2] for told in page.told] == ["", "It held", "It did not hold"]


def test_a_plan_of_long_ago_ends_in_words(company):
    row = planned(company)
    row = services.take_move(by=company.supplier_head, improvement=row, name="cancel", note="No money")
    page = selectors.improvement_page(person=company.supplier_head, pk=row.pk)
    assert (page.next, page.moves, page.history[-1].note) == ("Nothing is left to do.", [], "No money")
