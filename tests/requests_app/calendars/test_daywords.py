"""The rule for working days in words, and its examples."""

from datetime import UTC, datetime

import pytest

from requests_app.calendars.daywords import Example, examples, rule_in_words, weekdays_in_words
from requests_app.calendars.states import NEVER, OFFICE_HOURS, DayTerms, Hours

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def example(start: str, due: str) -> Example:
    return Example(datetime.fromisoformat(start), datetime.fromisoformat(due))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], ""),
        ([3], "Thursday"),
        ([5, 6], "Saturday, Sunday"),
        ([4, 3, 2, 1, 0], "Monday – Friday"),
        ([0, 1, 2, 4, 6], "Monday – Wednesday, Friday, Sunday"),
        (range(7), "Monday – Sunday"),
    ],
)
def test_weekdays_in_a_row_are_told_as_a_span(days, words):
    assert weekdays_in_words(days) == words


def test_the_usual_rule_is_told_by_the_week_that_has_hours():
    assert rule_in_words(Hours("UTC", OFFICE_HOURS)) == [
        "Working days: Monday – Friday.",
        "What comes at 17:00 or later counts as if it came on the next working day at 08:30.",
        "Days that are closed do not count.",
    ]


def test_a_rule_without_days_cutoff_and_holidays_says_so():
    hours = Hours("UTC", ((),) * 7, (), DayTerms(cutoff=NEVER, holidays_off=False))
    assert rule_in_words(hours) == [
        "No weekday counts, so nothing can be due.",
        "However late something comes, it counts as that day's.",
        "Days that are closed count like others.",
    ]
    assert examples(hours, FRIDAY) == []


def test_the_examples_stand_on_either_side_of_the_cutoff_on_the_calendar_s_wall():
    assert examples(Hours("Asia/Tokyo", OFFICE_HOURS), FRIDAY) == [
        example("2026-11-24 16:59", "2026-11-27 16:59"),
        example("2026-11-24 17:00", "2026-11-30 08:30"),
    ]


def test_without_a_cutoff_one_example_is_enough():
    hours = Hours("UTC", OFFICE_HOURS, (), DayTerms(cutoff=NEVER))
    assert examples(hours, FRIDAY) == [example("2026-11-23 12:00", "2026-11-26 12:00")]
