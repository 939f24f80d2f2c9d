"""How people write a time that is promised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.agreements.states import Days, parse_target, parse_worktime, write_target, write_worktime


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4 h", 14_400),
        ("4h", 14_400),
        (" 90 min ", 5_400),
        ("2 h 30 min", 9_000),
        ("2h30", 9_000),
        ("2:30", 9_000),
        ("1.5 h", 5_400),
        ("1,5 hours", 5_400),
        ("1 h 5 min 30 s", 3_930),
        ("45 Minutes", 2_700),
        ("4 h.", 14_400),
        ("2 ч 30 мин", 9_000),
        ("2小时30分钟", 9_000),
        ("0 h", 0),
        ("", None),
        ("  ", None),
    ],
)
def test_a_time_is_understood_however_people_write_it(text, seconds):
    assert parse_worktime(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "90",
        "h",
        "4 5",
        "4 h 5 h",
        "30 min 2 h",
        "2 h 30 min 15",
        "-4 h",
        "4 miles",
        "four hours",
        "²h",
        "9" * 41,
        "1 h\x00",
    ],
)
def test_what_is_no_time_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="Write it like 4 h, 90 min or 2 h 30 min"):
        parse_worktime(text)


@pytest.mark.parametrize(
    ("text", "days"), [("2 d", 2), ("1 day", 1), (" 10 days ", 10), ("2 дня", 2), ("3 天", 3), ("5 d.", 5)]
)
def test_working_days_are_another_kind_of_target(text, days):
    assert parse_target(text) == Days(days)
    assert parse_target(write_target(Days(days))) == Days(days)


@pytest.mark.parametrize("text", ["1 d 4 h", "2 h 1 d", "1 week", "0.5 d", "1000 d"])
def test_days_and_hours_are_never_mixed(text):
    with pytest.raises(ValueError, match=r"not both|is not a time"):
        parse_target(text)


def test_no_days_are_no_target():
    assert (parse_target("0 d"), parse_target("")) == (None, None)


def test_a_time_is_read_as_before():
    assert [parse_target(text) for text in ("4 h", "90 min", "2:30")] == [14_400, 5_400, 9_000]


@given(st.integers(1, 365 * 24 * 3600))
def test_what_is_written_reads_back_as_the_same(seconds):
    assert parse_worktime(write_worktime(seconds)) == seconds


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_refused(text):
    try:
        found = parse_worktime(text)
    except ValueError:
        return
    assert found is None or found >= 0
