"""People of a partner organisation know only what was opened to it; what was not is as if it were not there."""

import pytest

from requests_app.catalogue.services import change_service, create_service
from requests_app.desk.models import ServiceRequest
from requests_app.org.services import save_department
from tests.factories import file_laptop, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(company):
    outside = save_department(by=company.admin, slug="outside", name="Outside", kind="partner")
    save_department(by=company.admin, slug="rival", name="Rival", kind="partner")
    create_service(by=company.admin, department=company.it, name="Open", slug="open", open_to_partners=True)
    return make_person("Paul Partner", outside)


def test_departments_services_and_people_that_are_not_opened_are_not_there(company, partner, as_browser, as_api):
    browser, program = as_browser(partner), as_api(partner)
    for path in ("/services/laptop/", "/services/laptop/new/", "/departments/rival/as-supplier/"):
        assert browser.get(path).status_code == 404
    for path in ("services/laptop/", "departments/rival/", f"people/{company.agent.email}/"):
        assert program.get(f"/api/v1/{path}").status_code == 404
    assert [row["slug"] for row in program.get("/api/v1/services/").json()["results"]] == ["open"]


@pytest.mark.parametrize(("name", "hidden"), [("customer", "rival"), ("supplier", "rival"), ("service", "laptop")])
def test_a_filter_tells_a_partner_nothing_of_what_is_hidden(name, hidden, partner, as_browser):
    browser = as_browser(partner)
    there, nowhere = (browser.get("/requests/", {name: slug}) for slug in (hidden, "nowhere"))
    assert (there.status_code, nowhere.status_code) == (400, 400)
    assert browser.get("/requests/", {"supplier": "it", "service": "open"}).status_code == 200


def test_a_partner_files_only_for_what_was_opened(company, partner, as_api):
    program = as_api(partner)
    body = {"service": "laptop", "title": "A laptop", "form": {"model": "13 inch"}}
    refused = program.post("/api/v1/requests/", body)
    nothing = program.post("/api/v1/requests/", body | {"service": "nowhere"})
    assert (refused.status_code, refused.json()) == (400, nothing.json())
    assert program.post("/api/v1/requests/", {"service": "open", "title": "Help"}).status_code == 201


def test_a_partner_reads_along_only_where_the_service_is_open_to_partners(company, partner, as_api, as_browser):
    row = file_laptop(company)
    program, path = as_api(company.requester), f"/api/v1/requests/{row.number}/watchers/"
    assert program.post(path, {"person": partner.email}).status_code == 400
    page = as_browser(company.requester).post(f"/requests/{row.number}/watchers/", {"email": partner.email})
    assert page.status_code == 400
    assert not ServiceRequest.objects.visible_to(partner).exists()

    change_service(by=company.supplier_head, service=company.laptop, open_to_partners=True)
    assert program.post(path, {"person": partner.email}).status_code == 201
    assert ServiceRequest.objects.visible_to(partner).get() == row
