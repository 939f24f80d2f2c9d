"""Working time as a service: lists of questions about a calendar, answered in order or refused with the row."""

from datetime import datetime

import pytest

from requests_app.calendars.questions import MOST_ROWS

pytestmark = pytest.mark.django_db
WEEK = [[["09:00", "17:00"]]] * 5 + [[], []]
NIGHTS = [[["22:00", "06:00"]]] * 7
HOUR = 3600


@pytest.fixture
def ask(company, as_api):
    """ask(kind, rows, calendar="office", read_only=False) → the answer of the API."""
    admin = as_api(company.admin)
    days = [{"date": "2026-12-25", "name": "Christmas"}, {"date": "2026-12-26", "name": "Boxing Day"}]
    for slug, weekly, special in (("office", WEEK, days), ("nights", NIGHTS, []), ("never", [[]] * 7, [])):
        made = admin.post("/api/v1/calendars/", {"slug": slug, "name": slug.title(), "zone": "Europe/Berlin",
                                                 "weekly": weekly, "special_days": special})  # fmt: skip
        assert made.status_code == 201, made.data

    def of(kind, rows, calendar="office", *, read_only=False, **more):
        client = as_api(company.stranger, read_only=read_only)
        return client.post(f"/api/v1/calendars/{calendar}/working-time/", {kind: rows, **more})

    return of


@pytest.mark.parametrize(
    ("calendar", "start", "end", "minutes"),
    [
        ("office", "2026-03-27T16:00+01:00", "2026-03-30T10:00+02:00", 120),
        ("nights", "2026-03-28T12:00+01:00", "2026-03-29T12:00+02:00", 420),
        ("nights", "2026-10-24T12:00+02:00", "2026-10-25T12:00+01:00", 540),
        ("office", "2026-12-23T15:00+01:00", "2026-12-28T10:00+01:00", 660),
        ("never", "2026-12-23T15:00Z", "2026-12-28T10:00Z", 0),
    ],
)
def test_the_worked_examples_come_out_over_http(ask, calendar, start, end, minutes):
    answer = ask("between", [[start, end], [end, start]], calendar)
    assert (answer.status_code, answer.json()) == (200, [minutes * 60, -minutes * 60])


def test_seconds_are_added_up_to_closing_and_back(ask):
    rows = [
        ["2026-11-20T16:00+01:00", HOUR],
        ["2026-11-20T16:00+01:00", 2 * HOUR],
        ["2026-11-23T10:00+01:00", -2 * HOUR],
    ]
    found = [datetime.fromisoformat(text) for text in ask("add_seconds", rows).json()]
    assert found == [
        datetime.fromisoformat(text)
        for text in ("2026-11-20T17:00+01:00", "2026-11-23T10:00+01:00", "2026-11-20T16:00+01:00")
    ]


def test_days_are_added_by_their_own_rule(ask):
    rows = [["2026-11-20T09:35:56+01:00", 10], ["2026-11-20T22:04:09+01:00", 10], ["2026-12-24T10:00+01:00", 1]]
    found = [datetime.fromisoformat(text) for text in ask("add_days", rows).json()]
    assert found == [
        datetime.fromisoformat(text)
        for text in ("2026-12-04T09:35:56+01:00", "2026-12-07T08:30+01:00", "2026-12-28T10:00+01:00")
    ]


def test_days_are_added_by_the_rule_of_the_version_in_force(ask, company, as_api):
    rule = {"cutoff": "12:00", "restart": "07:15", "workdays": [0, 5], "holidays_off": False}
    as_api(company.admin).put("/api/v1/calendars/office/", {"day_rule": rule})

    rows = [["2026-11-21T11:59+01:00", 1], ["2026-11-21T12:00+01:00", 1], ["2026-12-24T10:00+01:00", 0]]
    found = [datetime.fromisoformat(text) for text in ask("add_days", rows).json()]
    assert found == [
        datetime.fromisoformat(text)
        for text in ("2026-11-23T11:59+01:00", "2026-11-28T07:15+01:00", "2026-12-26T10:00+01:00")
    ]


def test_asking_changes_nothing_so_a_reading_token_may_ask(ask):
    assert ask("between", [], read_only=True).json() == []


def test_ten_thousand_rows_are_answered_and_one_more_is_refused(ask):
    row = ["2026-01-05T09:00+01:00", "2026-12-31T09:00+01:00"]
    assert len(ask("between", [row] * MOST_ROWS).json()) == MOST_ROWS
    assert ask("between", [row] * (MOST_ROWS + 1)).status_code == 400


@pytest.mark.parametrize(
    ("kind", "row", "why"),
    [
        ("between", ["2026-11-20T16:00", "2026-11-20T17:00Z"], "Give the time with its offset, such as +01:00 or Z."),
        ("between", ["soon", "2026-11-20T17:00Z"], "Give a time such as 2026-11-24T09:00:00+01:00."),
        ("between", ["2026-11-20T17:00Z"], "Give two values."),
        ("between", "2026-11-20T17:00Z", "Give two values."),
        ("between", None, "Give two values."),
        ("between", [5, 6], "Give a time such as 2026-11-24T09:00:00+01:00."),
        (
            "between",
            ["0001-01-01T00:00Z", "2026-11-20T17:00Z"],
            "Working time is only known for the years 1900 to 2199.",
        ),
        ("add_seconds", ["2026-11-20T17:00Z", True], "Give a number of seconds, at most 3162240000."),
        ("add_seconds", ["2026-11-20T17:00Z", 1e300], "Give a number of seconds, at most 3162240000."),
        ("add_seconds", ["2026-11-20T17:00Z", "5"], "Give a number of seconds, at most 3162240000."),
        ("add_days", ["2026-11-20T17:00Z", 1.5], "Give a whole number of days from 0 to 10000."),
        ("add_days", ["2026-11-20T17:00Z", -1], "Give a whole number of days from 0 to 10000."),
    ],
)
def test_the_first_row_that_cannot_be_answered_is_named(ask, kind, row, why):
    good = ["2026-11-20T16:00Z", {"between": "2026-11-20T17:00Z"}.get(kind, 1)]
    answer = ask(kind, [good, row, row])
    assert (answer.status_code, answer.json()["errors"]) == (400, {kind: [f"Row 2: {why}"]})


@pytest.mark.parametrize(("kind", "other"), [("add_seconds", 60), ("add_days", 1)])
def test_a_calendar_that_never_opens_says_so(ask, kind, other):
    answer = ask(kind, [["2026-11-20T16:00Z", other]], "never")
    assert answer.status_code == 400
    assert answer.json()["errors"][kind][0].startswith("Row 1: The calendar has no working")


@pytest.mark.parametrize("more", [{"add_days": []}, {"surprise": 1}])
def test_one_kind_of_question_at_a_time(ask, more):
    assert ask("between", [], **more).status_code == 400
    assert ask("between", "rows").status_code == 400


def test_a_calendar_that_is_not_there_is_not_found(ask):
    assert ask("between", [], "atlantis").status_code == 404
