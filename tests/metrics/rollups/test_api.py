from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from metrics.rollups.definitions import DEFINITIONS
from requests_app.events.services import deliver as deliver_events
from requests_app.org.services import save_department
from tests.factories import accept, close, deliver, file_laptop

SUPPLIER = "/api/v1/figures/departments/it/supplier/"
CUSTOMER = "/api/v1/figures/departments/sales/customer/"


@pytest.fixture
def settle(django_capture_on_commit_callbacks):
    """Let the figures take in what happened, as a worker does."""

    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            deliver_events("facts")

    return run


@pytest.fixture
def three_requests(company, settle):
    """One closed, one delivered, one new; all from Sales to IT."""
    close(company, file_laptop(company))
    deliver(company, file_laptop(company))
    file_laptop(company)
    settle()
    return company


def figures_of(client, path=SUPPLIER, **params):
    answer = client.get(path, params)
    assert answer.status_code == 200, answer.json()
    return {figure["key"]: figure for figure in answer.json()["figures"]}


def test_figures_follow_what_happens(company, settle, as_api):
    client = as_api(company.agent)
    service_request = file_laptop(company)
    settle()
    filed = figures_of(client)
    accept(company, service_request)
    settle()
    accepted = figures_of(client)

    assert (filed["created"]["value"], filed["backlog"]["value"], filed["acceptance_time"]["n"]) == (1, 1, 0)
    assert (accepted["created"]["value"], accepted["backlog"]["value"], accepted["acceptance_time"]["n"]) == (1, 1, 1)


def test_the_answer_names_department_side_and_days(three_requests, as_api):
    answer = as_api(three_requests.agent).get(SUPPLIER, {"from": "2026-01-01", "to": "2026-02-01"}).json()

    assert {key: answer[key] for key in ("department", "side", "from", "to")} == {
        "department": "it", "side": "supplier", "from": "2026-01-01", "to": "2026-02-01",
    }  # fmt: skip
    assert [figure["key"] for figure in answer["figures"]] == list(DEFINITIONS)
    assert datetime.fromisoformat(answer["as_of"]).tzinfo is not None


def test_without_days_the_last_thirty_are_meant_today_included(three_requests, as_api):
    answer = as_api(three_requests.agent).get(SUPPLIER).json()
    start, end = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])

    assert (end - start).days == 30
    assert start < timezone.now().date() < end
    assert figures_of(as_api(three_requests.agent))["created"]["n"] == 3


def test_both_sides_count_the_same_requests(three_requests, as_api):
    supplier, customer = (
        figures_of(as_api(three_requests.agent)),
        figures_of(as_api(three_requests.customer_head), CUSTOMER),
    )

    assert supplier["created"]["value"] == customer["created"]["value"] == 3
    assert supplier["resolution_time"]["n"] == customer["resolution_time"]["n"] == 2


