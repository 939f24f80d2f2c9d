"""Health: anybody may ask whether it lives, administrators see what is wrong and try again."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from requests_app.events.models import Delivery, Heartbeat
from requests_app.events.services import note_heartbeat
from servicedesk.health.selectors import health
from tests.factories import file_laptop


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_whether_it_lives_and_is_ready_is_told_to_anybody(as_browser, path):
    answer = as_browser().get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_details_are_for_administrators(company, as_browser):
    assert as_browser(company.admin).get("/health/").status_code == 200
    assert as_browser(company.supplier_head).get("/health/").status_code == 403
    assert as_browser().get("/health/").status_code == 302


def test_a_process_is_alive_while_it_was_seen_within_a_minute(company):
    note_heartbeat("beat")
    now = timezone.now()
    assert {pulse.name: pulse.alive for pulse in health(now).pulses}["beat"] is True
    Heartbeat.objects.update(at=now - timedelta(seconds=61))
    assert {pulse.name: pulse.alive for pulse in health(now).pulses}["beat"] is False
    assert health(now).well is False


def test_what_waits_too_long_is_late_and_what_was_given_up_is_listed(company):
    file_laptop(company)
    assert health().late is False
    assert health(timezone.now() + timedelta(seconds=90)).late is True
    Delivery.objects.update(dead=True)
    found = health()
    assert (found.waiting, found.late, len(found.dead)) == (0, False, Delivery.objects.count())


def test_a_delivery_given_up_is_tried_again_by_an_administrator(company, as_browser):
    file_laptop(company)
    row = Delivery.objects.first()
    Delivery.objects.filter(pk=row.pk).update(dead=True, attempts=13)

    answer = as_browser(company.admin).post(f"/health/deliveries/{row.pk}/retry/")

    row.refresh_from_db()
    assert (answer.status_code, row.dead, row.attempts) == (302, False, 0)
    assert as_browser(company.agent).post(f"/health/deliveries/{row.pk}/retry/").status_code == 403


@pytest.mark.django_db
def test_without_an_answer_of_the_database_it_lives_but_is_not_ready(as_browser):
    def away(execute, sql, params, many, context):
        raise OperationalError("the database is away")

    with connection.execute_wrapper(away):
        assert as_browser().get("/health/ready").status_code == 503
        assert as_browser().get("/health/live").status_code == 200
