"""Improvement plans on their pages: the list, a new one from a chart's link, moves, refusals that keep what was typed."""

import pytest
from django.utils import timezone

from metrics.improvement.models import Improvement
from tests.factories.improvements import measured, planned, running

pytestmark = pytest.mark.django_db
LIST = "/departments/it/improvements/"


@pytest.fixture
def head(company, as_browser):
    return as_browser(company.supplier_head)


def form_of(company, **more) -> dict:
    today = timezone.localdate().isoformat()
    return {"name": "Rota", "goal": "", "side": "supplier", "figure": "resolution_time", "expected": "-20",
            "effective_on": today, "owner": company.assigned.pk} | more  # fmt: skip


def test_the_list_shows_what_is_measured(company, head):
    measured(company)
    page = head.get(LIST).content.decode()
    assert "Second-level rota" in page
    assert "−20\u00a0%, 95 % CI −22…−18" in page
    assert "Improved" in page


def test_an_empty_list_says_what_a_plan_is_for(company, head, as_browser):
    assert "No improvement plan yet" in head.get(LIST).content.decode()
    assert "New improvement plan" not in as_browser(company.agent).get(LIST).content.decode()


def test_in_outline_only_ones_own_pairs_are_listed(company, as_browser):
    planned(company, name="For all")
    planned(company, name="For Sales", other=company.sales)
    page = as_browser(company.customer_head).get(LIST).content.decode()
    assert ("For all" in page, "For Sales" in page) == (False, True)
    assert as_browser(company.requester).get(LIST).status_code == 403


def test_the_list_takes_as_many_queries_for_three_as_for_one(company, head, django_assert_max_num_queries):
    measured(company)
    head.get(LIST)
    with django_assert_max_num_queries(100) as one:
        head.get(LIST)
    measured(company, other=company.sales, service=company.laptop)
    measured(company, comparison=company.facilities)
    with django_assert_max_num_queries(len(one)):
        assert head.get(LIST).content.decode().count("data-row") == 3


def test_a_link_of_a_chart_fills_the_form(company, head):
    query = "?figure=resolution_kept&side=supplier&other=sales&service=laptop&on=2026-09-01"
    page = head.get(f"{LIST}new/{query}").content.decode()
    for chosen in ('value="resolution_kept" selected', 'value="sales" selected', 'value="laptop" selected'):
        assert chosen in page
    assert 'value="2026-09-01"' in page
    assert head.get(f"{LIST}new/?figure=x&on=y&other=z").status_code == 200


def test_it_is_planned_on_the_page(company, head):
    answer = head.post(f"{LIST}new/", form_of(company, other="sales", comparison="facilities"))
    row = Improvement.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/improvements/{row.pk}/")
    assert (row.expected, row.other, row.comparison, row.owner) == (
        -0.2, company.sales, company.facilities, company.assigned,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"expected": "20"}, "Turn the sign."),
        ({"expected": "much"}, "Give a number such as 2.5."),
        ({"figure": "created"}, "is not offered here"),
        ({"owner": "999999"}, "not offered here"),
        ({"triggered_from": "2099-01-01"}, "What gave rise to it lies before"),
        ({"effective_on": "1900-01-01"}, "Give a day at most two years away."),
        ({"name": "\x00"}, "a character that cannot be kept"),
    ],
    ids=str,
)
def test_a_refusal_names_the_field_and_keeps_what_was_typed(company, head, wrong, said):
    answer = head.post(f"{LIST}new/", form_of(company, goal="Keep these words", **wrong))
    page = answer.content.decode()
    assert (answer.status_code, said in page, "Keep these words" in page) == (400, True, True)


def test_the_page_shows_verdict_chart_and_table(company, head):
    page = head.get(f"/improvements/{measured(company).pk}/").content.decode()
    for part in ("Improved", "95 % confidence", 'data-chart="line"', "The weeks as a table", "Judge it"):
        assert part in page


