"""Open requests are moved to the new hours of a calendar: shown first, each once, with old and new due times kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.services import refresh_figures
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.desk.models import Clock, Recomputation
from requests_app.desk.selectors.timeline import timeline_of
from requests_app.desk.services import recomputing
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed
from tests.factories import accept, deliver, file_laptop

pytestmark = pytest.mark.django_db
ALL_DAY, NEVER = [[["00:00", "24:00"]]] * 7, [[]] * 7


@pytest.fixture
def calendar(company):
    """Of IT: round the clock at first."""
    found = create_calendar(by=company.admin, name="Of IT", slug="of-it", zone="Europe/Berlin", weekly=ALL_DAY)
    company.it.calendar_id = found.pk
    company.it.save()
    company.laptop.refresh_from_db()
    return found


def halve(company, calendar) -> None:
    """From now on it is open for twelve hours a day."""
    revise_calendar(by=company.admin, calendar=calendar, weekly=[[["00:00", "12:00"]]] * 7, reason="Half the people")
    calendar.refresh_from_db()


def resolution(row) -> Clock:
    return Clock.objects.get(service_request=row, measure="resolution")


def test_it_is_shown_before_it_is_done_and_nothing_is_written(company, calendar):
    row = file_laptop(company)
    before = resolution(row).due_at
    assert recomputing.preview(calendar, company.admin).clocks == 0
    halve(company, calendar)

    shown = recomputing.preview(calendar, company.admin)
    assert (shown.clocks, shown.requests) == (2, 1)
    change = next(one for one in shown.changes if one.measure == "resolution")
    assert (change.number, change.before) == (row.number, before)
    assert change.after - before > timedelta(days=2)
    assert resolution(row).due_at == before


def test_open_clocks_follow_and_the_log_says_what_they_were_due_before(company, calendar):
    row, delivered = file_laptop(company), deliver(company, file_laptop(company))
    before, kept = resolution(row), resolution(delivered)
    halve(company, calendar)
    expected = next(
        one.after for one in recomputing.preview(calendar, company.admin).changes if one.measure == "resolution"
    )

    recomputing.start_recomputation(by=company.admin, rule=calendar)
    assert recomputing.work_off_recomputations() == 1

    now = resolution(row)
    assert (now.due_at, now.started_at, now.calendar_version_id) == (expected, before.started_at, calendar.current_id)
    assert resolution(delivered).calendar_version_id == kept.calendar_version_id
    (event,) = Event.objects.filter(kind="clock.recomputed")
    said = {one["measure"]: (one["before"], one["after"]) for one in event.data["clocks"]}
    assert said["resolution"] == (before.due_at.isoformat(), expected.isoformat())
    row.refresh_from_db()
    assert row.due_at == Clock.objects.get(service_request=row, measure="response").due_at
    run = Recomputation.objects.get()
    assert (run.done, run.total) == (1, 1)
    assert run.finished_at is not None
    texts = [str(card) for card in timeline_of(row, reader=company.requester, internal=False)]
    assert any("counted by the calendar's new hours" in text for text in texts)


def test_the_figures_follow_the_new_hours(company, calendar):
    row = file_laptop(company)
    halve(company, calendar)
    recomputing.start_recomputation(by=company.admin, rule=calendar)
    recomputing.work_off_recomputations()
    refresh_figures(request_ids={row.pk})
    assert RequestFact.objects.get(pk=row.pk).resolution_due_at == resolution(row).due_at


def test_pauses_are_carried_over_and_a_paused_clock_stays_paused(company, calendar):
    row = accept(company, file_laptop(company))
    move_request(by=company.assigned, service_request=row, action="hold", words=Words(hold_reason="customer"))
    halve(company, calendar)
    recomputing.start_recomputation(by=company.admin, rule=calendar)
    recomputing.work_off_recomputations()
    found = resolution(row)
    assert (found.due_at, found.calendar_version_id) == (None, calendar.current_id)
    assert [pause["to"] for pause in found.pauses] == [None]


def test_what_was_missed_by_the_old_hours_stays_missed(company, calendar):
    row = file_laptop(company, at=timezone.now() - timedelta(days=60))
    halve(company, calendar)
    recomputing.start_recomputation(by=company.admin, rule=calendar)
    recomputing.work_off_recomputations()
    found = resolution(row)
    assert found.breached_at == Event.objects.get(kind="clock.breached", data__measure="resolution").at
    assert found.breached_at < found.due_at


def test_it_goes_in_chunks_and_begun_again_does_nothing_twice(company, calendar, monkeypatch):
    monkeypatch.setattr(recomputing, "CHUNK", 2)
    for _number in range(5):
        file_laptop(company)
    halve(company, calendar)
    run = recomputing.start_recomputation(by=company.admin, rule=calendar)
    assert recomputing.work_off_recomputations() == 5
    Recomputation.objects.filter(pk=run.pk).update(finished_at=None)
    assert recomputing._work_off(run) == 0
    assert Event.objects.filter(kind="clock.recomputed").count() == 5


def test_it_is_started_once_and_only_where_there_is_something_to_do(company, calendar):
    file_laptop(company)
    with pytest.raises(IllegalMove, match="runs by it already"):
        recomputing.start_recomputation(by=company.admin, rule=calendar)
    halve(company, calendar)
    recomputing.start_recomputation(by=company.supplier_head, rule=calendar)
    with pytest.raises(IllegalMove, match="started this already"):
        recomputing.start_recomputation(by=company.admin, rule=calendar)
    with pytest.raises(NotAllowed):
        recomputing.start_recomputation(by=company.other_head, rule=calendar)


def test_on_its_page_and_over_http(company, calendar, as_browser, as_api):
    row = file_laptop(company)
    client, address = as_browser(company.supplier_head), "/settings/calendars/of-it/open-requests/"
    assert "Every open request runs by the present hours already." in client.get(address).content.decode()
    halve(company, calendar)
    assert row.number in client.get(address).content.decode()

    dry = as_api(company.admin).post("/api/v1/calendars/of-it/recompute/", {"dry_run": True})
    assert (dry.status_code, dry.data["clocks"], dry.data["started"]) == (200, 2, False)
    assert client.post(address).status_code == 302
    assert "0 of 1 requests are done." in client.get(address).content.decode()
    assert client.post(address).status_code == 409
    recomputing.work_off_recomputations()
    assert "Nothing to do" in client.get(address).content.decode()
    halve_again = as_api(company.admin).post("/api/v1/calendars/of-it/recompute/", {})
    assert (halve_again.status_code, halve_again.data["code"]) == (409, "illegal_move")


def test_confidential_requests_are_counted_and_not_listed(company, calendar):
    company.laptop.privacy = "confidential"
    company.laptop.save()
    file_laptop(company)
    halve(company, calendar)
    shown = recomputing.preview(calendar, company.admin)
    assert (shown.requests, shown.changes) == (1, [])


def test_a_clock_is_never_moved_back_to_an_older_version(company, calendar):
    row = file_laptop(company)
    halve(company, calendar)
    run = recomputing.start_recomputation(by=company.admin, rule=calendar)
    revise_calendar(by=company.admin, calendar=calendar, weekly=[[["00:00", "06:00"]]] * 7, reason="A quarter")
    newest = type(calendar).objects.get(pk=calendar.pk).current_id
    Clock.objects.filter(service_request=row, measure="response").update(calendar_version=newest)
    recomputing.work_off_recomputations()
    versions = dict(Clock.objects.filter(service_request=row).values_list("measure", "calendar_version_id"))
    assert versions == {"response": newest, "resolution": run.version_id}


def test_an_imported_deadline_is_a_date_whatever_the_hours(company, calendar):
    row = file_laptop(company)
    Clock.objects.filter(service_request=row).update(agreement=None)
    halve(company, calendar)
    assert recomputing.preview(calendar, company.admin).clocks == 0
