"""Numbers, durations and instants as people read them."""

import zoneinfo
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from requests_app.kernel import formats

NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)  # Tue 24 Nov 2026, 10:40 in Berlin


@pytest.fixture(autouse=True)
def _berlin():
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")), translation.override("en"):
        yield


def plain(text: str) -> str:
    """With ordinary spaces, so that the cases below stay readable."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [
        (1148, 0, False, "1,148"),
        (0, 0, True, "0"), (31, 0, True, "+31"), (-12, 0, True, "−12"), (-12, 0, False, "−12"),
        (4.4118, 2, False, "4.41"), (Decimal("4380"), 2, False, "4,380.00"), (-0.4, 0, False, "0"),
    ],
)  # fmt: skip
def test_number_has_thousands_and_a_true_minus(value, digits, signed, text):
    assert formats.number(value, digits, signed=signed) == text


@pytest.mark.parametrize(
    ("language", "number", "share"),
    [("en", "12,345.6", "91.4 %"), ("ru", "12 345,6", "91,4 %"), ("zh-hans", "12,345.6", "91.4%")],
)
def test_numbers_and_shares_follow_the_language(language, number, share):
    with translation.override(language):
        assert plain(formats.number(12345.6, 1)) == number
        assert plain(formats.percent(0.914)) == share


def test_a_share_and_its_unit_never_part_at_the_end_of_a_line():
    assert formats.percent(0.914) == "91.4\u00a0%"
    assert formats.worktime(12_000) == "3\u00a0h\u00a020\u00a0min"


@pytest.mark.parametrize(
    ("seconds", "long", "short"),
    [
        (0, "0 min", "0 min"), (0.4, "0 min", "0 min"), (45, "45 s", "45 s"), (59.6, "1 min", "1 min"),
        (60, "1 min", "1 min"), (1500, "25 min", "25 min"),
        (3600, "1 h", "1 h"), (11_100, "3 h 05 min", "3 h 05"), (12_000, "3 h 20 min", "3 h 20"), (3599, "1 h", "1 h"),
        (57_600, "16 h", "16 h"), (359_000, "99 h 43 min", "99 h 43"), (360_000, "100 h", "100 h"),
        (5_400_000, "1,500 h", "1,500 h"), (-4800, "−1 h 20 min", "−1 h 20"),
    ],
)  # fmt: skip
def test_worktime_is_in_hours_and_minutes_never_in_days(seconds, long, short):
    assert plain(formats.worktime(seconds)) == long
    assert plain(formats.worktime(seconds, short=True)) == short


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1500, "25 min"), (100_000, "27 h 47 min"), (172_800, "2 d"), (183_600, "2 d 3 h"), (1_209_599, "14 d"),
        (1_382_400, "16 d"), (-183_600, "−2 d 3 h"),
    ],
)  # fmt: skip
def test_caltime_counts_days_from_two_on(seconds, text):
    assert plain(formats.caltime(seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 min"), (59, "0 min"), (1500, "25 min"), (7200, "2 h"), (172_800, "2 d"), (1_036_800, "12 d")],
)
def test_age_has_one_unit(seconds, text):
    assert plain(formats.age(seconds)) == text


@pytest.mark.parametrize(
    ("style", "at", "text"),
    [
        ("near", datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "today 14:00"),
        ("near", datetime(2026, 11, 25, 10, 0, tzinfo=UTC), "tomorrow 11:00"),
        ("near", datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "yesterday 23:30"),
        ("near", datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "today 00:30"),
        ("near", datetime(2026, 11, 26, 14, 30, tzinfo=UTC), "Thu 15:30"),
        ("near", datetime(2026, 11, 19, 8, 10, tzinfo=UTC), "Thu 09:10"),
        ("near", datetime(2026, 11, 17, 8, 10, tzinfo=UTC), "Tue 17 Nov 09:10"),
        ("near", datetime(2025, 11, 17, 8, 10, tzinfo=UTC), "17 Nov 2025"),
        ("day", datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "today"),
        ("day", datetime(2026, 12, 5, 13, 0, tzinfo=UTC), "Sat 5 Dec"),
        ("exact", datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "Tue 24 Nov 10:00"),
        ("exact", datetime(2025, 7, 1, 9, 0, tzinfo=UTC), "1 Jul 2025 11:00"),
        ("date", datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "24 Nov 2026"),
        ("time", datetime(2026, 11, 24, 9, 5, tzinfo=UTC), "10:05"),
        ("ago", datetime(2026, 11, 24, 9, 39, 30, tzinfo=UTC), "just now"),
        ("ago", datetime(2026, 11, 24, 9, 15, tzinfo=UTC), "25 min ago"),
        ("ago", datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "in 20 min"),
        ("ago", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "Sun"),
    ],
)
def test_moment_is_told_from_the_readers_day(style, at, text):
    assert plain(formats.moment(at, style=style, now=NOW).text) == text


def test_a_moment_around_new_year_keeps_its_weekday():
    now = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    assert formats.moment(datetime(2027, 1, 2, 8, 0, tzinfo=UTC), now=now).text == "Sat 09:00"


@pytest.mark.parametrize(
    ("language", "near", "exact"),
    [
        ("en", "Tue 17 Nov 09:10", "Tuesday 17 November 2026, 09:10 CET"),
        ("ru", "вт 17 нояб. 09:10", "вторник, 17 ноября 2026, 09:10 CET"),
        ("zh-hans", "11月17日周二 09:10", "2026年11月17日星期二 09:10 CET"),
    ],
)
def test_a_moment_follows_the_language_and_names_the_zone(language, near, exact):
    with translation.override(language):
        shown = formats.moment(datetime(2026, 11, 17, 8, 10, tzinfo=UTC), now=NOW)
        assert (plain(shown.text), plain(shown.exact)) == (near, exact)


def test_money_size_and_points():
    assert plain(formats.money(Decimal("4380"), "EUR")) == "4,380.00 EUR"
    assert [plain(formats.size(count)) for count in (999, 184_000, 2_400_000)] == ["999 B", "184 kB", "2.4 MB"]
    assert [plain(formats.points(change)) for change in (0.021, -0.009, 0)] == [
        "+2.1 points",
        "−0.9 points",
        "0.0 points",
    ]


def test_days_have_a_plural():
    assert [plain(formats.days(count)) for count in (1, 12)] == ["1 day", "12 days"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "19 Nov 2026"), ("ru", "19 нояб. 2026"), ("zh-hans", "2026年11月19日")]
)
def test_a_day_of_the_calendar_is_written_as_the_language_writes_it(language, words):
    with translation.override(language):
        assert formats.day(date(2026, 11, 19)) == words
