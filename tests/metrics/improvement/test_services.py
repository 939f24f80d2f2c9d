"""An improvement's life: settled before it starts, judged by what was counted, each move an event."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from metrics.improvement import services
from metrics.improvement.models import Improvement, ImprovementEffect
from requests_app.events.models import Event
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.org.services import save_department
from tests.factories.improvements import measured, plan_of, planned, running

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Event.objects.filter(subject_kind="improvement").order_by("pk").values_list("kind", flat=True))


def test_it_is_planned_started_judged_and_closed(company):
    row = measured(company)
    for name, note in (("judge", "It was the rota."), ("close", "")):
        row = services.take_move(by=company.supplier_head, improvement=row, name=name, note=note)
    assert (row.state, row.judgement, row.version, row.is_ended) == ("closed", "It was the rota.", 4, True)
    assert kinds() == [f"improvement.{name}" for name in ("planned", "started", "judged", "closed")]
    judged = Event.objects.get(kind="improvement.judged").data
    assert (judged["verdict"], judged["note"], judged["before"]) == ("improved", "It was the rota.", "running")
    assert judged["low"] < judged["effect"] < judged["high"] < 0


def test_nobody_judges_before_there_is_something_to_tell(company):
    row = running(company)
    with pytest.raises(DomainError) as refused:
        services.take_move(by=company.supplier_head, improvement=row, name="judge", note="Good")
    assert refused.value.code == "too_early"


@pytest.mark.parametrize("name", ["judge", "close"])
def test_a_move_out_of_turn_is_refused(company, name):
    with pytest.raises(IllegalMove):
        services.take_move(by=company.supplier_head, improvement=planned(company), name=name, note="x")
    assert kinds() == ["improvement.planned"]


def test_it_is_cancelled_with_a_reason(company):
    row = planned(company)
    with pytest.raises(WrongInput):
        services.take_move(by=company.supplier_head, improvement=row, name="cancel")
    assert services.take_move(by=company.supplier_head, improvement=row, name="cancel", note="No money").is_ended


@pytest.mark.parametrize("who", ["agent", "customer_head", "executive", "admin", "other_head"])
def test_only_who_leads_the_department_keeps_its_plans(company, who):
    row, person = planned(company), getattr(company, who)
    with pytest.raises(NotAllowed):
        services.plan_improvement(by=person, department=company.it, plan=plan_of(company))
    with pytest.raises(NotAllowed):
        services.take_move(by=person, improvement=row, name="start")
    with pytest.raises(NotAllowed):
        services.change_improvement(by=person, improvement=row, plan=plan_of(company))


def test_who_leads_the_department_above_keeps_them_too(company):
    save_department(by=company.admin, department=company.it, parent=company.facilities)
    company.it.refresh_from_db()
    found = services.plan_improvement(by=company.other_head, department=company.it, plan=plan_of(company))
    assert found.created_by == company.other_head


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("name", "x" * 121), ("goal", "x" * 5001), ("side", "both"), ("figure", "created"),
        ("figure", "nothing"), ("expected", 0.0), ("expected", float("nan")), ("expected", 0.2), ("expected", -99.0),
        ("effective_on", None), ("effective_on", timezone.localdate() - timedelta(days=2000)), ("owner", None),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named(company, field, value):
    with pytest.raises(WrongInput) as refused:
        planned(company, **{field: value})
    assert list(refused.value.errors) == [field]
    assert Improvement.objects.count() == 0


def test_rows_that_do_not_fit_are_named(company):
    wrong = {"other": company.it, "comparison": company.it, "service": company.badge, "owner": company.requester}
    with pytest.raises(WrongInput) as refused:
        planned(company, **wrong, triggered_from=timezone.localdate())
    assert sorted(refused.value.errors) == ["comparison", "other", "owner", "service", "triggered_from"]


def test_a_plan_may_be_changed_and_the_log_has_both(company):
    row = planned(company)
    services.change_improvement(by=company.supplier_head, improvement=row, plan=plan_of(company, expected=-0.1))
    data = Event.objects.get(kind="improvement.changed").data
    assert (data["before"], data["expected"]) == ({"expected": -0.2}, -0.1)


def test_what_says_the_same_is_no_change(company):
    row = planned(company)
    services.change_improvement(by=company.supplier_head, improvement=row, plan=plan_of(company))
    assert kinds() == ["improvement.planned"]


def test_once_it_runs_figure_day_and_expectation_stay(company):
    row = running(company)
    for settled in ({"expected": -0.1}, {"figure": "first_response_time"}, {"other": company.sales}):
        with pytest.raises(WrongInput) as refused:
            services.change_improvement(by=company.supplier_head, improvement=row, plan=plan_of(company, **settled))
        assert list(refused.value.errors) == list(settled)
    free = plan_of(company, name="Rota", goal="Quick", owner=company.agent)
    found = services.change_improvement(by=company.supplier_head, improvement=row, plan=free)
    assert (found.name, found.goal, found.owner) == ("Rota", "Quick", company.agent)


def test_what_is_judged_is_not_changed(company):
    row = services.take_move(by=company.supplier_head, improvement=measured(company), name="judge", note="Good")
    with pytest.raises(IllegalMove):
        services.change_improvement(by=company.supplier_head, improvement=row, plan=plan_of(company, name="x"))


def test_a_stale_page_changes_nothing(company):
    row = planned(company)
    with pytest.raises(StaleVersion):
        services.take_move(by=company.supplier_head, improvement=row, name="start", expected_version=9)


def test_actions_are_added_and_finished_once(company):
    row, today = planned(company), timezone.localdate()
    action = services.add_action(
        by=company.supplier_head, improvement=row, what="Draw it up", owner=company.agent, due_on=today
    )
    for _time in range(2):
        services.finish_action(by=company.supplier_head, action=action)
    action.refresh_from_db()
    assert action.done_on == today
    assert kinds() == ["improvement.planned", "improvement.changed", "improvement.changed"]
    with pytest.raises(WrongInput) as refused:
        services.add_action(by=company.supplier_head, improvement=row, what="", owner=company.requester, due_on=None)
    assert sorted(refused.value.errors) == ["due_on", "owner", "what"]


def test_a_plan_holds_so_many_actions_and_an_ended_one_takes_none(company, monkeypatch):
    row, more = planned(company), {"what": "x", "owner": company.agent, "due_on": timezone.localdate()}
    monkeypatch.setattr(services, "MOST_ACTIONS", 1)
    services.add_action(by=company.supplier_head, improvement=row, **more)
    with pytest.raises(WrongInput):
        services.add_action(by=company.supplier_head, improvement=row, **more)
    services.take_move(by=company.supplier_head, improvement=row, name="cancel", note="No")
    with pytest.raises(IllegalMove):
        services.add_action(by=company.supplier_head, improvement=row, **more)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "resting"}, {"side": "both"}, {"name": ""}, {"expected": 0}, {"expected": 11}, {"state": "closed"},
        {"state": "judged"}, {"triggered_from": date(2199, 1, 1)}, {"ended_at": datetime(2026, 1, 5, tzinfo=UTC)},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_what_makes_no_sense(company, values):
    row = planned(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=row.pk).update(**values)


def test_the_database_keeps_one_effect_for_each_quarter_with_its_numbers(company):
    row = measured(company)
    effect = ImprovementEffect.objects.get(improvement=row, horizon="first")
    with pytest.raises(IntegrityError), transaction.atomic():
        ImprovementEffect.objects.filter(pk=effect.pk).update(low=None)
    effect.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        effect.save(force_insert=True)
