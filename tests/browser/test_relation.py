"""The page of two departments, looked at by both."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.desk.services.moves import move_request
from tests.browser.screens import WIDE
from tests.factories import close, file_laptop
from tests.factories.agreements import signed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_the_page_of_two_departments_is_accessible_and_fits(
    open_page, company, sign_in, axe, fits, shoot, width, scheme
):
    signed(company, service=company.laptop)
    rows = [close(company, file_laptop(company)).pk for _number in range(11)]
    before = timezone.now() - timedelta(days=40)
    for _number in range(10):
        row = file_laptop(company, at=before)
        for action in ("accept", "deliver"):
            move_request(by=company.assigned, service_request=row, action=action, at=before + timedelta(minutes=5))
        rows.append(row.pk)
    refresh_figures(request_ids=[*rows, file_laptop(company).pk])
    recount_stale()
    page = sign_in(open_page(width=width, scheme=scheme), company.customer_head.email)
    page.goto("/departments/sales/as-customer/")
    page.get_by_role("region", name="Figures by supplier").get_by_role("link", name="IT Services").click()
    page.locator("[data-chart] svg").first.wait_for()
    shoot(page, f"relation-{width}-{scheme}")
    axe(page)
    fits(page)
