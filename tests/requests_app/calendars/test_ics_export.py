"""What an .ics file says of a calendar, read back by the library that other programs use too."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest

from requests_app.calendars.ics_export import write_ics
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.services import revise_calendar
from requests_app.calendars.states import SpecialDay

BERLIN = ZoneInfo("Europe/Berlin")


def events(calendar: Calendar) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(write_ics(calendar)).walk("VEVENT")


@pytest.fixture
def written(admin, office):
    """written(days) → the events of the file."""

    def of(*days: SpecialDay) -> list[icalendar.Event]:
        revise_calendar(by=admin, calendar=office, special_days=list(days))
        return events(Calendar.objects.select_related("current").get())

    return of


def test_a_closed_day_is_an_all_day_event_that_ends_with_the_next_day(written):
    (event,) = written(SpecialDay(date(2026, 12, 25), "Christmas"))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 25), date(2026, 12, 26))
    assert (event["DTSTART"].params["VALUE"], event["SUMMARY"], event["DESCRIPTION"]) == (
        "DATE",
        "Christmas",
        "Closed all day.",
    )


def test_other_hours_are_timed_events_in_the_zone_of_the_calendar(written):
    windows = (("00:00", "02:00"), ("09:00", "12:00"), ("13:00", "24:00"))
    found = written(
        SpecialDay(date(2026, 3, 29), "Inventory", windows),
        SpecialDay(date(2026, 7, 1), "Night", (("22:00", "06:00"),)),
    )
    assert [(event["DTSTART"].dt, event["DTEND"].dt) for event in found] == [
        (datetime(2026, 3, 29, 0, tzinfo=BERLIN), datetime(2026, 3, 29, 2, tzinfo=BERLIN)),
        (datetime(2026, 3, 29, 9, tzinfo=BERLIN), datetime(2026, 3, 29, 12, tzinfo=BERLIN)),
        (datetime(2026, 3, 29, 13, tzinfo=BERLIN), datetime(2026, 3, 30, 0, tzinfo=BERLIN)),
        (datetime(2026, 7, 1, 22, tzinfo=BERLIN), datetime(2026, 7, 2, 6, tzinfo=BERLIN)),
    ]
    assert {event["DTSTART"].params["TZID"] for event in found} == {"Europe/Berlin"}
    assert len({event["UID"] for event in found}) == 4


def test_names_are_escaped_and_come_back_as_they_were(written, office):
    name = 'Day; of, \\ "all" things:\tЁлка 元旦 ' + "é" * 80
    (event,) = written(SpecialDay(date(2026, 1, 1), name))
    assert event["SUMMARY"] == name
    raw = write_ics(Calendar.objects.select_related("current").get())
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_version_gives_the_same_bytes_and_a_time_zone_that_it_needs(written, office):
    written(SpecialDay(date(2026, 1, 1), "Short", (("09:00", "12:00"),)))
    calendar = Calendar.objects.select_related("current").get()
    assert write_ics(calendar) == write_ics(calendar)
    assert [zone["TZID"] for zone in icalendar.Calendar.from_ical(write_ics(calendar)).walk("VTIMEZONE")] == [
        "Europe/Berlin"
    ]


def test_a_calendar_without_days_or_hours_is_an_empty_file_or_an_error(written):
    assert written() == []
    with pytest.raises(CalendarVersion.DoesNotExist):
        write_ics(Calendar(slug="x", name="X"))
