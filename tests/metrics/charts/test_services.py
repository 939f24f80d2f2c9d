"""Watching charts: limits that freeze, signals that are told once, and what heads say of them."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from metrics.charts.models import Chart, Phase, Signal
from metrics.charts.selectors import chart_of
from metrics.charts.services import answer, watch_all
from metrics.charts.states import Answer, SignalState
from metrics.improvement.services import plan_improvement, take_move
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from tests.factories.improvements import plan_of
from tests.factories.weeks import delivered_weeks

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LAST = date(2026, 11, 16)
chance = random.Random(5)
STEADY = [8 * chance.uniform(0.9, 1.1) for _ in range(29)]


@pytest.fixture
def slow_week(company):
    """Thirty weeks of about eight hours, and a last one of eighty."""
    delivered_weeks(company.it, company.sales, [*STEADY, 80.0], last=LAST)
    return company


def page_of(company, by=None, **more):
    return chart_of(person=by or company.supplier_head, slug="it", figure="resolution_time", now=NOW, **more)


def events(kind):
    return list(Event.objects.filter(kind=kind, subject_kind="chart", data__figure="resolution_time"))


def test_a_figure_with_enough_weeks_gets_a_chart_whose_limits_are_frozen(slow_week):
    watch_all(now=NOW)

    chart = Chart.objects.get(figure="resolution_time")
    phase = chart.phases.get()
    assert (chart.department, chart.side, chart.rules) == (slow_week.it, "supplier", [1, 2, 3, 5])
    assert (phase.starts_on, phase.weeks, phase.scale) == (date(2026, 4, 27), 20, "log")
    assert phase.centre / 3600 == pytest.approx(8, rel=0.1)
    assert phase.frozen_at == NOW
    assert len(events("chart.frozen")) == 1


def test_a_slow_week_is_one_signal_and_one_event(slow_week):
    watch_all(now=NOW)

    signal = Signal.objects.get(chart__figure="resolution_time")
    assert (signal.week, signal.rule, signal.verdict, signal.state) == (LAST, 1, "worse", "open")
    assert [(event.data["week"], event.data["rule"]) for event in events("chart.signalled")] == [("2026-11-16", 1)]


def test_watching_twice_changes_nothing(slow_week):
    watch_all(now=NOW)
    before = list(Phase.objects.values()), list(Signal.objects.values()), Event.objects.count()

    assert watch_all(now=NOW) == 0
    assert (list(Phase.objects.values()), list(Signal.objects.values()), Event.objects.count()) == before


def test_frozen_limits_stay_when_the_past_is_counted_anew(slow_week):
    watch_all(now=NOW)
    before = Phase.objects.values_list("centre", "spread").get(chart__figure="resolution_time")
    delivered_weeks(slow_week.it, slow_week.sales, [50.0] * 30, last=LAST, each=20, first_id=2_000_000)
    watch_all(now=NOW)

    assert Phase.objects.values_list("centre", "spread").get(chart__figure="resolution_time") == before


def test_old_signals_of_a_new_chart_are_noted_but_are_no_news(company):
    delivered_weeks(company.it, company.sales, [*STEADY[:20], 80.0, *STEADY[20:]], last=LAST)
    watch_all(now=NOW)

    assert Signal.objects.get(chart__figure="resolution_time").week == LAST - timedelta(days=63)
    assert events("chart.signalled") == []


def test_a_figure_with_few_weeks_is_not_watched(company):
    delivered_weeks(company.it, company.sales, STEADY[:11], last=LAST)
    watch_all(now=NOW)

    assert list(Chart.objects.all()) == []


def test_a_chart_between_two_is_watched_once_somebody_began_it(slow_week):
    Chart.objects.create(department=slow_week.it, side="supplier", figure="resolution_time", other=slow_week.sales)
    watch_all(now=NOW)

    assert Signal.objects.filter(chart__other=slow_week.sales).count() == 1


def test_the_head_acknowledges_a_signal(slow_week):
    signal = answer(
        by=slow_week.supplier_head,
        page=page_of(slow_week),
        do=Answer.ACKNOWLEDGE,
        week=LAST,
        rule=1,
        reason="Mail was down",
        now=NOW,
    )

    assert (signal.state, signal.reason, signal.decided_by) == (
        "acknowledged",
        "Mail was down",
        slow_week.supplier_head,
    )
    assert [event.data["reason"] for event in events("chart.acknowledged")] == ["Mail was down"]
    assert [line.state for line in page_of(slow_week).signals] == [SignalState.ACKNOWLEDGED]


def test_a_signal_is_answered_once(slow_week):
    asked = {"by": slow_week.supplier_head, "page": page_of(slow_week), "week": LAST, "rule": 1}
    answer(**asked, do=Answer.ACKNOWLEDGE)

    with pytest.raises(IllegalMove):
        answer(**asked, do=Answer.DISMISS, reason="No")


def test_dismissing_needs_a_reason(slow_week):
    with pytest.raises(WrongInput) as error:
        answer(by=slow_week.supplier_head, page=page_of(slow_week), do=Answer.DISMISS, week=LAST, rule=1)

    assert list(error.value.errors) == ["reason"]
    assert Signal.objects.count() == 0


def test_a_signal_that_is_not_there_cannot_be_answered(slow_week):
    with pytest.raises(WrongInput) as error:
        answer(by=slow_week.supplier_head, page=page_of(slow_week), do=Answer.ACKNOWLEDGE, week=LAST, rule=2)

    assert list(error.value.errors) == ["week"]
    assert Chart.objects.count() == 0


def test_an_agent_does_not_answer_for_the_department(slow_week):
    with pytest.raises(NotAllowed):
        answer(by=slow_week.agent, page=page_of(slow_week), do=Answer.ACKNOWLEDGE, week=LAST, rule=1)


def test_a_signal_becomes_one_corrective_action(slow_week):
    asked = {"by": slow_week.supplier_head, "page": page_of(slow_week), "week": LAST, "rule": 1, "title": "Mail outage"}
    first = answer(**asked, do=Answer.CORRECT, customer=slow_week.sales)
    again = answer(**asked, do=Answer.CORRECT, customer=slow_week.sales)

    assert (first.pk, first.source_kind, first.supplier, first.customer) == (
        again.pk,
        "signal",
        slow_week.it,
        slow_week.sales,
    )
    assert Signal.objects.get().state == "acknowledged"


def test_a_corrective_action_that_is_refused_leaves_the_signal_open(slow_week):
    with pytest.raises(WrongInput):
        answer(by=slow_week.supplier_head, page=page_of(slow_week), do=Answer.CORRECT, week=LAST, rule=1, title="")

    assert Signal.objects.count() == 0


def faster(company):
    """Twenty weeks of about eight hours, then ten of five."""
    delivered_weeks(company.it, company.sales, [*STEADY[:20], *[5.0, 5.2, 4.9, 5.1, 4.8] * 2], last=LAST)
    watch_all(now=NOW)
    return company


def improved(company, on=date(2026, 9, 9), **more):
    """A plan that has been running since the week before."""
    plan = plan_of(company, name="Second-level rota", effective_on=on, **more)
    row = plan_improvement(by=company.supplier_head, department=company.it, plan=plan, at=NOW)
    return take_move(by=company.supplier_head, improvement=row, name="start", at=NOW)


def test_a_new_phase_begins_where_an_improvement_led_to_a_new_level(company):
    improved(faster(company))
    page = page_of(company)
    phase = answer(by=company.supplier_head, page=page, do=Answer.PHASE, week=date(2026, 9, 14), now=NOW)

    assert (phase.starts_on, phase.note, phase.confirmed_by) == (
        date(2026, 9, 14),
        "Second-level rota",
        company.supplier_head,
    )
    stretches = page_of(company).stretches
    assert [stretch.is_frozen for stretch in stretches] == [True, False]
    assert stretches[1].limits.centre / 3600 == pytest.approx(5, rel=0.05)
    assert [event.data["starts_on"] for event in events("chart.rebased")] == ["2026-09-14"]


def test_without_an_improvement_no_phase_begins(company):
    faster(company)

    with pytest.raises(WrongInput) as error:
        answer(by=company.supplier_head, page=page_of(company), do=Answer.PHASE, week=date(2026, 9, 14))

    assert list(error.value.errors) == ["week"]


def test_a_phase_begins_once(company):
    improved(faster(company))
    page = page_of(company)
    answer(by=company.supplier_head, page=page, do=Answer.PHASE, week=date(2026, 9, 14))

    with pytest.raises(IllegalMove):
        answer(by=company.supplier_head, page=page, do=Answer.PHASE, week=date(2026, 9, 14))


def test_improvements_of_the_figure_are_drawn_with_what_they_led_to(company):
    row = improved(faster(company))
    page = page_of(company)

    assert [(mark.on, mark.name, mark.url) for mark in page.marks] == [
        (date(2026, 9, 9), "Second-level rota", f"/improvements/{row.pk}/")
    ]
    assert [proposal.starts_on for proposal in page.proposals] == [date(2026, 9, 14)]


def test_an_improvement_for_one_customer_stands_on_that_chart_alone(company):
    improved(faster(company), other=company.sales)

    assert page_of(company).marks == []
    assert [mark.name for mark in page_of(company, other="sales").marks] == ["Second-level rota"]


def test_an_improvement_after_which_nothing_changed_proposes_no_phase(company):
    improved(faster(company), on=date(2026, 10, 14))

    assert page_of(company).proposals == []
