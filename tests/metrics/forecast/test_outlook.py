"""Forecasts as they are computed at night and read by day: page, API, readers, queries."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction

from metrics.forecast.models import ExpectedNeed, Forecast
from metrics.forecast.selectors import outlook_of
from metrics.forecast.services import look_ahead, look_ahead_if_due
from metrics.forecast.states import AHEAD, Verdict
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import SpecialDay
from servicedesk.celery import app
from tests.factories.facts import count, fact
from tests.metrics.forecast.test_states import poisson

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
THIS_WEEK = date(2026, 11, 23)
PAGE, API = "/departments/it/outlook/", "/api/v1/figures/departments/it/forecast/"


def asked(company, counts, *, last=THIS_WEEK, start=1, **more):
    """So many requests of Sales for a laptop in each week before the running one."""
    first, number = last - timedelta(weeks=len(counts)), start
    for place, n in enumerate(counts):
        for at in range(n):
            day = first + timedelta(weeks=place, days=at % 5)
            usual = {"customer": company.sales.pk, "supplier": company.it.pk, "service_id": company.laptop.pk}
            yield fact(number, day, **usual | more)
            number += 1


@pytest.fixture
def year(company):
    count(asked(company, poisson([12] * 60)))
    look_ahead(now=NOW)
    return company


def forecast(department, **of):
    return Forecast.objects.get(department_id=department.pk, **{"service_id": 0, "need_type": ""} | of)


def test_a_department_its_services_and_need_types_are_forecast(year):
    whole, laptop = forecast(year.it), forecast(year.it, service_id=year.laptop.pk)

    assert (whole.verdict, whole.weeks, whole.error_seasonal) == (Verdict.BETTER, 60, None)
    assert [point[0] for point in whole.points] == [
        (THIS_WEEK + timedelta(weeks=place)).isoformat() for place in range(AHEAD)
    ]
    assert whole.error < whole.error_naive
    assert laptop.points == whole.points == forecast(year.it, need_type="technical").points
    assert Forecast.objects.count() == 3


def test_the_counts_behind_are_those_of_the_cells(year):
    assert [n for _monday, n, _days in forecast(year.it).history] == poisson([12] * 60)[-26:]


def test_computing_again_changes_nothing(year):
    def stored():
        return [list(model.objects.order_by("pk").values().values_list()) for model in (Forecast, ExpectedNeed)]

    def told():
        return [[row[1:] for row in rows] for rows in stored()]

    before = told()
    look_ahead(now=NOW)
    assert told() == before


def test_a_holiday_week_is_expected_to_bring_less(company):
    weekly = [[("09:00", "17:00")]] * 5 + [[], []]
    off = [SpecialDay(date(2026, 12, 21) + timedelta(days=at), "Winter break") for at in range(3)]
    office = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=weekly, special_days=off)
    company.it.calendar_id = office.pk
    company.it.save()
    count(asked(company, poisson([40] * 60)))
    look_ahead(now=NOW)
    points = {monday: (days, expected) for monday, days, expected, *_interval in forecast(company.it).points}

    assert (points["2026-12-14"][0], points["2026-12-21"][0]) == (5, 2)
    assert points["2026-12-21"][1] == pytest.approx(points["2026-12-14"][1] * 2 / 5, abs=0.01)


def test_it_is_computed_once_a_day(company):
    assert (look_ahead_if_due(), look_ahead_if_due()) == (True, False)


def test_it_is_asked_for_on_the_queue_of_figures():
    entry = next(entry for entry in app.conf.beat_schedule.values() if entry["task"] == "metrics.forecast")
    assert entry["options"] == {"queue": "figures"}


def test_a_service_asked_for_less_than_once_a_week_is_not_forecast(company):
    count(asked(company, [1, 0] * 30))
    look_ahead(now=NOW)

    assert Forecast.objects.filter(service_id=company.laptop.pk).count() == 0


def test_weeks_before_the_first_request_are_not_known(company):
    count(asked(company, [3] * 10))
    look_ahead(now=NOW)

    assert (forecast(company.it).verdict, forecast(company.it).weeks) == (Verdict.SHORT, 10)


def test_a_department_with_parts_counts_them_in(company):
    company.facilities.parent = company.it
    company.facilities.path = f"/{company.it.pk}/{company.facilities.pk}/"
    company.facilities.save()
    count([*asked(company, [4] * 50), *asked(company, [2] * 50, start=1000, supplier=company.facilities.pk)])
    look_ahead(now=NOW)

    assert {n for _monday, n, _days in forecast(company.it).history} == {6}
    assert {n for _monday, n, _days in forecast(company.facilities).history} == {2}


def test_the_database_keeps_no_forecast_that_was_not_better(year):
    row = forecast(year.it)
    row.verdict = Verdict.NOT_BETTER
    with pytest.raises(IntegrityError, match="forecast_is_told_only_when_better"), transaction.atomic():
        row.save()


# ── What a customer will need ────────────────────────────────────────────────


def test_what_a_customer_will_need_follows_its_last_thirteen_weeks(year):
    need = ExpectedNeed.objects.get(customer_id=year.sales.pk)
    lately = sum(poisson([12] * 60)[-13:])

    assert (need.service_id, need.counted, need.first) == (year.laptop.pk, lately, THIS_WEEK)
    assert need.expected == pytest.approx(lately * 4 / 13)
    assert need.low < need.expected < need.high
    assert need.last_year == sum(poisson([12] * 60)[8:12])
    assert not need.recurs


def test_a_need_that_came_at_this_time_last_year_comes_back(company):
    yearly = asked(company, [0] * 8 + [15] * 4 + [0] * 48, start=5000, service_id=company.badge.pk)
    count([*asked(company, [3] * 60), *yearly])
    look_ahead(now=NOW)

    badge = ExpectedNeed.objects.get(service_id=company.badge.pk)
    assert (badge.counted, badge.last_year, badge.recurs) == (0, 60, True)
    assert not ExpectedNeed.objects.get(service_id=company.laptop.pk).recurs


def test_without_a_year_nothing_is_said_of_last_year(company):
    count(asked(company, [3] * 20))
    look_ahead(now=NOW)

    assert ExpectedNeed.objects.get().last_year is None


# ── Read ─────────────────────────────────────────────────────────────────────


def test_the_page_tells_the_forecast_its_errors_and_the_need(year, as_browser):
    page = unescape(as_browser(year.supplier_head).get(PAGE).content.decode())

    assert "Tried from 27 past weeks, it was wrong by" in page
    assert "guessing last week's count by" in page
    assert "The same week of last year could not be compared: too little is known." in page
    assert all(name in page for name in ("Laptop", "Technical"))
    assert 'data-chart="line"' in page

    sales = unescape(as_browser(year.customer_head).get("/departments/sales/outlook/").content.decode())
    assert "What it will need from others" in sales
    assert "No forecast yet" in sales


def test_a_forecast_that_is_no_better_is_not_shown(year, as_browser):
    Forecast.objects.update(verdict=Verdict.NOT_BETTER, points=[], error=5.1, error_naive=4.8)
    page = unescape(as_browser(year.supplier_head).get(PAGE).content.decode())

    assert "No forecast better than last week's count." in page
    assert "it was wrong by 5.1 requests a week on average; guessing last week's count by 4.8." in page
    assert "80 %, from" not in page
    assert "what comes next cannot be told better than that" in page


def test_too_short_a_history_is_said(company, as_browser):
    count(asked(company, [3] * 10))
    look_ahead(now=NOW)
    page = as_browser(company.supplier_head).get(PAGE).content.decode()

    assert "Only 10 whole weeks are known; a forecast is tried from 45 on." in page


def test_others_see_the_department_as_a_whole(year):
    page = outlook_of(person=year.other_head, slug="it")

    assert (page.in_full, page.services, page.need_types, page.needs) == (False, [], [], [])
    assert page.whole.is_told


def test_somebody_without_figures_is_told_whom_to_ask(year, as_browser, as_api):
    assert "Ask the head of IT Services." in unescape(as_browser(year.stranger).get(PAGE).content.decode())
    assert as_browser(year.stranger).get(PAGE).status_code == 403
    assert as_api(year.stranger).get(API).status_code == 403
    assert as_browser(year.supplier_head).get("/departments/nowhere/outlook/").status_code == 404


def test_the_api_tells_the_same_as_the_page(year, as_api):
    told = as_api(year.supplier_head).get(API).json()
    page = outlook_of(person=year.supplier_head, slug="it")

    assert [one["service"] for one in told["forecasts"]] == [None, "laptop", None]
    assert [week["expected"] for week in told["forecasts"][0]["weeks"]] == [at.expected for at in page.whole.points]
    assert told["forecasts"][0]["test"]["error"] == page.whole.forecast.error
    assert told["needs"] == []


@pytest.mark.parametrize("services", [1, 3])
def test_the_number_of_queries_does_not_grow(year, django_assert_num_queries, services):
    row = forecast(year.it, service_id=year.laptop.pk)
    for _more in range(services - 1):
        row.pk, row.service_id, row.need_type = None, 0, f"more{_more}"
        row.save()
    outlook_of(person=year.supplier_head, slug="it")
    with django_assert_num_queries(4):
        outlook_of(person=year.supplier_head, slug="it")
