"""Clocks as rows: what moves them, and the sweeper that writes warnings and breaches."""

from datetime import timedelta

from requests_app.agreements.models import Agreement
from requests_app.agreements.states import Measure
from requests_app.calendars.models import Calendar
from requests_app.calendars.services import create_calendar
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.services import clocks, sweeping
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.models import Event
from tests.factories import deliver, file_laptop


def clock_of(row, measure=Measure.RESOLUTION) -> Clock:
    return Clock.objects.get(service_request=row, measure=measure)


def alarms() -> list[tuple[int, str]]:
    found = Event.objects.filter(kind__startswith="clock.").order_by("subject_id", "at", "pk")
    return list(found.values_list("subject_id", "kind"))


def test_a_clock_that_runs_needs_no_restart(company, accepted_request):
    clock = clock_of(accepted_request)
    clocks.run_on(clock, clock.started_at + timedelta(hours=1))
    assert (clock.pauses, clock.stopped_at) == ([], None)


def test_a_clock_from_an_import_pauses_for_the_customer_though_no_agreement_says_so(company, accepted_request):
    Clock.objects.filter(service_request=accepted_request).update(agreement=None)
    move_request(
        by=company.assigned, service_request=accepted_request, action="hold", words=Words(hold_reason="customer")
    )

    clock = clock_of(accepted_request)
    assert ([pause["why"] for pause in clock.pauses], clock.due_at) == (["customer"], None)


def test_without_a_promise_the_customer_has_the_usual_days_for_an_answer(company, accepted_request):
    Clock.objects.filter(service_request=accepted_request).delete()
    row = deliver(company, accepted_request)
    assert row.acceptance_due_at > row.delivered_at


def test_in_a_calendar_without_working_days_days_are_those_of_the_wall(company, accepted_request):
    create_calendar(by=company.admin, name="Never", zone="UTC", weekly=[[]] * 7)
    never = Calendar.objects.get(slug="never")
    company.sales.calendar_id = never.pk
    company.sales.save()
    accepted_request.customer.calendar_id = never.pk

    row = deliver(company, ServiceRequest.objects.get(pk=accepted_request.pk))
    days = Agreement.objects.get(pk=clock_of(row).agreement_id).acceptance_days
    assert row.acceptance_due_at == row.delivered_at + timedelta(days=days)


def test_after_an_outage_every_alarm_is_written_once_however_many_there_are(company, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    rows = [file_laptop(company) for _number in range(5)]
    later = max(clock_of(row).due_at for row in rows) + timedelta(days=30)

    written = sweeping.sweep_clocks(later)

    assert written == 5 * 4
    assert alarms() == [
        (row.pk, kind) for row in rows for kind in ("clock.warned", "clock.breached", "clock.warned", "clock.breached")
    ]
    assert sweeping.sweep_clocks(later) == 0