def test_it_is_moved_and_what_was_typed_stays(company, head):
    row = running(company)
    refused = head.post(f"/improvements/{row.pk}/moves/judge/", {"note": "I think it is better"})
    assert refused.status_code == 400
    assert "I think it is better" in refused.content.decode()
    assert "too early to judge" in refused.content.decode()
    empty = head.post(f"/improvements/{row.pk}/moves/cancel/", {"note": ""})
    assert (empty.status_code, "Fill this in." in empty.content.decode()) == (400, True)
    out_of_turn = head.post(f"/improvements/{row.pk}/moves/close/", {})
    assert (out_of_turn.status_code, "not possible while" in out_of_turn.content.decode()) == (400, True)
    assert head.post(f"/improvements/{row.pk}/moves/cancel/", {"note": "No money"}).status_code == 302
    assert head.post(f"/improvements/{row.pk}/moves/dance/", {}).status_code == 400


def test_actions_are_added_and_finished_on_the_page(company, head):
    row, today = planned(company), timezone.localdate().isoformat()
    here = f"/improvements/{row.pk}/actions/"
    wrong = head.post(here, {"what": "Draw it up", "due_on": "soon", "owner": company.agent.pk})
    assert (wrong.status_code, "Draw it up" in wrong.content.decode()) == (400, True)
    assert head.post(here, {"what": "Draw it up", "due_on": today, "owner": company.agent.pk}).status_code == 302
    action = row.actions.get()
    assert head.post(f"{here}{action.pk}/done/").status_code == 302
    assert head.post(f"{here}999999/done/").status_code == 404
    assert "Draw it up" in head.get(f"/improvements/{row.pk}/").content.decode()


def test_it_is_changed_and_once_it_runs_less_is_asked(company, head):
    row = planned(company)
    here = f"/improvements/{row.pk}/change/"
    assert 'value="-20.0"' in head.get(here).content.decode()
    assert head.post(here, form_of(company, expected="-10", version="1")).status_code == 302
    assert head.post(here, form_of(company, expected="-15", version="1")).status_code == 400  # stale
    head.post(f"/improvements/{row.pk}/moves/start/", {})
    page = head.get(here).content.decode()
    assert ('name="figure"' in page, 'name="goal"' in page) == (False, True)
    assert head.post(here, {"name": "Other", "goal": "", "owner": company.agent.pk, "version": "3"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.expected) == ("Other", -0.1)


@pytest.mark.parametrize(("who", "status"), [("agent", 403), ("executive", 403), ("stranger", 404), ("requester", 404)])
def test_others_change_nothing(company, as_browser, who, status):
    row = planned(company)
    client = as_browser(getattr(company, who))
    for address, body in (
        (f"/improvements/{row.pk}/moves/start/", {}), (f"/improvements/{row.pk}/moves/cancel/", {}),
        (f"/improvements/{row.pk}/change/", {}), (f"/improvements/{row.pk}/actions/", {}),
    ):  # fmt: skip
        assert client.post(address, body).status_code == status
    assert client.get(f"/improvements/{row.pk}/").status_code == (200 if status == 403 else 404)


def test_dashboards_show_what_runs_and_where_one_begins(company, as_browser, head):
    assert "New improvement plan" in head.get("/departments/it/as-supplier/").content.decode()
    agent = as_browser(company.agent)
    assert "improvements/" not in agent.get("/departments/it/as-supplier/").content.decode()
    measured(company)
    assert "Second-level rota" in agent.get("/departments/it/as-supplier/").content.decode()
    assert "Second-level rota" not in agent.get("/departments/it/as-customer/").content.decode()
    outside = as_browser(company.customer_head).get("/departments/it/as-supplier/").content.decode()
    assert "Second-level rota" not in outside


def test_the_page_of_two_departments_shows_theirs(company, as_browser):
    planned(company, name="For all")
    planned(company, name="For Sales", other=company.sales)
    page = as_browser(company.customer_head).get("/relations/it/sales/").content.decode()
    assert ("For Sales" in page, "For all" in page) == (True, False)
