"""The pages of handoffs and holders: for whom, with what, in how many queries, and in agreement with the lists."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.facts.models import RequestFact
from metrics.passing.selectors import passing_of_company, passing_of_department
from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.handoffs import accept_handoff, decline_handoff, offer_handoff
from requests_app.desk.services.moves import move_request
from requests_app.events.services import deliver as deliver_events
from tests.factories import accept, close, file_laptop

PAGES = ["/departments/it/passing/", "/company/passing/"]


def catch_up() -> None:
    deliver_events("facts")
    recount_stale()


def go_round(company, *, reason="The cable is yours", back="Not in stock"):
    """Accepted by IT, offered to Facilities, given back."""
    row = accept(company, file_laptop(company))
    handoff = offer_handoff(by=company.supplier_head, service_request=row, to=company.facilities, reason=reason)
    decline_handoff(by=company.other_head, handoff=handoff, reason=back)
    return row


@pytest.fixture
def life(company):
    """Five went to Facilities and straight back, one is closed, one is nobody's."""
    for _number in range(5):
        go_round(company)
    close(company, file_laptop(company))
    file_laptop(company)
    catch_up()
    return company


def reader(company, path):
    return company.executive if path.startswith("/company/") else company.supplier_head


def said(answer) -> str:
    return unescape(answer.content.decode()).replace("\u00a0", " ")


@pytest.mark.parametrize("path", PAGES)
def test_the_page_names_pairs_reasons_and_what_nobody_owns(life, as_browser, path):
    answer = as_browser(reader(life, path)).get(path)

    assert answer.status_code == 200
    page = said(answer)
    assert "1 request belongs to nobody right now" in page
    assert "5 open ones have gone back and forth" in page
    assert "The cable is yours" in page
    assert "Not in stock" in page


def test_pairs_count_each_straight_return(life):
    [pair] = passing_of_department(person=life.supplier_head, slug="it").counted.pairs

    assert (pair.one, pair.other, pair.n, pair.requests) == ("IT Services", life.facilities.name, 5, 5)
    assert pair.seconds == sum(fact.detours[0][2] for fact in RequestFact.objects.filter(aba__gt=0))


def test_of_fewer_than_five_returns_no_time_is_told(company):
    go_round(company)
    catch_up()

    [pair] = passing_of_department(person=company.supplier_head, slug="it").counted.pairs
    assert (pair.n, pair.seconds) == (1, None)


def test_a_reason_given_twice_is_not_told(company):
    go_round(company)
    go_round(company)
    catch_up()

    counted = passing_of_company(person=company.executive).counted
    assert (counted.handed, counted.given_back) == ([], [])


def test_who_passed_it_on_untouched_and_who_gave_back_what_was_his(company):
    facilities, it = company.other_head, company.supplier_head
    row = accept(company, file_laptop(company))
    handoff = offer_handoff(by=it, service_request=row, to=company.facilities, reason="Yours")
    accept_handoff(by=facilities, handoff=handoff)
    row.refresh_from_db()
    accept_handoff(by=it, handoff=offer_handoff(by=facilities, service_request=row, to=company.it, reason="No, yours"))
    row.refresh_from_db()
    move_request(by=it, service_request=row, action="deliver")
    catch_up()

    found = passing_of_department(person=facilities, slug=company.facilities.slug).counted.figures[
        "passed_on_untouched"
    ]
    assert (found.n, found.total) == (1, 1)


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_asked_to_sign_in(company, as_browser, path):
    assert as_browser().get(path).status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_somebody_without_figures_is_told_whom_to_ask(company, as_browser, path):
    answer = as_browser(company.stranger).get(path)

    assert answer.status_code == 403
    assert "Ask the head of" in said(answer)


def test_an_unknown_department_is_not_found(company, as_browser):
    assert as_browser(company.supplier_head).get("/departments/nowhere/passing/").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_wrong_date_is_said_and_the_usual_days_are_shown(company, as_browser, path):
    answer = as_browser(reader(company, path)).get(path, {"from": "soon"})

    assert answer.status_code == 400
    assert "Write a date as year-month-day" in said(answer)


def test_heads_of_others_see_the_whole_and_no_names_of_pairs(life, as_browser):
    page = said(as_browser(life.customer_head).get("/departments/it/passing/"))

    assert "is told to the department itself" in page
    assert "The cable is yours" not in page


def test_a_confidential_request_is_counted_and_never_named(company, as_browser):
    file_laptop(company)
    secret = file_laptop(company)
    catch_up()
    RequestFact.objects.filter(pk=secret.pk).update(confidential=True)

    live = passing_of_department(person=company.supplier_head, slug="it").unowned
    assert live.n == 2
    assert secret.number not in [row.number for row in live.rows]
    assert len(live.rows) == 1


def test_only_requests_that_the_reader_may_see_are_named(life):
    of_everybody = passing_of_company(person=life.executive).unowned
    of_its_own = passing_of_company(person=life.supplier_head).unowned
    visible = ServiceRequest.objects.visible_to(life.executive).exists()

    assert (of_everybody.n, len(of_everybody.rows)) == (1, int(visible))
    assert (of_its_own.n, len(of_its_own.rows)) == (1, 1)


def test_every_tile_counts_what_its_list_shows(life, as_browser):
    browser = as_browser(life.supplier_head)
    page = passing_of_department(person=life.supplier_head, slug="it")
    linked = [tile for tile in page.counted.tiles if tile.url]

    assert [tile.figure.key for tile in linked] != []
    shown = {tile.figure.key: count_shown(browser, tile.url) for tile in linked}
    assert shown == {tile.figure.key: tile.figure.n for tile in linked}


def count_shown(client, url: str) -> int:
    return len(set(re.findall(r"/requests/(SR-\d+)/", client.get(url).content.decode())))


@pytest.mark.parametrize("path", PAGES)
def test_the_page_asks_as_often_with_one_request_as_with_three(company, as_browser, path):
    browser = as_browser(reader(company, path))
    counts = []
    for _time in range(2):
        rows = [go_round(company).pk for _number in range(2)]
        rows.append(file_laptop(company).pk)
        refresh_figures(request_ids=rows)
        recount_stale()
        browser.get(path)
        refresh_figures(request_ids=[file_laptop(company).pk])
        recount_stale()  # a new generation: nothing is remembered
        with CaptureQueriesContext(connection) as asked:
            browser.get(path)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= 32


def test_the_bounce_tile_leads_to_the_page(life, as_browser):
    assert 'href="/departments/it/passing/"' in said(as_browser(life.supplier_head).get("/departments/it/as-supplier/"))


def test_the_api_says_what_the_page_shows(life, as_api):
    body = as_api(life.supplier_head).get("/api/v1/figures/departments/it/passing/?period=30").json()

    assert [(pair["one"], pair["n"]) for pair in body["pairs"]] == [("IT Services", 5)]
    assert body["unowned_now"]["n"] == 1
    assert body["given_back_because"] == [{"words": "Not in stock", "n": 5}]
    assert [figure["key"] for figure in body["figures"]][:3] == ["handoffs_mean", "bounce_rate", "ping_pong"]
    whole = body["held_by_service"][0]
    assert whole["seconds"] in (None, sum(part["seconds"] for part in whole["parts"]))
