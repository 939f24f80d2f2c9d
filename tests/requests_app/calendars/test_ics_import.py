"""Files of days off: what is taken, what is refused in which words, and that nothing sent can break or stall it."""

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requests_app.calendars.ics_export import write_ics
from requests_app.calendars.ics_import import MOST_BYTES, MOST_EVENTS, Row, days_in, read_ics
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.states import MOST_SPECIAL_DAYS, OFFICE_HOURS, Hours, SpecialDay, check_special_days
from requests_app.kernel.errors import WrongInput

TODAY = date(2026, 11, 26)
CHRISTMAS = date(2026, 12, 25)
DAY = "DTSTART;VALUE=DATE:20261225"
REFUSED = "This cannot be read as an event."


def event(*lines: str, name: str = "Christmas") -> str:
    summary = [f"SUMMARY:{name}"] if name else []
    return "\r\n".join(["BEGIN:VEVENT", *lines, *summary, "END:VEVENT", ""])


def file(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "".join(events) + "END:VCALENDAR", ""]).encode()


def read(raw: bytes, zone: str = "Europe/Berlin") -> list[Row]:
    return read_ics(raw, zone=zone, today=TODAY)


def days(*lines: str, **more: str) -> list[SpecialDay]:
    return days_in(read(file(event(*lines)), **more))


def why(*lines: str, name: str = "Christmas") -> str:
    (row,) = read(file(event(*lines, name=name)))
    assert row.days == ()
    return row.refused


# ── What is taken ──


