"""What is to come, and departments compared, looked at."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.forecast.services import look_ahead
from tests.browser.screens import NARROW
from tests.factories.facts import count, fact
from tests.metrics.forecast.test_states import poisson

pytestmark = pytest.mark.django_db(transaction=True)


def a_year(company):
    today = timezone.now().date()
    number = 1
    for weeks_ago, n in enumerate(poisson([30] * 60), start=1):
        for at in range(n):
            day = today - timedelta(days=7 * weeks_ago + at % 5)
            supplier = company.it if at % 3 else company.facilities
            values = {
                "service_id": company.laptop.pk if at % 3 else company.badge.pk, "outcome": "delivered",
                "need_type": "technical" if at % 2 else "resource", "resolution_decided_day": day,
                "resolution_kept": at % 10 != 0 if at % 3 else at % 5 != 0,
            }  # fmt: skip
            yield fact(number, day, customer=company.sales.pk, supplier=supplier.pk, **values)
            number += 1


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_the_outlook_and_the_comparison_are_accessible_and_fit(
    open_page, company, sign_in, axe, fits, shoot, width, scheme
):
    count(a_year(company))
    look_ahead()
    page = sign_in(open_page(width=width, scheme=scheme), company.executive.email)
    for name, address, link in (
        ("outlook", "/departments/it/as-supplier/", "What to expect in the next weeks"),
        ("benchmark", "/company/", "All figures, like with like"),
    ):
        page.goto(address)
        page.get_by_role("link", name=link).click()
        page.locator("[data-chart] svg").first.wait_for()
        shoot(page, f"{name}-{width}-{scheme}")
        axe(page)
        fits(page)
    page.goto("/departments/sales/outlook/")
    page.get_by_role("region", name="What it will need from others").wait_for()
    shoot(page, f"needs-{width}-{scheme}")
    axe(page)
    fits(page)
