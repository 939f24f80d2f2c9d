"""Between 23 and 24 UTC it is tomorrow in Berlin already: "today" is the company's, whoever asks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from feedback.surveys.selectors import waiting_for
from metrics.improvement.services import add_action, finish_action
from requests_app.capacity.models import ContractHours
from tests.factories.improvements import planned
from tests.factories.surveys import crowd, opened

LATE = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
TODAY = date(2026, 11, 28)


@pytest.fixture
def late(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: LATE)


def test_a_worker_says_the_day_of_the_company(late):
    assert timezone.localdate() == TODAY


def test_what_a_worker_does_is_done_on_the_day_a_page_says(company):
    plan = planned(company)
    action = add_action(by=company.supplier_head, improvement=plan, what="Draw it up", owner=company.agent,
                        due_on=TODAY, at=LATE)  # fmt: skip
    assert finish_action(by=company.supplier_head, action=action, at=LATE).done_on == TODAY


def test_hours_count_from_the_day_that_the_page_names(company, as_browser, late):
    as_browser(company.supplier_head).post(
        "/capacity/departments/it/hours/", {"person": company.agent.email, "hours": "20.5"}
    )
    assert ContractHours.objects.get().since == TODAY


@pytest.mark.parametrize(("closes_on", "waits"), [(TODAY - timedelta(days=1), 0), (TODAY, 1)], ids=str)
def test_a_campaign_waits_until_its_last_day_ends_at_the_company(company, monkeypatch, closes_on, waits):
    asked = crowd(company.sales, 5)[0]
    campaign = opened(company)
    type(campaign).objects.filter(pk=campaign.pk).update(opens_on=None, closes_on=closes_on)
    monkeypatch.setattr(timezone, "now", lambda: LATE)
    assert len(waiting_for(asked)) == waits
