"""When the talks of the demo company took place and come next."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from servicedesk.demo.talking import held_at

BERLIN = "Europe/Berlin"
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(moments, st.integers(0, 6), st.integers(0, 3))
def test_a_talk_was_held_on_the_weekday_and_at_the_hour_of_its_series_and_the_next_lies_ahead(now, weekday, weeks_ago):
    began = held_at(now, weeks_ago=weeks_ago, weekday=weekday, clock=time(10), zone=BERLIN)
    here = began.astimezone(ZoneInfo(BERLIN))

    assert (here.weekday(), here.time()) == (weekday, time(10))
    assert began + timedelta(hours=1) <= now - timedelta(weeks=weeks_ago) + timedelta(hours=1)  # winter time may begin
    assert now < began + timedelta(weeks=weeks_ago + 1, hours=2)
