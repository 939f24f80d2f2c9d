"""How often problems come back: counted from the log, with what is behind it, and too early is said so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from metrics.mending.selectors import recurrence
from metrics.mending.states import Told, confirmations, recurrence_of
from requests_app.org.services import save_department
from tests.factories.actions import brought_to, take

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def told(*rows) -> list[Told]:
    """(action, what, days ago) or (…, action that showed it)."""
    rows = sorted(rows, key=lambda row: -row[2])
    return [Told(row[0], f"action.{row[1]}", ago(row[2]), {"again": row[3]} if len(row) > 3 else {}) for row in rows]


def test_of_four_whose_window_has_ended_one_came_back_and_one_is_too_early():
    events = told(
        (1, "verified", 300), (1, "reopened", 250), (2, "verified", 200), (3, "verified", 150), (3, "closed", 100),
        (4, "verified", 91), (5, "verified", 89),
    )  # fmt: skip
    found = recurrence_of(confirmations(events), NOW)
    assert (found.n, found.back, found.early, found.share) == (4, 1, 1, 0.25)
    assert found.interval == pytest.approx((0.0456, 0.6994), abs=1e-4)  # Wilson of 1 in 4


@pytest.mark.parametrize(("days", "back"), [(89, 1), (90, 1), (91, 0)])
def test_only_what_comes_back_within_90_days_counts(days, back):
    found = recurrence_of(confirmations(told((1, "verified", 200), (1, "reopened", 200 - days))), NOW)
    assert (found.n, found.back) == (1, back)


def test_a_problem_shown_by_another_action_came_back_when_that_was_opened():
    events = told((1, "verified", 200), (2, "opened", 115), (1, "reopened", 100, 2))
    assert recurrence_of(confirmations(events), NOW).back == 1


def test_what_ended_its_window_over_a_year_ago_is_left_out_and_of_nothing_there_is_no_share():
    found = recurrence_of(confirmations(told((1, "verified", 456))), NOW)
    assert (found.n, found.share, found.interval) == (0, None, None)


@pytest.mark.django_db
def test_the_log_of_the_desk_makes_the_figure_of_both_sides_and_of_no_other(company, django_assert_num_queries):
    now = timezone.now()
    action = brought_to(company, "verified", at=now - timedelta(days=120))
    later = now - timedelta(days=60)
    take(company, CorrectiveAction.objects.get(pk=action.pk), "recur", later)
    with django_assert_num_queries(2):
        figure = recurrence(company.it, "supplier")
    assert (figure.n, figure.back) == (1, 1)
    assert recurrence(company.sales, "customer").back == 1
    top = save_department(by=company.admin, slug="services", name="Services")
    save_department(by=company.admin, department=company.it, slug="it", name="IT Services", parent=top)
    assert recurrence(top, "supplier").n == 1
    assert recurrence(company.sales, "supplier").n == recurrence(company.facilities, "customer").n == 0


@pytest.mark.django_db
def test_page_dashboard_and_api_tell_it_with_its_definition(company, as_browser, as_api):
    action = brought_to(company, "verified", at=timezone.now() - timedelta(days=120))
    link = "/departments/it/recurrence/"
    head = as_browser(company.supplier_head)
    assert link in head.get("/departments/it/as-supplier/").content.decode()
    page = head.get(link).content.decode()
    assert (action.title in page, "did not come back" in page, "within 90 days" in page) == (True, True, True)
    assert action.title not in as_browser(company.other_head).get(link).content.decode()
    assert as_browser(company.requester).get(link).status_code == 403
    told = as_api(company.supplier_head).get("/api/v1/figures/departments/it/recurrence/").json()
    assert {name: told[name] for name in ("n", "back", "share", "early")} == {
        "n": 1,
        "back": 0,
        "share": 0.0,
        "early": 0,
    }
    assert [row["action"] for row in told["actions"]] == [action.pk]
    hidden = as_api(company.other_head).get("/api/v1/figures/departments/it/recurrence/").json()["actions"]
    assert [row["action"] for row in hidden] == [None]
