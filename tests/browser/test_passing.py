"""The page of handoffs and holders, reached from the dashboard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.desk.services.handoffs import decline_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from tests.browser.screens import WIDE
from tests.factories import accept, file_laptop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_the_page_of_handoffs_is_accessible_and_fits(open_page, company, sign_in, axe, fits, shoot, width, scheme):
    before = timezone.now() - timedelta(days=7)
    rows = []
    for number in range(6):
        row = file_laptop(company, at=before)
        for hours, action in ((2, "accept"), (5 + number, "hold"), (9 + number, "resume"), (26, "deliver")):
            words = Words(hold_reason="customer") if action == "hold" else Words()
            moment = before + timedelta(hours=hours)
            move_request(by=company.assigned, service_request=row, action=action, words=words, at=moment)
        rows.append(row.pk)
    for _number in range(5):
        row = accept(company, file_laptop(company))
        handoff = offer_handoff(
            by=company.supplier_head, service_request=row, to=company.facilities, reason="The cable is yours"
        )
        decline_handoff(by=company.other_head, handoff=handoff, reason="Not in stock")
        rows.append(row.pk)
    refresh_figures(request_ids=[*rows, file_laptop(company).pk])
    recount_stale()
    page = sign_in(open_page(width=width, scheme=scheme), company.supplier_head.email)
    page.goto("/departments/it/as-supplier/")
    shoot(page, f"passing-dashboard-{width}-{scheme}")
    fits(page)
    page.get_by_role("link", name="Who passes what to whom").click()
    page.locator("[data-chart] svg").first.wait_for()
    shoot(page, f"passing-{width}-{scheme}")
    axe(page)
    fits(page)
