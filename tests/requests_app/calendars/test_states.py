from datetime import date
from itertools import pairwise

import pytest

from requests_app.calendars.states import (
    MOST_SPECIAL_DAYS,
    OFFICE_HOURS,
    ROUND_THE_CLOCK,
    DayTerms,
    Hours,
    SpecialDay,
    check_special_days,
    check_week,
    check_windows,
    check_zone,
    parse_week,
    parse_windows,
    write_windows,
    zones,
)
from requests_app.kernel.errors import WrongInput

CHRISTMAS = SpecialDay(date(2026, 12, 25), "Christmas Day")
EVE = SpecialDay(date(2026, 12, 24), "Christmas Eve", (("09:00", "12:00"),))


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("09:00-12:30, 13:00-17:00", (("09:00", "12:30"), ("13:00", "17:00"))),
        ("13:00-17:00;9-12.30", (("09:00", "12:30"), ("13:00", "17:00"))),
        ("9 \u2013 17", (("09:00", "17:00"),)),
        ("08:00\u201412:00\n13:00-18:00", (("08:00", "12:00"), ("13:00", "18:00"))),
        ("22:00-06:00", (("22:00", "06:00"),)),
        ("00:00-24:00", (("00:00", "24:00"),)),
        ("06:00-10:00, 22:00-02:00", (("06:00", "10:00"), ("22:00", "02:00"))),
        ("09:00-12:00, 12:00-13:00", (("09:00", "12:00"), ("12:00", "13:00"))),
        ("", ()),
        (" Closed ", ()),
        ("-", ()),
    ],
)
def test_parse_windows_reads_hours_as_people_write_them(text, windows):
    assert parse_windows(text) == windows


@pytest.mark.parametrize("text", ["09:00-12:30, 13:00-17:00", "22:00-06:00", "00:00-24:00", ""])
def test_write_windows_is_read_back_as_the_same(text):
    assert write_windows(parse_windows(text)) == text


@pytest.mark.parametrize(
    "text",
    ["9", "09:00-25:00", "09:60-10:00", "24:00-06:00", "24:01-06:00", "nine to five", "09:00-", "1-2-3", "0900-1700"],
)
def test_parse_windows_says_what_to_write_instead(text):
    with pytest.raises(ValueError, match=text[:5]) as refusal:
        parse_windows(text)

    assert str(refusal.value) == (
        f"“{text}” is not an interval. Write it like 09:00-17:00, several like 09:00-12:30, 13:00-17:00."
    )


@pytest.mark.parametrize("text", ["09:00-12:00, 11:00-13:00", "22:00-06:00, 23:00-23:30", "00:00-00:00, 09:00-10:00"])
def test_parse_windows_refuses_intervals_that_overlap(text):
    one, other = text.split(", ")

    with pytest.raises(ValueError, match=text[:5]) as refusal:
        parse_windows(text)

    assert str(refusal.value) == f"{one} and {other} overlap. Join them to one interval, or move one of them."


@pytest.mark.parametrize("windows", ["09:00-17:00", None, 5, {"a": "b"}, [("09:00", "17:00")] * 13])
def test_check_windows_refuses_what_is_no_list_of_a_few_intervals(windows):
    with pytest.raises(ValueError, match="at most 12 intervals"):
        check_windows(windows)


@pytest.mark.parametrize("window", ["0917", ["09:00"], [9, 17], ["09:00", None], {"open": "09:00"}, None])
def test_check_windows_refuses_what_is_no_interval(window):
    with pytest.raises(ValueError, match="is not an interval"):
        check_windows([window])


def test_parse_week_reads_seven_texts_and_takes_a_missing_day_for_closed():
    texts = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], "9-17")

    assert parse_week(texts) == OFFICE_HOURS


def test_parse_week_names_every_day_that_cannot_be_read():
    with pytest.raises(WrongInput) as refusal:
        parse_week({"monday": "9-17", "tuesday": "x", "sunday": "8-12, 9-10"})

    assert refusal.value.errors == {
        "tuesday": [
            "Tuesday: “x” is not an interval. Write it like 09:00-17:00, several like 09:00-12:30, 13:00-17:00."
        ],
        "sunday": ["Sunday: 08:00-12:00 and 09:00-10:00 overlap. Join them to one interval, or move one of them."],
    }


def test_check_week_takes_the_lists_of_the_api():
    assert check_week([[["09:00", "17:00"]]] * 5 + [[], []]) == OFFICE_HOURS


@pytest.mark.parametrize("weekly", [None, "monday", [], [[]] * 6, [[]] * 8, {}])
def test_check_week_wants_seven_days(weekly):
    with pytest.raises(WrongInput) as refusal:
        check_week(weekly)

    assert refusal.value.errors == {
        "weekly": ["Give seven lists of intervals, Monday first; an empty list is a day off."]
    }


