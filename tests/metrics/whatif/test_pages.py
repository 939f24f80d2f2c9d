"""What-if on its page and over HTTP; and what it says beside what the dashboard says of the same past."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.rollups.services import recount_stale, refresh_figures
from metrics.whatif import selectors, services
from metrics.whatif.models import WhatIf
from metrics.whatif.policies import can_take_over
from requests_app.agreements.terms import Terms
from requests_app.desk.services.moves import Words, move_request
from tests.factories import accept, deliver, file_laptop
from tests.factories.agreements import TERMS, drafted, proposed, signed

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def agreement(company):
    """In force, and three requests filed under it: one kept, one answered late, one open."""
    found = signed(company, Terms(targets={"response": {3: 8 * HOUR}, "resolution": {3: 24 * HOUR}}))
    rows = [file_laptop(company, urgency=1, impact=3) for _number in range(3)]
    deliver(company, rows[0])
    accept(company, rows[1])
    move_request(by=company.assigned, service_request=rows[1], action="hold", words=Words(hold_reason="third_party"))
    refresh_figures(request_ids={row.pk for row in rows})
    recount_stale()
    return found


def days() -> dict:
    today = timezone.localdate()
    return {"first": today - timedelta(days=30), "last": today + timedelta(days=1)}


def test_the_terms_in_force_come_to_what_the_dashboard_shows(company, agreement, as_api):
    run = services.ask(by=company.supplier_head, agreement=agreement, **days())
    first, last = (days()[name].isoformat() for name in ("first", "last"))
    said = as_api(company.supplier_head).get(
        f"/api/v1/figures/departments/it/supplier/?from={first}&to={last}&customer=sales"
    )
    figures = {figure["key"]: figure for figure in said.data["figures"]}
    for measure in ("response", "resolution"):
        tally, shown = run.result["measures"][measure], figures[f"{measure}_kept"]
        assert (tally["n"], tally["share"]) == (shown["n"], shown["value"])
        assert tally["was"]["n"] == tally["n"]
    assert run.result["flips_in_all"] == 0


def test_a_draft_is_replayed_before_it_is_signed(company, agreement, as_browser):
    strict = proposed(company, TERMS.changed(targets={"resolution": {3: 1 * 60}}))
    client = as_browser(company.customer_head)
    answer = client.post(f"/agreements/{strict.pk}/what-if/", days())
    page = client.get(answer.url)

    assert (answer.status_code, page.status_code) == (302, 200)
    text = page.content.decode()
    assert "3 requests filed from" in text
    assert "Which targets would have been kept" in text


def test_wrong_days_are_said_and_kept(company, agreement, as_browser):
    answer = as_browser(company.supplier_head).post(
        f"/agreements/{agreement.pk}/what-if/", {"first": "2026-02-01", "last": "2026-01-01"}
    )
    assert answer.status_code == 400
    assert "must not lie before the beginning" in answer.content.decode()
    assert 'value="2026-02-01"' in answer.content.decode()
    assert WhatIf.objects.count() == 0


def test_a_large_past_is_replayed_by_a_worker_and_the_page_says_how_far_it_is(
    company, agreement, as_browser, monkeypatch
):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    client = as_browser(company.supplier_head)
    address = client.post(f"/agreements/{agreement.pk}/what-if/", days()).url
    assert "0 of 3 requests replayed." in client.get(address).content.decode()

    assert services.carry_out_waiting() == 1
    assert services.carry_out_waiting() == 0
    assert "3 requests filed from" in client.get(address).content.decode()


def test_a_run_that_fails_says_so_and_is_not_tried_for_ever(company, agreement, as_browser, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    run = services.ask(by=company.supplier_head, agreement=agreement, **days())
    monkeypatch.setattr(services, "replayed", lambda *args, **more: 1 / 0)

    assert (services.carry_out_waiting(), services.carry_out_waiting()) == (0, 0)
    run.refresh_from_db()
    assert run.failed == "ZeroDivisionError: division by zero"
    text = as_browser(company.supplier_head).get(f"/agreements/{agreement.pk}/what-if/{run.pk}/").content.decode()
    assert "could not be done" in text


def test_two_terms_are_compared_over_http(company, agreement, as_api):
    strict = proposed(company, TERMS.changed(targets={"resolution": {3: 60}, "response": {3: 60}}))
    first, last = (days()[name].isoformat() for name in ("first", "last"))
    body = {"from": first, "to": last, "compare_with": strict.pk}
    answer = as_api(company.customer_head).post(f"/api/v1/agreements/{agreement.pk}/what-if/", body)

    assert (answer.status_code, answer.data["finished"], answer.data["n"]) == (200, True, 3)
    both = answer.data["measures"]["resolution"], answer.data["compared"]["resolution"]
    assert [(tally["kept"], tally["missed"]) for tally in both] == [(1, 0), (1, 0)]
    again = as_api(company.customer_head).get(answer.data["links"]["self"])
    assert again.data["measures"] == answer.data["measures"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"to": "2026-01-31"}, "from"),
        ({"from": "2026-02-01", "to": "2026-01-31"}, "to"),
        ({"from": "2020-01-01", "to": "2026-01-31"}, "to"),
        ({"from": "soon", "to": "2026-01-31"}, "from"),
        ({"from": "2026-01-01", "to": "2026-01-31", "compare_with": "x"}, "compare_with"),
        ({"from": "2026-01-01", "to": "2026-01-31", "speed": 1}, "speed"),
    ],
)
def test_a_wrong_question_is_refused_by_field(company, agreement, as_api, body, field):
    refused = as_api(company.supplier_head).post(f"/api/v1/agreements/{agreement.pk}/what-if/", body)
    assert (refused.status_code, list(refused.data["errors"])) == (400, [field])


@pytest.mark.parametrize("count", [1, 3])
def test_a_replay_takes_the_same_queries_for_one_request_and_for_three(
    company, count, as_browser, django_assert_num_queries
):
    found = signed(company)
    rows = [file_laptop(company, urgency=1, impact=3) for _number in range(count)]
    refresh_figures(request_ids={row.pk for row in rows})
    services.ask(by=company.supplier_head, agreement=found, **days())
    with django_assert_num_queries(14):
        services.ask(by=company.supplier_head, agreement=found, **days())


def test_suggested_targets_become_the_next_text_of_whoever_may_write_it(company):
    draft = drafted(company)
    assert [can_take_over(who, draft) for who in (company.supplier_head, company.customer_head)] == [True, False]
    table = proposed(company, service=company.laptop)
    assert [can_take_over(who, table) for who in (company.supplier_head, company.customer_head)] == [False, True]


def test_another_agreements_run_is_not_found_and_one_that_is_done_is_not_done_again(company, agreement, as_browser):
    run = services.ask(by=company.supplier_head, agreement=agreement, **days())
    other = proposed(company, service=company.laptop)
    assert as_browser(company.supplier_head).get(f"/agreements/{other.pk}/what-if/{run.pk}/").status_code == 404
    assert services._finish(run.pk) is False


def test_a_past_longer_than_a_chunk_is_replayed_whole(company, agreement, monkeypatch):
    monkeypatch.setattr(selectors, "CHUNK", 2)
    assert services.ask(by=company.supplier_head, agreement=agreement, **days()).result["n"] == 3