@pytest.mark.parametrize(
    ("lines", "dates"),
    [
        ([DAY], [CHRISTMAS]),
        ([DAY, "DTEND;VALUE=DATE:20261226"], [CHRISTMAS]),
        ([DAY, "DTEND;VALUE=DATE:20261225"], [CHRISTMAS]),
        ([DAY, "DTEND;VALUE=DATE:20261227"], [CHRISTMAS, date(2026, 12, 26)]),
        ([DAY, "DURATION:P2D"], [CHRISTMAS, date(2026, 12, 26)]),
        (["DTSTART;VALUE=DATE:21991231", "DTEND;VALUE=DATE:22000101"], [date(2199, 12, 31)]),
        (
            ["DTSTART:20261225T000000", "DTEND:20261226T000000", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"],
            [CHRISTMAS],
        ),
    ],
)
def test_all_day_events_close_their_days(lines, dates):
    assert days(*lines) == [SpecialDay(day, "Christmas") for day in dates]


@pytest.mark.parametrize(
    ("start", "end", "zone", "day", "window"),
    [
        (";TZID=Europe/Berlin:20261224T090000", "20261224T120000", "Europe/Berlin", 24, ("09:00", "12:00")),
        (";TZID=Europe/Berlin:20261224T090000", "20261224T120000", "Asia/Tokyo", 24, ("17:00", "20:00")),
        (":20261224T230000Z", "20261225T000000Z", "Europe/Berlin", 25, ("00:00", "01:00")),
        (":20261224T090000", "20261224T120000", "Asia/Tokyo", 24, ("09:00", "12:00")),
        (";TZID=W. Europe Standard Time:20261224T090000", "20261224T120000", "Europe/Berlin", 24, ("09:00", "12:00")),
        (":20261224T220000", "20261225T060000", "Europe/Berlin", 24, ("22:00", "06:00")),
        (":20261224T000000", "20261225T000000", "Europe/Berlin", 24, ("00:00", "24:00")),
    ],
)
def test_timed_events_are_the_hours_of_their_day_on_the_calendar_s_wall(start, end, zone, day, window):
    prefix = start[: start.index(":") + 1] if "TZID" in start else ":"
    assert days(f"DTSTART{start}", f"DTEND{prefix}{end}", zone=zone) == [
        SpecialDay(date(2026, 12, day), "Christmas", (window,))
    ]


@pytest.mark.parametrize(
    ("rule", "first", "found"),
    [
        ("FREQ=YEARLY", "19701225", [f"{year}-12-25" for year in range(2026, 2036)]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", "20301225", [f"{year}-12-25" for year in range(2030, 2040)]),
        ("FREQ=YEARLY;COUNT=3", "20261225", ["2026-12-25", "2027-12-25", "2028-12-25"]),
        ("FREQ=YEARLY;COUNT=58", "19701225", ["2026-12-25", "2027-12-25"]),
        ("FREQ=YEARLY;UNTIL=20271225", "20261225", ["2026-12-25", "2027-12-25"]),
        ("FREQ=YEARLY;UNTIL=99991231T000000Z;COUNT=1", "20261225", ["2026-12-25"]),
        ("FREQ=YEARLY;INTERVAL=4", "20261225", ["2026-12-25", "2030-12-25", "2034-12-25"]),
        ("FREQ=YEARLY", "20280229", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3", "20261126", ["2026-11-26", "2027-11-25", "2028-11-23"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", "20270531", ["2027-05-31", "2028-05-29"]),
        ("FREQ=YEARLY", "21951225", [f"{year}-12-25" for year in range(2195, 2200)]),
    ],
)
def test_what_comes_every_year_is_taken_for_ten_years(rule, first, found):
    taken = days(f"DTSTART;VALUE=DATE:{first}", f"RRULE:{rule}")
    assert [day.date.isoformat() for day in taken] == found


def test_dates_left_out_of_a_repetition_stay_out():
    lines = [DAY, "RRULE:FREQ=YEARLY;COUNT=4", "EXDATE;VALUE=DATE:20271225,20281225", "EXDATE:20291224T230000Z"]
    assert days(*lines) == [SpecialDay(CHRISTMAS, "Christmas")]


def test_folded_lines_escapes_and_letters_of_all_scripts_are_read():
    raw = file(event(DAY, name="Рождество\\, 圣诞\r\n 节\\n and\u2028more"))
    assert days_in(read(b"\xef\xbb\xbf" + raw))[0].name == "Рождество, 圣诞节 and more"


def test_hours_of_one_day_under_one_name_are_joined():
    parts = [event(f"DTSTART:20261224T{a}0000", f"DTEND:20261224T{b}0000") for a, b in (("13", "15"), ("09", "12"))]
    assert days_in(read(file(*parts))) == [
        SpecialDay(date(2026, 12, 24), "Christmas", (("09:00", "12:00"), ("13:00", "15:00")))
    ]


def test_hours_of_one_day_that_overlap_are_refused():
    parts = [event(f"DTSTART:20261224T{a}0000", f"DTEND:20261224T{b}0000") for a, b in (("09", "12"), ("11", "15"))]
    assert [row.refused for row in read(file(*parts))] == [
        "",
        "09:00-12:00 and 11:00-15:00 overlap. Join them to one interval, or move one of them.",
    ]


def test_the_same_day_twice_is_one_day_and_another_word_on_it_is_refused():
    rows = read(file(event(DAY), event(DAY), event(DAY, name="Party")))
    assert [row.refused for row in rows] == ["", "", "2026-12-25 is in this file already: Christmas, closed."]
    assert days_in(rows) == [SpecialDay(CHRISTMAS, "Christmas")]


def test_time_zones_alarms_and_tasks_in_the_file_are_passed_over():
    zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    task = "BEGIN:VTODO\r\nSUMMARY:Task\r\nDTSTART:20260101T000000Z\r\nEND:VTODO\r\n"
    alarm = "BEGIN:VALARM\r\nSUMMARY:Alarm\r\nEND:VALARM"
    assert read(file(zone, task, event(DAY, alarm))) == [Row("Christmas", (SpecialDay(CHRISTMAS, "Christmas"),))]


# ── What is refused, row by row ──


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "It has no beginning (DTSTART)."),
        (["DTSTART;VALUE=DATE:20261332"], REFUSED),
        (["DTSTART:"], REFUSED),
        (["DTSTART"], "It has no beginning (DTSTART)."),
        (["DTSTART;VALUE=TIME:090000"], "It has no date that can be read."),
        ([DAY, DAY], "DTSTART is there twice."),
        (["DTSTART;VALUE=DATE:18991231"], "Choose a year from 1900 to 2199."),
        (["DTSTART:99991231T235959Z"], REFUSED),
        ([DAY, "DTEND;VALUE=DATE:20261224"], "It ends before it begins."),
        ([DAY, "DTEND;VALUE=DATE:99991231"], "It lasts longer than 31 days."),
        ([DAY, "DURATION:P99999999999999999D"], REFUSED),
        ([DAY, "DURATION;VALUE=DATE:20261226"], "It has no date that can be read."),
        (["DTSTART;VALUE=DATE:21991231", "DURATION:P2D"], "Choose a year from 1900 to 2199."),
        ([DAY, "DURATION:P999999D"], "It lasts longer than 31 days."),
        (["DTSTART:20261225T090000"], "Its hours are not those of one day. Give a beginning and an end within 24 hours."),
        (["DTSTART:20261225T090000", "DTEND:20261226T090100"], "Its hours are not those of one day. Give a beginning and an end within 24 hours."),
        (["DTSTART:20261225T090000", "DTEND;VALUE=DATE:20261226"], "Its hours are not those of one day. Give a beginning and an end within 24 hours."),
        (["DTSTART:20261225T090030", "DTEND:20261225T100000"], "Its hours are not whole minutes."),
        (["DTSTART;TZID=Mars/Olympus:20261225T090000", "DTEND:20261225T100000"], "Its time zone “Mars/Olympus” is not known."),
        ([DAY, "STATUS:CANCELLED"], "It was called off."),
        ([DAY, "RRULE:FREQ=SECONDLY"], "It does not repeat every year on one date. Enter its days one by one."),
        ([DAY, "RRULE:FREQ=YEARLY;BYMONTHDAY=30;BYMONTH=2"], "It does not repeat every year on one date. Enter its days one by one."),
        ([DAY, "RRULE:FREQ=YEARLY;BYDAY=MO"], "It does not repeat every year on one date. Enter its days one by one."),
        ([DAY, "RRULE:FREQ=NEVER"], REFUSED),
        ([DAY, "RRULE:nonsense"], "It does not repeat every year on one date. Enter its days one by one."),
        ([DAY, "RRULE:FREQ=YEARLY;INTERVAL=0"], "It repeats in a way that cannot be read."),
        ([DAY, "RRULE:FREQ=YEARLY;UNTIL=20200101"], "It repeats, but not in the next years."),
        ([DAY, "RDATE;VALUE=DATE:20270101"], "It repeats by a list of its own. Only days that come every year are taken."),
        ([DAY, "RECURRENCE-ID;VALUE=DATE:20261225"], "It repeats by a list of its own. Only days that come every year are taken."),
        ([DAY, "EXDATE:20261225T000000"] * 31, "This is too long for an event."),
        ([DAY, "STATUS:" + "x" * 4001], "This is too long for an event."),
    ],
)  # fmt: skip
def test_an_event_that_is_no_day_says_why(lines, sentence):
    assert why(*lines) == sentence


