"""Open work by age where it is shown: on both dashboards, over the API and in the report, always with the same numbers."""

import pytest
from django.urls import reverse

from metrics.dashboards.selectors import department_page
from metrics.reports.selectors import report_on
from metrics.rollups.ages import AGES
from metrics.rollups.services import recount_stale
from requests_app.events.services import deliver as deliver_events
from tests.factories import accept, close, file_laptop

SIDES = {"supplier": "it", "customer": "sales"}


@pytest.fixture
def life(company):
    """Two requests of Sales with IT are open, one is closed."""
    close(company, file_laptop(company))
    for _each in range(2):
        accept(company, file_laptop(company))
    deliver_events("facts")
    recount_stale()
    return company


def head(life, side):
    return life.supplier_head if side == "supplier" else life.customer_head


@pytest.mark.parametrize(("side", "slug"), SIDES.items())
def test_page_api_and_report_tell_the_same(life, as_api, side, slug):
    person = head(life, side)
    page = department_page(person=person, slug=slug, side=side)
    answer = as_api(person).get(f"/api/v1/figures/departments/{slug}/{side}/").json()["open_by_age"]
    report = report_on(person=person, subject=side, slug=slug)
    [table] = [table for table in report.tables if table.heading == "Open work by age"]
    values = [(value.key, value.n, value.value) for value in report.values if value.key.startswith("open_by_age:")]

    told = [(row.group.age.key, row.group.n, row.group.overdue) for row in page.aged]
    assert told == [("0-1", 2, 0), *((age, 0, 0) for age in list(AGES)[1:])]
    assert [(row["age"], row["n"], row["overdue"]) for row in answer] == told
    assert [tuple(row[1:]) for row in table.rows] == [row[1:] for row in told]
    assert values == [(f"open_by_age:{age}", n, overdue) for age, n, overdue in told]


@pytest.mark.parametrize(("side", "slug"), SIDES.items())
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Open work by age"), ("ru", "Открытая работа по возрасту"), ("zh-hans", "未完成工作的时长")],
)
def test_it_is_said_in_the_readers_language(life, as_browser, side, slug, language, words):
    person = head(life, side)
    person.language = language
    person.save()
    shown = as_browser(person).get(reverse(f"dashboards:{side}", args=[slug])).content.decode()
    assert f"<h2>{words}</h2>" in shown


def test_where_nothing_is_open_there_is_no_table(company, as_browser):
    shown = as_browser(company.supplier_head).get("/departments/it/as-supplier/").content.decode()
    assert "Open work by age" not in shown


@pytest.mark.parametrize("wrong", ["figure=backlog&age=2-4", "figure=created&age=1-3"])
def test_an_age_that_is_none_or_of_what_has_none_is_not_found(life, as_browser, wrong):
    address = f"/requests/?{wrong}&side=supplier&department=it&from=2026-01-01&to=2026-12-01"
    assert as_browser(life.supplier_head).get(address).status_code == 404
