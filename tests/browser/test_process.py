"""The paths of requests, drawn and in tables, as the head of the supplier looks at them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.screens import NARROW
from tests.metrics.process.ways import BOUNCED, HELD, STRAIGHT, walk

pytestmark = pytest.mark.django_db(transaction=True)
TAKEN_OVER = "filed 0, accepted 15, started 40, offered 100, taken over 220, delivered 500, closed 900"


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_the_paths_of_requests_are_accessible_and_fit(open_page, company, sign_in, axe, fits, shoot, width, scheme):
    now = timezone.now()
    ways = [STRAIGHT] * 14 + [HELD] * 6 + [BOUNCED] * 4 + [TAKEN_OVER] * 5 + ["filed 0, cancelled 30", "filed 0"]
    walk(company, ways, now - timedelta(days=60))
    walk(company, [STRAIGHT.replace("30", "5")] * 9 + [HELD] * 2, now - timedelta(days=20), first_id=990_001)
    page = sign_in(open_page(width=width, scheme=scheme), company.supplier_head.email)
    page.goto("/departments/it/as-supplier/")
    page.get_by_role("link", name="Paths of requests").click()
    page.get_by_label("First day after the change").fill((now - timedelta(days=30)).date().isoformat())
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("region", name="Before and after, step by step").wait_for()
    shoot(page, f"process-{width}-{scheme}")
    axe(page)
    fits(page)
    assert page.locator("svg.dk-way").is_visible() == (width > 700)
