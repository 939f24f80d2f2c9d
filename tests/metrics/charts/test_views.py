"""The pages of charts and their API: for whom, with what, in how many queries."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from metrics.charts.models import Chart, Signal
from metrics.charts.selectors import chart_of
from metrics.charts.states import monday
from metrics.rollups.states import Side
from tests.factories.weeks import delivered_weeks

PAGE = "/departments/it/charts/resolution_time/"
API = "/api/v1/figures/departments/it/charts/resolution_time/"


@pytest.fixture
def last():
    return monday(timezone.localdate()) - timedelta(days=7)


@pytest.fixture
def slow_week(company, last):
    delivered_weeks(
        company.it, company.sales, [8.0, 9.0, 7.5, 8.5] * 6 + [80.0], last=last, service_id=company.laptop.pk
    )
    return company


def text(answer):
    return unescape(answer.content.decode())


@pytest.mark.parametrize("path", [PAGE, "/departments/it/charts/", "/departments/it/as-supplier/"])
def test_the_signal_is_told_on_each_page(slow_week, as_browser, path):
    answer = as_browser(slow_week.supplier_head).get(path)

    assert answer.status_code == 200
    assert "Worse in the week from" in text(answer)


@pytest.mark.parametrize("side", Side.ALL)
def test_without_weeks_the_pages_say_so(company, as_browser, side):
    browser = as_browser(company.supplier_head)

    assert "under 12 weeks" in text(browser.get(f"/departments/it/charts/?side={side}"))
    assert "No week has a value yet" in text(browser.get(f"{PAGE}?side={side}"))


def test_the_chart_narrows_to_a_customer_and_a_service(slow_week, as_browser):
    browser = as_browser(slow_week.supplier_head)

    assert "for Sales" in text(browser.get(f"{PAGE}?other=sales"))
    assert "Laptop" in text(browser.get(f"{PAGE}?service=laptop"))
    assert "No week has a value yet" in text(browser.get(f"{PAGE}?other=facilities"))


@pytest.mark.parametrize(
    ("query", "words"),
    [("side=above", "Choose one of: supplier, customer."), ("weeks=7", "Choose one of: 26, 52, 104."),
     ("service=none", "This department does not offer that.")],
)  # fmt: skip
def test_a_wrong_address_is_told_and_the_chart_still_drawn(slow_week, as_browser, query, words):
    answer = as_browser(slow_week.supplier_head).get(f"{PAGE}?{query}")

    assert answer.status_code == 400
    assert words in text(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/departments/it/charts/backlog/",
        "/departments/it/charts/nothing/",
        "/departments/none/charts/",
        "/departments/it/charts/?side=above",
    ],
)
def test_what_there_is_not_is_not_found(slow_week, as_browser, path):
    assert as_browser(slow_week.supplier_head).get(path).status_code == 404


@pytest.mark.parametrize("path", [PAGE, "/departments/it/charts/"])
def test_somebody_without_figures_is_told_whom_to_ask(slow_week, as_browser, path):
    answer = as_browser(slow_week.stranger).get(path)

    assert answer.status_code == 403
    assert "Ask the head of IT Services." in text(answer)


def test_what_people_answered_is_for_the_department_alone(slow_week, as_browser):
    assert as_browser(slow_week.customer_head).get("/departments/it/charts/rating_mean/").status_code == 403


def test_the_customer_reads_its_own_part(slow_week, as_browser):
    browser = as_browser(slow_week.customer_head)

    assert browser.get(f"{PAGE}?other=sales").status_code == 200
    assert browser.get(f"{PAGE}?other=facilities").status_code == 403


def test_what_was_typed_stays_when_a_signal_is_dismissed_without_a_reason(slow_week, as_browser, last):
    body = {"week": last.isoformat(), "rule": 1, "do": "dismiss", "reason": " ", "title": "Mail outage"}
    answer = as_browser(slow_week.supplier_head).post(f"{PAGE}answers/", body)

    assert answer.status_code == 400
    assert 'value="Mail outage"' in text(answer)


def test_the_head_answers_on_the_page_and_comes_back_to_it(slow_week, as_browser, last):
    body = {"week": last.isoformat(), "rule": 1, "do": "acknowledge", "reason": "Mail was down"}
    answer = as_browser(slow_week.supplier_head).post(f"{PAGE}answers/?side=supplier", body)

    assert answer["Location"] == f"{PAGE}?side=supplier"
    assert "Acknowledged: Mail was down" in text(as_browser(slow_week.supplier_head).get(PAGE))


def test_an_answer_without_a_signal_says_which_field_is_missing(slow_week, as_browser, last):
    answer = as_browser(slow_week.supplier_head).post(
        f"{PAGE}answers/", {"week": last.isoformat(), "do": "acknowledge"}
    )

    assert "Say which signal is meant" in text(answer)


# of an action: who may open the chart that it came of finds the way to it
READERS = {"supplier_head": True, "agent": True, "customer_head": True, "executive": True, "stranger": False}


def test_a_corrective_action_opens_from_the_page(slow_week, as_browser, last):
    body = {"week": last.isoformat(), "rule": 1, "do": "correct", "title": "Mail outage", "customer": "sales"}
    answer = as_browser(slow_week.supplier_head).post(f"{PAGE}answers/", body)

    assert answer["Location"].startswith("/feedback/actions/")
    seen = {who: text(as_browser(getattr(slow_week, who)).get(answer["Location"])) for who in READERS}
    assert {who: f'<a href="{PAGE}">Resolution</a>' in page for who, page in seen.items()} == READERS


def test_the_api_tells_the_same_as_the_page(slow_week, as_api, last):
    page = chart_of(person=slow_week.supplier_head, slug="it", figure="resolution_time")
    found = as_api(slow_week.supplier_head).get(API).json()

    assert [week["value"] for week in found["weeks"]] == [week.value for week in page.weeks]
    assert found["scale"] == "log"
    assert [(signal["week"], signal["rule"], signal["verdict"]) for signal in found["signals"]] == [
        (last.isoformat(), 1, "worse")
    ]
    assert found["weeks"][-1]["limits"]["upper"] < found["weeks"][-1]["value"]


def test_the_list_of_the_api_names_the_open_signal(slow_week, as_api, last):
    rows = as_api(slow_week.supplier_head).get("/api/v1/figures/departments/it/charts/").json()["results"]
    found = {row["figure"]: row for row in rows}

    assert found["resolution_time"]["signal"]["week"] == last.isoformat()
    assert found["rating_mean"] == {
        "figure": "rating_mean",
        "week": None,
        "value": None,
        "centre": None,
        "frozen": False,
        "signal": None,
    }


def test_the_head_answers_over_the_api(slow_week, as_api, last):
    body = {"do": "dismiss", "week": last.isoformat(), "rule": 1, "reason": "Known"}
    answer = as_api(slow_week.supplier_head).post(f"{API}answers/", body, format="json")

    assert [signal["state"] for signal in answer.json()["signals"]] == ["dismissed"]


def test_an_unknown_customer_is_refused_over_the_api(slow_week, as_api, last):
    body = {"do": "correct", "week": last.isoformat(), "rule": 1, "title": "Mail", "customer": "nobody"}
    answer = as_api(slow_week.supplier_head).post(f"{API}answers/", body, format="json")

    assert list(answer.json()["errors"]) == ["customer"]


def test_an_agent_may_read_but_not_answer(slow_week, as_api, last):
    client = as_api(slow_week.agent)

    assert client.get(API).status_code == 200
    assert (
        client.post(
            f"{API}answers/", {"do": "acknowledge", "week": last.isoformat(), "rule": 1}, format="json"
        ).status_code
        == 403
    )


@pytest.mark.parametrize("signals", [1, 3])
def test_a_chart_costs_the_same_with_more_signals(slow_week, as_browser, last, signals, django_assert_max_num_queries):
    chart = Chart.objects.create(department=slow_week.it, side="supplier", figure="resolution_time")
    for rule in range(1, signals + 1):
        Signal.objects.create(chart=chart, week=last, rule=rule, verdict="worse")
    browser = as_browser(slow_week.supplier_head)
    browser.get(PAGE)

    with django_assert_max_num_queries(17):
        browser.get(PAGE)
