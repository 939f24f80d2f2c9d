"""Days off from a file over the API: shown, then added, with what was refused and why."""

import pytest

from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.selectors import hours_of
from tests.requests_app.calendars.test_ics_import import event, file

pytestmark = pytest.mark.django_db
HERE = "/api/v1/calendars/standard/days-off/"
FILE = file(
    event("DTSTART;VALUE=DATE:20271224", name="Closed"), event("DTSTART;VALUE=DATE:20271231", name="Also closed"),
    event(name="Someday"),
).decode()  # fmt: skip


def test_it_is_shown_first_and_then_added_once(company, as_api):
    client, versions = as_api(company.admin), CalendarVersion.objects.count()
    shown = client.post(HERE, {"ics": FILE, "dry_run": True})
    assert shown.status_code == 200
    assert [(day["name"], day["change"]) for day in shown.data["days"]] == [
        ("Closed", "added"), ("Also closed", "added"),
    ]  # fmt: skip
    assert [(row["event"], row["name"], bool(row["why"])) for row in shown.data["refused"]] == [(3, "Someday", True)]
    assert (shown.data["saved"], CalendarVersion.objects.count()) == (False, versions)

    added, again = client.post(HERE, {"ics": FILE}), client.post(HERE, {"ics": FILE})
    assert [(one.data["saved"], one.data["version"]) for one in (added, again)] == [
        (True, shown.data["version"] + 1), (False, shown.data["version"] + 1),
    ]  # fmt: skip
    company.calendar.refresh_from_db()
    assert {day.name for day in hours_of(company.calendar.current).special_days} >= {"Closed", "Also closed"}


@pytest.mark.parametrize("text", ["BEGIN:VCALENDAR", "x", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_a_text_that_is_no_such_file_is_refused_by_name(company, as_api, text):
    answer = as_api(company.admin).post(HERE, {"ics": text})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["ics"])


def test_it_is_for_those_who_edit_the_calendar(company, as_api):
    assert as_api(company.requester).post(HERE, {"ics": FILE}).status_code == 403
