"""Which rules judge a chart, who has it watched, and what waits on my desk."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from metrics.charts.letters import write_letter
from metrics.charts.models import Chart, Signal
from metrics.charts.selectors import chart_of
from metrics.charts.services import answer, choose_rules, watch_all
from metrics.charts.states import Answer, monday
from metrics.charts.waiting import waiting_for
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.messaging.models import OutgoingMail
from tests.factories.weeks import delivered_weeks

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LAST = date(2026, 11, 16)
PAGE = "/departments/it/charts/resolution_time/"
STEADY = [8.0, 9.0, 7.5, 8.5] * 6


def page_of(company, now=NOW, **more):
    return chart_of(person=company.supplier_head, slug="it", figure="resolution_time", now=now, **more)


@pytest.fixture
def zigzag(company):
    """Up and down in turn for fourteen weeks: only the fourth rule, which nobody has chosen, sees that."""
    delivered_weeks(company.it, company.sales, [8.0, 9.0] * 12, last=LAST)
    return company


@pytest.fixture
def slow_week(company):
    """As seen today, so that it is news."""
    delivered_weeks(company.it, company.sales, [*STEADY, 80.0], last=monday(timezone.localdate()) - timedelta(days=7))
    return company


def test_another_rule_draws_its_signals_at_once_and_is_in_the_log(zigzag):
    assert page_of(zigzag).signals == []
    choose_rules(by=zigzag.supplier_head, page=page_of(zigzag), rules=[4, 1, 1], now=NOW)

    assert {line.rule for line in page_of(zigzag).signals} == {4}
    event = Event.objects.get(kind="chart.rules_chosen")
    assert (event.data["before"], event.data["rules"], event.actor_id) == (
        [1, 2, 3, 5],
        [1, 4],
        zigzag.supplier_head.pk,
    )


def test_chosen_twice_it_is_told_once(zigzag):
    for _time in range(2):
        choose_rules(by=zigzag.supplier_head, page=page_of(zigzag), rules=[1, 4], now=NOW)
    assert Event.objects.filter(kind="chart.rules_chosen").count() == 1


def test_a_signal_of_a_rule_that_no_longer_judges_waits_for_nobody(slow_week):
    watch_all()
    assert [item.count for item in waiting_for(slow_week.supplier_head)] == [1]
    choose_rules(by=slow_week.supplier_head, page=page_of(slow_week, timezone.now()), rules=[3])
    assert (waiting_for(slow_week.supplier_head), Signal.objects.filter(chart__figure="resolution_time").count()) == (
        [],
        0,
    )


@pytest.mark.parametrize("rules", [[], [0], [1, 9]], ids=str)
def test_what_is_no_rule_is_refused(zigzag, rules):
    with pytest.raises(WrongInput):
        choose_rules(by=zigzag.supplier_head, page=page_of(zigzag), rules=rules, now=NOW)


def test_only_heads_choose(zigzag):
    with pytest.raises(NotAllowed):
        choose_rules(by=zigzag.agent, page=page_of(zigzag), rules=[1], now=NOW)


def test_a_chart_of_a_pair_is_watched_once_somebody_wants_it(slow_week, as_browser):
    browser = as_browser(slow_week.supplier_head)
    assert "Nobody watches this chart" in unescape(browser.get(f"{PAGE}?other=sales").content.decode())
    assert (
        browser.post(f"{PAGE}rules/?other=sales", {"rules": ["1", "2", "3", "5"]})["Location"] == f"{PAGE}?other=sales"
    )

    chart = Chart.objects.get(other=slow_week.sales)
    assert list(chart.signals.values_list("rule", flat=True)) == [1]
    assert "This chart is watched" in unescape(browser.get(f"{PAGE}?other=sales").content.decode())
    assert f'href="{PAGE}?other=sales"' in browser.get("/departments/it/charts/").content.decode()
    mail = OutgoingMail(person=slow_week.supplier_head, kind="chart.signalled")
    mail.data = {"event": Event.objects.get(kind="chart.signalled", subject_id=chart.pk).pk}
    assert "IT Services · Sales, " in write_letter(mail).subject


def test_without_a_rule_the_page_says_so_and_stays(slow_week, as_browser):
    answer = as_browser(slow_week.supplier_head).post(f"{PAGE}rules/")
    assert (answer.status_code, "Choose at least one rule." in unescape(answer.content.decode())) == (400, True)


def test_the_api_says_what_judges_and_what_is_watched(slow_week, as_api):
    head, path = as_api(slow_week.supplier_head), "/api/v1/figures/departments/it/charts/resolution_time/"
    before = head.get(path, {"other": "sales"}).json()
    after = head.put(f"{path}rules/", {"other": "sales", "rules": [1]}).json()
    assert (before["rules"], before["watched"], after["rules"], after["watched"]) == ([1, 2, 3, 5], False, [1], True)
    assert head.put(f"{path}rules/", {"rules": [11]}).status_code == 400


def test_what_nobody_answered_waits_once_for_the_heads_of_the_department_alone(slow_week, as_browser):
    watch_all()
    heads = (slow_week.supplier_head, slow_week.customer_head, slow_week.agent, slow_week.executive)
    assert [len(waiting_for(person)) for person in heads] == [1, 0, 0, 0]
    assert f'href="{PAGE}"' in as_browser(slow_week.supplier_head).get("/").content.decode()

    page = page_of(slow_week, timezone.now())
    answer(by=slow_week.supplier_head, page=page, do=Answer.ACKNOWLEDGE, week=page.signals[0].week, rule=1)
    assert waiting_for(slow_week.supplier_head) == []


def test_what_was_no_news_when_it_was_first_seen_waits_for_nobody(company):
    delivered_weeks(company.it, company.sales, [*STEADY[:20], 80.0, *STEADY], last=LAST)
    watch_all(now=NOW)
    assert (Signal.objects.filter(rule=1).count(), waiting_for(company.supplier_head)) == (1, [])