def test_a_figure_shows_only_what_applies(three_requests, as_api):
    found = figures_of(as_api(three_requests.agent))

    assert set(found["created"]) == {"key", "unit", "n", "value", "rows"}
    assert set(found["resolution_kept"]) == {
        "key", "unit", "n", "value", "mean", "low", "high", "total", "target", "rows",
    }  # fmt: skip
    assert set(found["resolution_time"]["calendar"]) == {"value", "median", "p90", "mean", "low", "high"}
    assert found["resolution_time"]["unit"] == "seconds"
    assert found["csat"] | {"rows": ""} == {
        "key": "csat", "unit": "share", "n": 0, "value": None, "mean": None, "low": None, "high": None, "target": 0.85,
        "rows": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-13-01"}, "to"),
        ({"from": "1600-01-01"}, "from"),
        ({"from": "2026-02-01", "to": "2026-02-01"}, "to"),
        ({"from": "1901-01-01", "to": "2199-01-01"}, "from"),
        ({"customer": "nobody"}, "customer"),
        ({"supplier": "sales"}, "supplier"),
        ({"service": "magic"}, "service"),
        ({"priority": "0"}, "priority"),
        ({"priority": "high"}, "priority"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(company, as_api, params, field):
    answer = as_api(company.agent).get(SUPPLIER, params)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_an_instant_means_the_day_it_lies_in(company, as_api):
    asked = {"from": "2026-03-01T10:00:00Z", "to": "2026-03-02T10:00:00Z"}
    midnights = {"from": "2026-03-01T00:00:00+01:00", "to": "2026-03-02T00:00:00+01:00"}
    client = as_api(company.agent)

    assert client.get(SUPPLIER, asked).json()["to"] == "2026-03-03"
    assert client.get(SUPPLIER, midnights).json()["to"] == "2026-03-02"
    assert client.get(SUPPLIER, {"from": "2026-03-01T10:00:00"}).json()["from"] == "2026-03-01"


def test_filters_narrow_to_a_customer_a_service_and_a_priority(three_requests, as_api):
    client = as_api(three_requests.agent)
    counts = [
        figures_of(client, **params)["created"]["n"]
        for params in ({"customer": "sales"}, {"customer": "facilities"}, {"service": "laptop"}, {"priority": 5},
                       {"priority": 1}, {"service": "laptop", "priority": 5, "customer": "sales"})
    ]  # fmt: skip

    assert counts == [3, 0, 3, 3, 0, 3]


def test_sub_departments_count_for_those_above_them(three_requests, as_api):
    above = save_department(by=three_requests.admin, slug="operations", name="Operations")
    save_department(by=three_requests.admin, slug="it", name="IT Services", department=three_requests.it, parent=above)

    found = figures_of(as_api(three_requests.executive), "/api/v1/figures/departments/operations/supplier/")

    assert found["created"]["n"] == 3


def test_other_departments_are_seen_in_outline(three_requests, as_api):
    client = as_api(three_requests.other_head)
    found = figures_of(client)

    assert "csat" not in found
    assert "rows" not in found["created"]
    assert client.get(SUPPLIER, {"customer": "sales"}).status_code == 403
    assert client.get(SUPPLIER, {"customer": "facilities"}).status_code == 200
    assert client.get(SUPPLIER, {"priority": 1}).status_code == 403


def test_an_unknown_department_is_not_there(company, as_api):
    assert as_api(company.agent).get("/api/v1/figures/departments/nowhere/supplier/").status_code == 404


def test_the_rows_behind_a_figure_are_as_many_as_it_says(three_requests, as_api, as_browser):
    found = figures_of(as_api(three_requests.agent))
    browser = as_browser(three_requests.agent)
    for key in ("created", "resolution_time", "backlog", "accepted_first_time"):
        page = browser.get(found[key]["rows"].removeprefix("http://testserver"))
        assert page.status_code == 200
        assert page.context["page"].counted.total == found[key]["n"]


# ── Across departments ───────────────────────────────────────────────────────


def test_the_matrix_holds_the_pairs_that_had_something(three_requests, as_api):
    answer = as_api(three_requests.executive).get("/api/v1/figures/matrix/", {"figure": "created"}).json()

    assert answer["cells"] == [
        {"customer": "sales", "supplier": "it", "key": "created", "unit": "count", "n": 3, "value": 3}
    ]


def test_the_matrix_tells_no_share_of_fewer_than_ten(three_requests, as_api):
    answer = as_api(three_requests.executive).get("/api/v1/figures/matrix/", {"figure": "resolution_kept"}).json()
    (cell,) = answer["cells"]

    assert (cell["n"], cell["value"], cell["hidden"]) == (2, None, "few")


@pytest.mark.parametrize("address", ["matrix/", "series/"])
def test_a_figure_has_to_be_one_there_is(company, as_api, address):
    for params in ({}, {"figure": "happiness"}):
        answer = as_api(company.executive).get(f"/api/v1/figures/{address}", params)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["figure"])


@pytest.mark.parametrize(("step", "points"), [("day", 59), ("week", 9), ("month", 2)])
def test_a_series_has_one_point_a_step(three_requests, as_api, step, points):
    params = {"figure": "created", "supplier": "it", "from": "2026-01-01", "to": "2026-03-01", "step": step}
    answer = as_api(three_requests.agent).get("/api/v1/figures/series/", params).json()

    assert len(answer["points"]) == points
    assert (answer["points"][0]["from"], answer["points"][-1]["to"]) == ("2026-01-01", "2026-03-01")
    ends = [point["to"] for point in answer["points"]][:-1]
    assert [point["from"] for point in answer["points"]][1:] == ends


@pytest.mark.parametrize(
    "params", [{"supplier": "it"}, {"customer": "sales"}, {"supplier": "it", "customer": "sales"}, {}]
)
def test_a_series_of_each_kind_adds_up(three_requests, as_api, params):
    answer = as_api(three_requests.executive).get("/api/v1/figures/series/", {"figure": "created", **params}).json()

    assert sum(point["n"] for point in answer["points"]) == 3
    assert (answer["step"], answer["supplier"], answer["customer"]) == (
        "week",
        params.get("supplier"),
        params.get("customer"),
    )


def test_a_series_of_too_many_points_is_refused(company, as_api):
    params = {"figure": "created", "from": "2000-01-01", "to": "2026-01-01", "step": "day"}
    answer = as_api(company.executive).get("/api/v1/figures/series/", params)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["step"])


