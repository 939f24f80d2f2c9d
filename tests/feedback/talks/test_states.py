"""When the next talk of a series is."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.talks.states import next_start

BERLIN = ZoneInfo("Europe/Berlin")
TEN = {"weekday": 1, "clock": time(10), "zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("after", "last", "weeks", "expected"),
    [
        ("2026-11-24 09:59", None, 1, "2026-11-24 10:00"),  # a Tuesday, just before ten
        ("2026-11-24 10:00", None, 1, "2026-12-01 10:00"),
        ("2026-11-26 12:00", None, 3, "2026-12-01 10:00"),
        ("2026-11-24 10:30", "2026-11-24 10:00", 2, "2026-12-08 10:00"),
        ("2026-11-27 15:00", "2026-11-27 14:00", 1, "2026-12-01 10:00"),  # put off to the Friday, the week stays
        ("2026-12-20 00:00", "2026-11-24 10:00", 2, "2026-12-22 10:00"),  # two were left out
        ("2026-10-20 10:30", "2026-10-20 10:00", 1, "2026-10-27 10:00"),  # over the end of summer time
    ],
)
def test_the_next_talk_keeps_weekday_and_wall_time(after, last, weeks, expected):
    there = lambda text: datetime.fromisoformat(text).replace(tzinfo=BERLIN) if text else None  # noqa: E731
    found = next_start(there(after), every_weeks=weeks, last=there(last), **TEN)
    assert (found, found.astimezone(BERLIN).strftime("%H:%M")) == (there(expected), "10:00")


@given(
    after=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - given its zone below
    back=st.integers(0, 400), weeks=st.integers(1, 26), weekday=st.integers(0, 6),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/New_York", "UTC"]),
)  # fmt: skip
def test_it_is_later_on_the_weekday_and_within_one_rhythm(after, back, weeks, weekday, zone):
    after = after.replace(tzinfo=UTC)
    last = after - timedelta(days=back)
    found = next_start(after, weekday=weekday, clock=time(10), zone=zone, every_weeks=weeks, last=last)
    assert after < found <= after + timedelta(weeks=2 * weeks, hours=1)
    assert found.astimezone(ZoneInfo(zone)).weekday() == weekday
