from datetime import UTC, datetime

import pytest

from requests_app.imports.times import BadTime, time_reader


@pytest.mark.parametrize(
    ("formats", "zone", "text", "expected"),
    [
        (["iso"], "", "2010-03-31T16:59:42+02:00", datetime(2010, 3, 31, 14, 59, 42, tzinfo=UTC)),
        (["iso"], "", "2011-10-11 13:45:40.276000+02:00", datetime(2011, 10, 11, 11, 45, 40, 276000, tzinfo=UTC)),
        (["iso"], "", "2024-01-05T08:00:00Z", datetime(2024, 1, 5, 8, tzinfo=UTC)),
        (["iso"], "Europe/Berlin", "2024-07-05 08:00", datetime(2024, 7, 5, 6, tzinfo=UTC)),
        (["%d/%m/%Y %H:%M"], "Europe/Berlin", "29/2/2016 01:16", datetime(2016, 2, 29, 0, 16, tzinfo=UTC)),
        (["%m/%d/%Y %H:%M", "iso"], "UTC", "2024-07-05 08:00", datetime(2024, 7, 5, 8, tzinfo=UTC)),
        (["%d.%m.%Y %H:%M %z"], "", "05.07.2024 08:00 +0300", datetime(2024, 7, 5, 5, tzinfo=UTC)),
        (["epoch"], "", "1720166400", datetime(2024, 7, 5, 8, tzinfo=UTC)),
        (["epoch_ms"], "", "1720166400500", datetime(2024, 7, 5, 8, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_the_first_format_that_fits(formats, zone, text, expected):
    assert time_reader(formats, zone)(text) == expected


@pytest.mark.parametrize(("ambiguous", "hour"), [("first", 0), ("last", 1)])
def test_in_the_hour_that_comes_twice_the_mapping_chooses(ambiguous, hour):
    read = time_reader(["iso"], "Europe/Berlin", ambiguous)

    assert read("2024-10-27 02:30") == datetime(2024, 10, 27, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("formats", "zone", "text", "reason"),
    [
        (["iso"], "UTC", "yesterday", "“yesterday” is not a time written like iso"),
        (["%d/%m/%Y"], "UTC", "31/02/2024", "“31/02/2024” is not a time written like %d/%m/%Y"),
        (["iso", "epoch"], "UTC", "99999999999999999", "is not a time written like iso or epoch"),
        (["iso"], "", "2024-07-05 08:00", "has no offset, and the mapping names no zone"),
        (["iso"], "Asia/Shanghai", "0001-01-01 00:00", "lies outside the calendar"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_reason(formats, zone, text, reason):
    with pytest.raises(BadTime, match=reason):
        time_reader(formats, zone)(text)