def test_of_open_work_only_the_backlog_has_a_past(three_requests, as_api):
    client = as_api(three_requests.executive)

    backlog = client.get("/api/v1/figures/series/", {"figure": "backlog", "supplier": "it"}).json()
    assert backlog["points"][-1]["value"] == 1
    assert client.get("/api/v1/figures/series/", {"figure": "backlog_age"}).status_code == 400


def test_what_people_answered_and_what_pairs_do_is_for_the_departments_themselves(company, as_api):
    address = "/api/v1/figures/series/"
    asked = [
        (company.other_head, {"figure": "csat", "supplier": "it"}, 403),
        (company.other_head, {"figure": "csat"}, 403),
        (company.other_head, {"figure": "created", "supplier": "it", "customer": "sales"}, 403),
        (company.other_head, {"figure": "created", "supplier": "it"}, 200),
        (company.agent, {"figure": "csat", "supplier": "it"}, 200),
        (company.executive, {"figure": "csat"}, 200),
        (company.requester, {"figure": "created"}, 403),
    ]

    assert [as_api(person).get(address, params).status_code for person, params, _code in asked] == [
        code for _person, _params, code in asked
    ]


def test_definitions_say_what_each_figure_means(company, as_api):
    found = as_api(company.stranger).get("/api/v1/figures/definitions/").json()["figures"]
    kept = next(definition for definition in found if definition["key"] == "resolution_kept")

    assert [definition["key"] for definition in found] == list(DEFINITIONS)
    assert (kept["unit"], kept["direction"], kept["target"], kept["calendar"]) == ("share", "higher", 0.92, False)
    assert all(definition["formula"] and definition["label"] for definition in found)


def test_as_of_is_the_oldest_thing_not_counted_yet(company, as_api, settle):
    before = datetime.now(UTC)
    file_laptop(company)
    client = as_api(company.agent)
    waiting = datetime.fromisoformat(client.get(SUPPLIER).json()["as_of"])
    settle()
    settled = datetime.fromisoformat(client.get(SUPPLIER).json()["as_of"])

    assert before - timedelta(seconds=5) <= waiting < settled


@pytest.mark.parametrize("requests", [1, 3])
def test_figures_ask_the_same_number_of_queries_however_many_requests(
    company, settle, as_api, requests, django_assert_num_queries
):
    for _each in range(requests):
        close(company, file_laptop(company))
    settle()
    client = as_api(company.agent)
    client.get(SUPPLIER)

    with django_assert_num_queries(16):
        client.get(SUPPLIER)
