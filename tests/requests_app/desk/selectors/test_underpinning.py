"""Whether the receiver's own promise holds up what the customer was promised: two and seven hours do not fit in eight."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.agreements.services import set_targets
from requests_app.desk.selectors.underpinning import underpinning_of
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from tests.factories import accept, file_laptop

pytestmark = pytest.mark.django_db
HOUR = 3600


def offered(company, *, inside: int, worked: int):
    """Sales was promised 8 h by IT, which passes it on after `worked` hours to Facilities, which promises `inside`."""
    since = timezone.now() - timedelta(days=9)
    set_targets(by=None, supplier=company.it, targets={"resolution": {3: 8 * HOUR}}, valid_from=since)
    set_targets(by=None, supplier=company.facilities, targets={"resolution": {3: inside * HOUR}}, valid_from=since)
    row = file_laptop(company, urgency=1, impact=3, at=timezone.now() - timedelta(hours=worked))
    accept(company, row)
    return offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="A door")


@pytest.mark.parametrize(("inside", "worked", "holds"), [(6, 1, True), (7, 2, False), (6, 2, True)])
def test_what_is_promised_inside_must_fit_in_what_is_left(company, inside, worked, holds):
    handoff = offered(company, inside=inside, worked=worked)
    now = handoff.service_request.created_at + timedelta(hours=worked)
    found = underpinning_of(handoff, now)
    assert (found.holds, found.receiver) == (holds, "Facilities")
    assert found.inside - now == timedelta(hours=inside)
    assert found.customer - now == timedelta(hours=8 - worked)


def test_the_page_and_the_answer_of_the_api_say_so(company, as_browser, as_api):
    handoff = offered(company, inside=7, worked=2)
    text = as_browser(company.other_agent).get(f"/requests/{handoff.service_request.number}/").content.decode()
    assert "may take longer than the customer was promised" in text
    answer = as_api(company.other_agent).get(f"/api/v1/handoffs/{handoff.pk}/").data
    assert answer["promised_inside"] > answer["promised_to_customer"]


def test_nothing_is_said_while_the_customers_clock_is_paused(company):
    handoff = offered(company, inside=6, worked=1)
    words = Words(hold_reason="customer")
    move_request(by=company.assigned, service_request=handoff.service_request, action="hold", words=words)
    assert underpinning_of(handoff, timezone.now()) is None
