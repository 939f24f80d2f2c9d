"""Logged work, absences and the load of a department as pages."""

import pytest
from playwright.sync_api import expect

from metrics.rollups.catching_up import catch_up
from requests_app.desk.models import WorkLog
from requests_app.desk.services.worklogs import log_work
from requests_app.org.models import Membership, Person
from tests.browser.screens import WIDE
from tests.factories.capacity import away

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_the_agent_logs_time_on_a_request(page, company, sign_in, accepted_request):
    sign_in(page, company.assigned.email).goto(f"/requests/{accepted_request.number}/")
    section = page.locator("#work")
    section.locator("summary").click()
    section.get_by_label("Minutes").fill("35")
    section.get_by_role("button", name="Log time").click()
    expect(page.locator("#work li")).to_contain_text("35 min")
    assert WorkLog.objects.get().seconds == 2100


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_capacity_are_accessible_and_fit(
    width, scheme, open_page, sign_in, company, accepted_request, axe, fits, shoot
):
    for number in range(5):
        person = Person.objects.create_user(f"more{number}@example.test", name=f"More {number}")
        Membership.objects.create(person=person, department=company.it, role="agent")
    away(company)
    log_work(by=company.agent, service_request=accepted_request, minutes=600, note="Set up and handed over")
    log_work(by=company.supplier_head, service_request=accepted_request, minutes=25)
    catch_up()
    page = open_page(width=width, scheme=scheme)
    sign_in(page, company.supplier_head.email)
    for name, address in [
        ("request", f"/requests/{accepted_request.number}/"),
        ("mine", "/capacity/absences/"),
        ("team", "/capacity/departments/it/"),
        ("supplier", "/departments/it/as-supplier/"),
        ("settings", "/settings/departments/it/"),
        ("profile", "/me/"),
    ]:
        page.goto(address)
        for more in page.locator("#work details.dk-more:not([open]) summary").all():
            more.click()
        axe(page)
        fits(page)
        shoot(page, f"capacity-{name}-{width}-{scheme}")