@pytest.mark.parametrize("name", ["", "  ", "\x00", "\x1f\x00x"])
def test_an_event_without_a_name_that_can_be_stored_is_refused(name):
    assert why(DAY, name=name) == "It has no name."


def test_one_broken_event_costs_the_others_nothing():
    rows = read(
        file(event(DAY), event("DTSTART:soon", name="Other"), event("DTSTART;VALUE=DATE:20261226", name="Third"))
    )
    assert [(row.name, bool(row.days), bool(row.refused)) for row in rows] == [
        ("Christmas", True, False), ("Other", False, True), ("Third", True, False),
    ]  # fmt: skip


# ── Files that are none ──


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "This is not a calendar file. It should end in .ics and begin with BEGIN:VCALENDAR."),
        (b"<html>no</html>", "This is not a calendar file. It should end in .ics and begin with BEGIN:VCALENDAR."),
        (event(DAY).encode(), "This is not a calendar file. It should end in .ics and begin with BEGIN:VCALENDAR."),
        (bytes(range(256)) * 100, "This file is not text in UTF-8. Export it again as .ics."),
        ("BEGIN:VCALENDAR".encode("utf-16"), "This file is not text in UTF-8. Export it again as .ics."),
        (b"BEGIN:VCALENDAR" + b"\x00" * 1000, "There is no event in this file, so there is no day to add."),
        (file(), "There is no event in this file, so there is no day to add."),
        (b"x" * (MOST_BYTES + 1), "This file is too large: at most 800 kB."),
        (file("BEGIN:VEVENT\nEND:VEVENT\n" * (MOST_EVENTS + 1)), "This file holds more than 2000 events. Export fewer years."),
        (
            file(*(event(f"DTSTART;VALUE=DATE:{date(2026, 1, 1) + timedelta(days=n):%Y%m%d}") for n in range(MOST_SPECIAL_DAYS + 1))),
            "This file holds more than 1000 days. Export fewer years.",
        ),
    ],
    ids=["empty", "html", "bare event", "binary", "utf-16", "nul", "no event", "huge", "events", "days"],
)  # fmt: skip
def test_a_file_that_is_none_says_so(raw, sentence):
    with pytest.raises(WrongInput) as refusal:
        read(raw)
    assert refusal.value.errors == {"file": [sentence]}


