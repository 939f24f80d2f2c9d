"""The pages of figures: for whom, with what, in how many queries, and in agreement with the lists behind them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from metrics.dashboards.company import GROUPS, company_page
from metrics.dashboards.selectors import department_page
from metrics.facts.models import RequestFact
from metrics.reports.selectors import report_on
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.services import note_generation, recount_stale
from metrics.rollups.states import Side
from requests_app.calendars.models import CalendarVersion
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.services import deliver as deliver_events
from tests.factories import accept, close, deliver, file_laptop
from tests.metrics.conftest import build_wall

PAGES = ["/departments/it/as-supplier/", "/departments/sales/as-customer/", "/company/"]


@pytest.fixture
def life(company):
    """Three requests of Sales with IT: one closed, one that waits for the customer, one past its time."""
    close(company, file_laptop(company))
    waiting = accept(company, file_laptop(company))
    move_request(by=company.assigned, service_request=waiting, action="hold", words=Words(hold_reason="customer"))
    catch_up()
    return company


def catch_up() -> None:
    """What the workers do: fold, then count."""
    deliver_events("facts")
    recount_stale()


def reader(company, path):
    if path == "/company/":
        return company.executive
    return company.supplier_head if "/it/" in path else company.customer_head


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_figures_opens_for_its_readers(life, as_browser, path):
    answer = as_browser(reader(life, path)).get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_asked_to_sign_in(life, as_browser, path):
    assert as_browser().get(path).status_code == 302


def test_somebody_without_figures_is_told_whom_to_ask(life, as_browser):
    answer = as_browser(life.stranger).get("/departments/it/as-supplier/")

    assert answer.status_code == 403
    assert "Ask the head of IT Services." in unescape(answer.content.decode())


def test_an_unknown_department_is_not_found(life, as_browser):
    assert as_browser(life.supplier_head).get("/departments/nowhere/as-supplier/").status_code == 404


def test_the_bare_address_leads_to_the_supplier_side(life, as_browser):
    answer = as_browser(life.supplier_head).get("/departments/it/")
    assert (answer.status_code, answer["Location"]) == (302, "/departments/it/as-supplier/")


@pytest.mark.parametrize("path", PAGES)
def test_a_wrong_date_is_said_and_the_usual_days_are_shown(life, as_browser, path):
    answer = as_browser(reader(life, path)).get(path, {"from": "soon"})

    assert answer.status_code == 400
    assert "Write a date as year-month-day" in answer.content.decode()


def test_an_unknown_figure_of_the_matrix_is_refused_in_words(life, as_browser):
    answer = as_browser(life.executive).get("/company/", {"figure": "happiness"})
    assert answer.status_code == 400
    assert "Choose one of: resolution_kept" in answer.content.decode()


@pytest.mark.parametrize("side", Side.ALL)
def test_every_tile_counts_what_its_list_shows(life, as_browser, side):
    slug, person = ("it", life.supplier_head) if side == Side.SUPPLIER else ("sales", life.customer_head)
    page = department_page(person=person, slug=slug, side=side)
    linked = [tile for tile in page.tiles if tile.url]

    shown = {tile.figure.key: count_shown(as_browser(person), tile.url) for tile in linked}

    expected = {tile.figure.key: tile.figure.n for tile in linked}
    if "load_per_agent" in expected:  # counts agents; behind it lie the open requests
        expected["load_per_agent"] = expected["backlog"]
    assert shown == expected
    assert "resolution_time" in shown


def test_needs_are_compared_only_with_a_period_that_is_known(life, as_browser):
    said = "Not comparable: nobody had asked yet when the period before began."
    assert said in unescape(as_browser(life.supplier_head).get(PAGES[0]).content.decode())

    file_laptop(life, at=timezone.now() - timedelta(days=70))
    catch_up()
    assert said not in unescape(as_browser(life.supplier_head).get(PAGES[0]).content.decode())


def count_shown(client, url: str) -> int:
    return len(set(re.findall(r"/requests/(SR-\d+)/", client.get(url).content.decode())))


def test_with_many_open_the_resolution_counts_them_too(life, as_browser):
    """One of two is delivered, within the second: half are done by then, nine of ten never."""
    page = department_page(person=life.supplier_head, slug="it", side=Side.SUPPLIER)
    [tile] = [tile for tile in page.tiles if tile.figure.key == "resolution_time"]
    shown = unescape(as_browser(life.supplier_head).get(PAGES[0]).content.decode()).replace("\u00a0", " ")

    assert (tile.filed.n, tile.filed.open, tile.figure.n) == (2, 1, 1)
    assert tile.filed.p90 is None
    assert "1 of 2 filed still open" in shown
    assert "p90 not reached" in shown
    assert "Delivered ones alone" in shown
    assert count_shown(as_browser(life.supplier_head), tile.filed_url) == 2


def test_the_api_and_the_report_count_open_ones_too(life, as_api):
    told = as_api(life.supplier_head).get("/api/v1/figures/departments/it/supplier/").json()["with_open_ones"]
    [resolution] = [one for one in told if one["key"] == "resolution_time"]
    report = report_on(person=life.supplier_head, subject="supplier", slug="it")
    [table] = [table for table in report.tables if table.heading == "Durations with open requests counted"]

    assert (resolution["n"], resolution["open"], resolution["p90"]) == (2, 1, None)
    assert [row[0] for row in table.rows] == [str(DEFINITIONS[one["key"]].label) for one in told]
    assert [(row[3], row[4]) for row in table.rows] == [(one["n"], one["open"]) for one in told]


def test_whoever_opens_no_requests_is_told_how_many_are_late(life, as_browser):
    url = reverse("dashboards:supplier", args=["it"])
    assert "Nothing is past its agreed time." in as_browser(life.executive).get(url).content.decode()
    RequestFact.objects.filter(left_at=None).update(resolution_due_at=timezone.now() - timedelta(hours=1))
    note_generation()
    shown = as_browser(life.executive).get(url).content.decode()
    assert "1 request is past its agreed time; which one, the department sees." in shown
    assert "Nothing is past its agreed time." not in shown


def test_the_customers_side_and_those_with_little_open_keep_the_plain_tile(life):
    for _number in range(19):
        close(life, file_laptop(life))
    catch_up()
    pages = [
        department_page(person=life.supplier_head, slug="it", side=Side.SUPPLIER),
        department_page(person=life.customer_head, slug="sales", side=Side.CUSTOMER),
    ]
    assert [tile.filed for page in pages for tile in page.tiles if tile.filed] == []


@pytest.mark.parametrize(("path", "queries"), [(PAGES[0], 51), (PAGES[1], 54), (PAGES[2], 15)])
@pytest.mark.parametrize("more", [0, 2])
def test_the_number_of_queries_does_not_grow(life, as_browser, django_assert_max_num_queries, path, queries, more):
    for _number in range(more):
        deliver(life, file_laptop(life))
    catch_up()
    client = as_browser(reader(life, path))
    client.get(path)
    with django_assert_max_num_queries(queries):
        client.get(path)


def test_the_customer_side_shows_its_suppliers_and_the_supplier_side_its_customers(life):
    ours = department_page(person=life.supplier_head, slug="it", side=Side.SUPPLIER)
    theirs = department_page(person=life.customer_head, slug="sales", side=Side.CUSTOMER)

    assert [(row.department.name, row.change, row.url) for row in ours.others] == [("Sales", 2, "/relations/it/sales/")]
    assert [row.department.name for row in theirs.others] == ["IT Services"]
    assert [(hurt.name, hurt.n, hurt.width) for hurt in ours.holds] == [("Waiting for the customer", 1, 100)]


def test_what_is_past_its_time_is_named_by_number_but_confidential_requests_never_are(life):
    late = timezone.now() + timedelta(days=30)
    page = department_page(person=life.supplier_head, slug="it", side=Side.SUPPLIER, now=late)
    assert page.due == []

    open_request = accept(life, file_laptop(life))
    secret = file_laptop(life)
    catch_up()
    ServiceRequest.objects.filter(pk=secret.pk).update(privacy="confidential")
    page = department_page(person=life.supplier_head, slug="it", side=Side.SUPPLIER, now=late)

    assert open_request.number in [row.number for row in page.due]
    assert {row.other for row in page.due} == {"Sales"}


def test_heads_elsewhere_see_the_outline_only(life):
    page = department_page(person=life.other_head, slug="it", side=Side.SUPPLIER)

    assert (page.in_full, page.others, page.due, page.holds) == (False, [], [], [])
    assert "rating_mean" not in page.figures
    assert {tile.url for tile in page.tiles} == {""}


def test_the_matrix_has_a_cell_for_each_pair_and_names_it(life):
    page = company_page(person=life.executive, figure="created")

    cells = {(row.department.slug, page.departments[place].slug): cell for row in page.rows
             for place, cell in enumerate(row.cells)}  # fmt: skip
    assert cells["sales", "it"].figure.n == 2
    assert cells["sales", "it"].title == "Sales asks IT Services"
    assert (cells["it", "sales"].figure, cells["it", "it"].own) == (None, True)
    assert page.ranking[0].department == life.it


def test_answers_are_cut_to_the_readers_own_pairs(life):
    page = company_page(person=life.other_head, figure="rating_mean")
    assert page.rows == []


def test_a_company_without_requests_says_so(company, as_browser):
    catch_up()
    answer = as_browser(company.executive).get("/company/")
    assert "No requests in this period" in answer.content.decode()


@pytest.fixture
def walled(company):
    calendar = CalendarVersion.objects.get(calendar=company.calendar).pk
    at = timezone.now() - timedelta(days=30)
    build_wall(company.sales.pk, company.it.pk, calendar=calendar, first=900_001, at=at)
    build_wall(company.facilities.pk, company.sales.pk, calendar=calendar, first=910_001, at=at, n=60)
    return company


def test_walls_are_told_in_words_with_the_way_to_the_relation(walled):
    page = company_page(person=walled.executive)

    assert [(wall.customer.slug, wall.supplier.slug, wall.url, wall.signs, wall.measured) for wall in page.walls] == [
        (
            "sales", "it", "/relations/it/sales/",
            ["0.0\u00a0% delivered as agreed, the target is 92\u00a0% (n 14)",
             "Satisfaction 2.0, the target is 4.3 (n 14)", "Complaints: 5 on 14 requests"],
            4,
        )
    ]  # fmt: skip
    assert (page.looked_at, page.in_full) == (2, True)


def test_in_outline_one_is_told_of_the_walls_of_ones_own_departments(walled):
    theirs, others = (company_page(person=person) for person in (walled.agent, walled.other_agent))
    assert ([wall.supplier.slug for wall in theirs.walls], theirs.looked_at) == (["it"], 1)
    assert (others.walls, others.looked_at, others.in_full) == ([], 1, False)


def test_the_ends_of_the_matrix_add_up_its_rows_and_columns(walled):
    page = company_page(person=walled.executive, figure="created")
    ends = {row.department.slug: row.all.figure and row.all.figure.n for row in page.rows}
    bottom = {department.slug: cell.figure and cell.figure.n
              for department, cell in zip(page.departments, page.bottom, strict=False)}  # fmt: skip
    assert ends == {"facilities": 60, "it": None, "sales": 14}
    assert bottom == {"facilities": None, "it": 14, "sales": 60}
    assert page.bottom[-1].figure.n == 74
    assert {cell.bin for cell in page.bottom} == {0}  # sums of counts have no colour


def test_sums_of_answers_are_for_whom_all_answers_are(walled):
    full, outline = (company_page(person=p, figure="rating_mean") for p in (walled.executive, walled.agent))
    assert full.bottom[-1].figure.n == 74
    assert [cell.figure for cell in outline.bottom] == [None, None, None]
    assert {pair for row in outline.rows for pair in [row.department.slug]} == {"it", "sales"}


@pytest.mark.parametrize(("figure", "ranked"), [("bounce_rate", "bounce_rate"), ("created", "resolution_kept"),
                                                ("csat", "csat"), ("overdue_open", "resolution_kept")])  # fmt: skip
def test_the_ranking_is_of_the_chosen_share(walled, figure, ranked):
    assert company_page(person=walled.executive, figure=figure).ranked.key == ranked
    assert company_page(person=walled.agent, figure="csat").ranked.key == "resolution_kept"


def test_every_figure_of_a_pair_can_be_chosen_and_is_in_one_group(walled, as_browser):
    listed = [key for _heading, keys in GROUPS for key in keys]
    assert sorted(listed) == sorted(DEFINITIONS.keys() - {"load_per_agent"})
    client = as_browser(walled.executive)
    assert {client.get("/company/", {"figure": key}).status_code for key in listed} == {200}


def test_another_figure_costs_two_more_queries_at_most(walled, as_browser, django_assert_max_num_queries):
    client = as_browser(walled.executive)
    client.get("/company/")
    with django_assert_max_num_queries(16):  # two of them: whether there are wall checks, of campaigns and of groups
        client.get("/company/?figure=response_kept")
