"""Agreements over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.agreements.models import Agreement
from requests_app.agreements.services import set_targets
from requests_app.org.services import save_department
from tests.factories import file_laptop, make_person

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/agreements/"
TARGETS = {"response": {"1": 3600}, "resolution": {"1": 14400, "5": 36000}}


def default() -> Agreement:
    return Agreement.objects.get(customer=None, supplier=None, service=None, valid_to=None)


def test_the_company_default_is_there_from_the_first_day(company, as_api):
    (row,) = as_api(company.stranger).get(ADDRESS).data["results"]
    assert {key: row[key] for key in ("customer", "supplier", "service", "version", "rule", "valid_to")} == {
        "customer": None,
        "supplier": None,
        "service": None,
        "version": 1,
        "rule": "the company's default",
        "valid_to": None,
    }
    assert row["targets"]["response"] == {"1": 3600, "2": 7200, "3": 14400, "4": 28800, "5": 57600}
    assert (row["pausing"], row["acceptance_days"]) == (["customer"], 5)


def test_a_head_sets_the_targets_of_the_own_department_as_supplier(company, as_api):
    made = as_api(company.supplier_head).post(ADDRESS, {"supplier": "it", "targets": TARGETS})
    assert (made.status_code, made.data["version"], made.data["targets"]) == (201, 1, TARGETS)
    assert (made.data["rule"], made.data["status"]) == ("the supplier's own default", "in_force")
    promise = as_api(company.requester).get(f"/api/v1/requests/{file_laptop(company).number}/").data["promise"]
    assert promise["why"] == "The supplier's own default, version 1."


@pytest.mark.parametrize("who", ["supplier_head", "customer_head"])
def test_between_two_departments_a_head_drafts_and_nothing_holds_yet(company, as_api, who):
    made = as_api(getattr(company, who)).post(ADDRESS, {"supplier": "it", "customer": "sales", "targets": TARGETS})
    assert (made.status_code, made.data["status"], made.data["signatures"]) == (201, "draft", [])
    promise = as_api(company.requester).get(f"/api/v1/requests/{file_laptop(company).number}/").data["promise"]
    assert promise["why"] == "The company's default, version 1."


def test_an_administrator_sets_it_outright(company, as_api):
    made = as_api(company.admin).post(ADDRESS, {"supplier": "it", "customer": "sales", "targets": TARGETS})
    assert (made.status_code, made.data["status"]) == (201, "in_force")
    assert made.data["rule"] == "agreed between these two departments"


def test_a_service_brings_its_department_along(company, as_api):
    made = as_api(company.supplier_head).post(ADDRESS, {"service": "laptop", "targets": TARGETS})
    assert (made.status_code, made.data["supplier"], made.data["service"]) == (201, "it", "laptop")


@pytest.mark.parametrize(
    ("who", "parties"),
    [
        ("supplier_head", {}),
        ("supplier_head", {"supplier": "facilities"}),
        ("other_head", {"supplier": "it", "customer": "sales"}),
        ("agent", {"supplier": "it"}),
        ("auditor", {}),
    ],
)
def test_nobody_sets_the_targets_of_others(company, as_api, who, parties):
    answer = as_api(getattr(company, who)).post(ADDRESS, parties | {"targets": TARGETS})
    assert answer.status_code == 403
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"targets": {}}, "targets"),
        ({"targets": {"response": {}}}, "targets.response"),
        ({"targets": {"cake": {"1": 60}}}, "targets"),
        ({"targets": {"response": {"6": 60}}}, "targets"),
        ({"targets": {"response": {"01": 60}}}, "targets"),
        ({"targets": {"response": {"1": "60"}}}, "targets.response.1"),
        ({"targets": {"response": {"1": 59}}}, "response_1"),
        ({"targets": {"response": {"1": 10**12}}}, "response_1"),
        ({"pausing": ["lunch"]}, "pausing.0"),
        ({"acceptance_days": 61}, "acceptance_days"),
        ({"customer": "none"}, "customer"),
        ({"supplier": "none"}, "supplier"),
        ({"service": "none"}, "service"),
        ({"service": "badge"}, "supplier"),
        ({"version": 7}, "version"),
    ],
)
def test_what_is_wrong_is_said_by_field(company, as_api, change, field):
    answer = as_api(company.admin).post(ADDRESS, {"supplier": "it", "targets": TARGETS} | change)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Agreement.objects.count() == 1


def test_what_is_past_is_not_promised_anew(company, as_api):
    past = (timezone.now() - timedelta(days=1)).isoformat()
    answer = as_api(company.admin).post(ADDRESS, {"targets": TARGETS, "valid_from": past})
    assert list(answer.json()["errors"]) == ["valid_from"]


def test_what_begins_later_is_not_yet_in_force_and_can_be_looked_ahead_to(company, as_api):
    client, begins = as_api(company.admin), timezone.now() + timedelta(days=30)
    made = client.post(ADDRESS, {"targets": TARGETS, "valid_from": begins.isoformat()})
    assert made.status_code == 201
    assert [row["version"] for row in client.get(ADDRESS).data["results"]] == [1]
    later = client.get(ADDRESS, {"at": (begins + timedelta(days=1)).isoformat()})
    assert [row["version"] for row in later.data["results"]] == [2]


def test_the_next_version_takes_the_place_of_the_one_before(company, as_api):
    client, former = as_api(company.admin), default()
    here = f"{ADDRESS}{former.pk}/"
    changed = client.put(here, {"targets": TARGETS, "pausing": ["customer", "part"], "acceptance_days": 3})
    assert (changed.status_code, changed.data["version"], changed["ETag"]) == (200, 2, '"2"')
    assert (changed.data["pausing"], changed.data["acceptance_days"]) == (["customer", "part"], 3)
    assert client.get(here).data["valid_to"] == changed.data["valid_from"]
    again = client.put(here, {"targets": TARGETS})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    assert client.put(here, {"targets": TARGETS}, headers={"If-Match": '"1"'}).status_code == 412
    assert client.put(here, {"targets": TARGETS, "customer": "it"}).status_code == 400


def test_are_found_by_party(company, as_api):
    set_targets(by=company.admin, supplier=company.it, customer=company.sales, targets={"response": {1: 60}})
    client = as_api(company.stranger)

    def found(**query):
        return [row["rule"] for row in client.get(ADDRESS, query).data["results"]]

    assert found(supplier="it") == found(customer="sales") == ["agreed between these two departments"]
    assert found(supplier="it", customer="facilities") == found(service="laptop") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_five_queries(company, as_api, rows, django_assert_num_queries):
    for customer in (company.sales, company.facilities, None)[: rows - 1]:
        set_targets(by=company.admin, supplier=company.it, customer=customer, targets={"response": {1: 60}})
    client = as_api(company.stranger)
    with django_assert_num_queries(5):
        assert len(client.get(ADDRESS).data["results"]) == rows


def test_partners_read_what_holds_for_all_and_for_them(company, as_api):
    acme = save_department(by=company.admin, slug="acme", name="Acme", kind="partner")
    partner = as_api(make_person("Paul Partner", acme))
    own = set_targets(by=company.admin, supplier=company.it, customer=acme, targets={"response": {1: 60}})
    other = set_targets(by=company.admin, supplier=company.it, customer=company.sales, targets={"response": {1: 60}})
    assert [row["id"] for row in partner.get(ADDRESS).data["results"]] == [default().pk, own.pk]
    assert partner.get(f"{ADDRESS}{other.pk}/").status_code == 404
