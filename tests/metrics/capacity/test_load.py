"""Logged work against the time there is: from the log to the tile, the block and the API."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.capacity.states import Load
from metrics.dashboards.selectors import department_page
from metrics.facts.models import RequestFact, WorkFact
from metrics.rollups import rebuilding
from metrics.rollups.catching_up import catch_up
from metrics.rollups.states import Side
from requests_app.desk.services.worklogs import correct_work, log_work
from requests_app.org.models import Membership, Person
from tests.factories import accept, close, deliver, file_laptop

HOUR = 3600


def done(company):
    return close(company, deliver(company, accept(company, file_laptop(company))))


def team_of_five(company):
    for number in range(5):
        person = Person.objects.create_user(f"more{number}@example.test", name=f"More {number}")
        Membership.objects.create(person=person, department=company.it, role="agent")


def page(company):
    return department_page(person=company.supplier_head, slug="it", side=Side.SUPPLIER)


def test_the_worked_example_of_a_team_and_what_is_told_of_a_small_one():
    assert round(Load(5, round(118.8 * HOUR), 144 * HOUR).share, 10) == 0.825
    assert (Load(4, 3600, 7200).share, Load(4, 3600, 7200).why) == (None, "small")
    assert (Load(5, 0, 7200).share, Load(5, 0, 7200).why) == (None, "none_logged")
    assert (Load(5, 3600, 0).share, Load(5, 3600, 0).why) == (None, "no_time")
    assert Load(5, 7200, 3600).share == 2  # more than there is stays more


def test_logged_work_becomes_facts_by_day_and_corrections_are_added_in(company):
    row = accept(company, file_laptop(company))
    log_work(by=company.agent, service_request=row, minutes=60)
    log = log_work(by=company.agent, service_request=row, minutes=30)
    correct_work(by=company.agent, log=log, minutes=10)
    catch_up()

    assert RequestFact.objects.get().logged_seconds == 70 * 60
    assert WorkFact.objects.values_list("department_id", "seconds").get() == (company.it.pk, 70 * 60)
    assert list(rebuilding.wrong_facts()) == []
    WorkFact.objects.all().delete()
    assert list(rebuilding.wrong_facts()) == [row.pk]
    list(rebuilding.refold_all())
    assert list(rebuilding.wrong_facts()) == []


def test_all_taken_back_leaves_no_row(company):
    row = accept(company, file_laptop(company))
    log = log_work(by=company.agent, service_request=row, minutes=60)
    correct_work(by=company.agent, log=log, minutes=0)
    catch_up()

    assert (RequestFact.objects.get().logged_seconds, WorkFact.objects.count()) == (0, 0)


def test_coverage_and_time_per_request_count_delivered_requests(company):
    for minutes in (60, 120, 0):
        row = accept(company, file_laptop(company))
        if minutes:
            log_work(by=company.agent, service_request=row, minutes=minutes)
        deliver(company, row)
    catch_up()
    figures = page(company).figures

    assert (figures["work_coverage"].total, figures["work_coverage"].n) == (2, 3)
    assert (figures["logged_per_request"].value, figures["logged_per_request"].n) == (90 * 60, 2)
    assert figures["chaser_rate"].n == 3


def test_a_log_after_the_delivery_is_counted_too(company):
    row = deliver(company, accept(company, file_laptop(company)))
    catch_up()
    log_work(by=company.agent, service_request=row, minutes=15)
    catch_up()

    assert page(company).figures["work_coverage"].total == 1


def test_the_tile_stands_there_for_a_team_with_logs(company, as_browser):
    team_of_five(company)
    row = accept(company, file_laptop(company))
    log_work(by=company.agent, service_request=row, minutes=600)
    catch_up()
    load = page(company).load

    assert (load.logged, load.people >= 5) == (36_000, True)
    assert load.share == load.logged / load.available
    text = as_browser(company.supplier_head).get("/departments/it/as-supplier/").content.decode()
    assert "of capacity" in text
    assert f"{load.people} agents · 10 h logged of" in text


def test_without_logs_the_tile_is_open_requests_per_agent_and_the_block_says_why(company, as_browser):
    team_of_five(company)
    text = as_browser(company.supplier_head).get("/departments/it/as-supplier/").content.decode()

    assert "Open per agent" in text
    assert "no time logged" in text


def test_the_customer_side_has_no_load(company, as_browser):
    text = as_browser(company.customer_head).get("/departments/sales/as-customer/").content.decode()
    assert "Resource use" not in text


@pytest.mark.parametrize("team", [False, True])
def test_the_api_tells_hours_of_groups_only(company, as_api, team):
    if team:
        team_of_five(company)
    row = accept(company, file_laptop(company))
    log_work(by=company.agent, service_request=row, minutes=600)
    catch_up()
    body = as_api(company.supplier_head).get("/api/v1/figures/departments/it/capacity/").json()

    told = body["n"] >= 5
    assert body["why"] == ("" if told else "small")
    assert (body["utilisation"] is not None, body["logged_seconds"]) == (told, 36_000 if told else None)


def test_days_to_come_count_for_nothing(company, as_api):
    team_of_five(company)
    today = timezone.localdate()
    ask = lambda days: as_api(company.supplier_head).get(  # noqa: E731
        "/api/v1/figures/departments/it/capacity/",
        {"from": today - timedelta(days=7), "to": today + timedelta(days=days)},
    )

    assert ask(30).json()["available_seconds"] == ask(2).json()["available_seconds"]


def test_every_linked_line_counts_what_its_list_shows(company, as_browser):
    for _number in range(2):
        done(company)
    row = deliver(company, accept(company, file_laptop(company)))
    log_work(by=company.agent, service_request=row, minutes=15)
    catch_up()
    client = as_browser(company.supplier_head)
    lines = [line for line in page(company).resources if line.url]

    shown = {
        line.figure.key: len(set(re.findall(r"/requests/(SR-\d+)/", client.get(line.url).content.decode())))
        for line in lines
    }
    assert shown == {line.figure.key: line.figure.n for line in lines}
    assert shown["work_coverage"] == 3