def test_check_special_days_takes_both_forms_and_puts_them_in_order():
    given = [CHRISTMAS, {"date": "2026-12-24", "name": " Christmas Eve ", "windows": [["9:00", "12:00"]]}]

    assert check_special_days(given) == (EVE, CHRISTMAS)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ({"date": "24.12.2026", "name": "x"}, "24.12.2026: This is not a date. Write it like 2026-12-24."),
        ({"name": "x"}, "None: This is not a date. Write it like 2026-12-24."),
        ({"date": "2200-01-01", "name": "x"}, "2200-01-01: Choose a year from 1900 to 2199."),
        ({"date": "2026-01-01", "name": " "}, "2026-01-01: This is needed. Write a few words."),
        (
            {"date": "2026-01-01", "name": "a\x00"},
            "2026-01-01: This holds characters that cannot be stored. Remove them.",
        ),
        (
            {"date": "2026-01-01", "name": "x", "windows": [["9", "x"]]},
            "2026-01-01: “9-x” is not an interval. Write it like 09:00-17:00, several like 09:00-12:30, 13:00-17:00.",
        ),
        ("2026-01-01", "?: Give date, name and windows."),
    ],
)
def test_check_special_days_names_the_day_and_the_remedy(day, sentence):
    with pytest.raises(WrongInput) as refusal:
        check_special_days([day])

    assert refusal.value.errors == {"special_days": [sentence]}


def test_check_special_days_refuses_a_date_twice():
    with pytest.raises(WrongInput) as refusal:
        check_special_days([CHRISTMAS, SpecialDay(date(2026, 12, 25), "Party", (("20:00", "02:00"),))])

    assert refusal.value.errors == {"special_days": ["2026-12-25: This date is there twice. Remove one of the two."]}


@pytest.mark.parametrize("days", [None, {}, "x", [CHRISTMAS] * (MOST_SPECIAL_DAYS + 1)])
def test_check_special_days_wants_a_list_of_bearable_length(days):
    with pytest.raises(WrongInput) as refusal:
        check_special_days(days)

    assert refusal.value.errors == {"special_days": ["Give a list of at most 1000 days."]}


def test_check_zone_takes_places_and_refuses_the_rest():
    assert check_zone("Europe/Berlin") == "Europe/Berlin"
    for wrong in ("", "Europe/Atlantis", "../../etc/passwd", None, ["UTC"], "CET"):
        with pytest.raises(WrongInput) as refusal:
            check_zone(wrong)
        assert list(refusal.value.errors) == ["zone"]


def test_zones_are_in_order_and_hold_no_leftovers():
    assert all(one < other for one, other in pairwise(zones()))
    assert {"UTC", "Asia/Shanghai", "America/Sao_Paulo"} <= set(zones())
    assert not {"localtime", "Factory", "posixrules"} & set(zones())


def test_hours_survive_their_columns():
    hours = Hours("Europe/Berlin", OFFICE_HOURS, (EVE, CHRISTMAS), DayTerms("16:00", "08:00", (0, 5), False))
    columns = hours.columns()
    content_hash = columns.pop("content_hash")

    assert Hours.of(**columns) == hours
    assert len(content_hash) == 64


def test_the_hash_changes_with_every_part_of_the_hours():
    different = [
        Hours("Europe/Berlin", OFFICE_HOURS),
        Hours("Europe/Paris", OFFICE_HOURS),
        Hours("Europe/Berlin", ROUND_THE_CLOCK),
        Hours("Europe/Berlin", OFFICE_HOURS, (EVE,)),
        Hours("Europe/Berlin", OFFICE_HOURS, (SpecialDay(EVE.date, "Other name", EVE.windows),)),
        Hours("Europe/Berlin", OFFICE_HOURS, (), DayTerms(cutoff="16:00")),
        Hours("Europe/Berlin", OFFICE_HOURS, (), DayTerms(restart="09:00")),
        Hours("Europe/Berlin", OFFICE_HOURS, (), DayTerms(workdays=(0,))),
        Hours("Europe/Berlin", OFFICE_HOURS, (), DayTerms(holidays_off=False)),
    ]

    assert len({hours.columns()["content_hash"] for hours in different}) == len(different)


def test_the_schedule_of_hours_has_windows_by_weekday_and_days_by_date():
    schedule = Hours("Europe/Berlin", ((("08:00", "12:00"),),) + ((),) * 6, (EVE, CHRISTMAS)).schedule()

    assert schedule.zone == "Europe/Berlin"
    assert schedule.weekly == ((0, "08:00", "12:00"),)
    assert schedule.exceptions == {date(2026, 12, 24): (("09:00", "12:00"),), date(2026, 12, 25): ()}


def test_the_lines_of_hours_name_every_fact():
    lines = Hours("UTC", OFFICE_HOURS, (EVE, CHRISTMAS)).lines()

    assert lines == {
        "zone": "UTC",
        **dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], "09:00-17:00"),
        "saturday": "closed",
        "sunday": "closed",
        "cutoff": "17:00",
        "restart": "08:30",
        "workdays": "the weekdays with hours",
        "holidays_off": True,
        "2026-12-24": "Christmas Eve, 09:00-12:00",
        "2026-12-25": "Christmas Day, closed",
    }
