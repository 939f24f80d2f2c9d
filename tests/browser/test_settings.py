"""Setting up departments, people, services, targets and calendars as administrators and heads do it, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from requests_app.org.services import save_department
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = [(1440, "light"), (1440, "dark"), (360, "light"), (360, "dark")]
NO_SCRIPT = {"script": False}
PAGES = {
    "home": "/settings/",
    "departments": "/settings/departments/",
    "department": "/settings/departments/it/",
    "department-new": "/settings/new-department/",
    "people": "/settings/people/",
    "person-new": "/settings/new-person/",
    "services": "/settings/services/",
    "service-new-where": "/settings/new-service/",
    "service-new": "/settings/new-service/?department=it",
    "service": "/settings/services/laptop/",
    "service-form": "/settings/services/laptop/form/",
    "targets": "/settings/targets/",
    "target": "/settings/targets/set/?supplier=it&customer=sales",
    "priorities": "/settings/priorities/",
    "calendars": "/settings/calendars/",
    "calendar-new": "/settings/new-calendar/",
    "calendar": "/settings/calendars/standard/",
    "calendar-year": "/settings/calendars/standard/2026/",
    "holidays": "/settings/calendars/standard/holidays/?country=DE&region=BE&first=2026&last=2027",
    "history": "/settings/history/",
    "profile": "/me/",
}


@pytest.fixture
def admin(company, sign_in):
    """admin(page, address): the administrator opens a page; there is some life in the company."""
    save_department(by=company.admin, slug="helpdesk", name="Helpdesk", parent=company.it, cost_centre="4411")
    file_laptop(company)

    def look(page: Page, address: str = "/settings/") -> Page:
        sign_in(page, company.admin.email).goto(address)
        return page

    return look


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_of_the_settings_is_accessible_and_fits(width, scheme, company, open_page, admin, axe, fits, shoot):
    page = admin(open_page(width=width, scheme=scheme))
    for name, address in {**PAGES, "person": f"/settings/people/{company.requester.pk}/"}.items():
        page.goto(address)
        shoot(page, f"settings-{name}-{width}-{scheme}")
        axe(page)
        fits(page)