DATES = ",".join(["20260101T000000Z"] * 230)
NASTY = {
    "a hundred thousand events": file("BEGIN:VEVENT\nEND:VEVENT\n" * 30_000),
    "events that only begin": file("BEGIN:VEVENT\r\n" * 50_000),
    "lines without a word": file("a\n" * 390_000),
    "one endless line": file("SUMMARY:" + "x" * 790_000),
    "folds": file("BEGIN:VEVENT\r\nSUMMARY:a\r\n" + " a\r\n" * 150_000 + "END:VEVENT\r\n"),
    "parameters": file(("BEGIN:VEVENT\r\n" + ("SUMMARY" + ";A=b" * 990 + ":b\r\n") * 60 + "END:VEVENT\r\n") * 3),
    "dates left out": file(event(DAY, "RRULE:FREQ=YEARLY", *[f"EXDATE:{DATES}"] * 50) * 4),
    "centuries": file(
        event("DTSTART;VALUE=DATE:19001231", "DURATION:P31D", "RRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=-1MO;COUNT=999999") * 2000
    ),
}  # fmt: skip


@pytest.mark.parametrize("raw", NASTY.values(), ids=NASTY)
def test_no_file_keeps_the_processor_busy(raw):
    """The measure is this machine's own: reading two thousand plain events, the most there can be."""
    plain = file(*(event(f"DTSTART;VALUE=DATE:{1900 + n % 300}1225") for n in range(MOST_EVENTS)))
    assert _seconds(raw) <= 12 * _seconds(plain) + 0.1


def _seconds(raw: bytes) -> float:
    assert len(raw) <= MOST_BYTES
    begun = time.process_time()
    rows_or_fields(raw)
    return time.process_time() - begun


def rows_or_fields(raw: bytes) -> list[Row] | list[str]:
    try:
        return read(raw)
    except WrongInput as refusal:
        return list(refusal.errors)


# ── Anything at all ──

WORDS = st.sampled_from(
    ["DTSTART", "DTEND", "DURATION", "SUMMARY", "RRULE", "EXDATE", "RDATE", "STATUS", "BEGIN", "END", ":", ";", "=", ",",
     "VALUE=DATE", "TZID=Europe/Berlin", "20261225", "20261225T090000Z", "00000000", "FREQ=YEARLY", "COUNT=-1", "P1D",
     "VEVENT", "VCALENDAR", "\r\n", "\r\n ", "\"", "\\", "\x00", "é", "\u2028"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=30), st.text(max_size=20))
def test_whatever_is_sent_ends_in_rows_or_one_sentence(words, rest):
    for raw in (file(event("".join(words))), file(event(DAY, "".join(words) + rest)), ("".join(words) + rest).encode()):
        rows = rows_or_fields(raw)
        if rows != ["file"]:
            assert all(bool(row.days) != bool(row.refused) for row in rows)
            assert len(check_special_days(days_in(rows))) == len(days_in(rows))


CLOCKS = st.integers(0, 1439).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")
WINDOWS = st.lists(CLOCKS, min_size=0, max_size=6, unique=True).map(lambda clocks: tuple(pairwise(sorted(clocks)))[::2])
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(
    days=st.dictionaries(st.dates(date(1971, 1, 1), date(2199, 12, 31)), st.tuples(NAMES, WINDOWS), min_size=1, max_size=8),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Kiritimati"]),
)  # fmt: skip
def test_what_was_exported_is_imported_as_it_was(days, zone):
    written = tuple(SpecialDay(day, *days[day]) for day in sorted(days))
    version = CalendarVersion(number=1, created_at=None, **Hours(zone, OFFICE_HOURS, written).columns())
    version.created_at = TODAY
    raw = write_ics(Calendar(slug="shop", name="Shop", current=version))
    assert days_in(read(raw, zone)) == list(written)
