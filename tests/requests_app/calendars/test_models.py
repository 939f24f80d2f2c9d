import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.selectors import hours_of
from requests_app.calendars.states import OFFICE_HOURS, Hours

RULE = {"cutoff": "24:00", "restart": "00:00", "workdays": [0, 6], "holidays_off": False}
GOOD = Hours("UTC", OFFICE_HOURS).columns()


def append(calendar, **values):
    given = GOOD | {"number": 2, "effective_from": timezone.now()} | values
    with transaction.atomic():
        return CalendarVersion.objects.create(calendar=calendar, **given)


def test_the_database_takes_a_right_version(office):
    append(
        office,
        special_days=[{"date": "2026-12-24", "name": "Eve", "windows": [["22:00", "06:00"], ["00:00", "24:00"]]}],
        day_rule=RULE,
    )

    assert office.versions.count() == 2


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"number": 1}, "calendar_version_number_once"),
        ({"number": 0}, "calendar_versions_count_from_1"),
        ({"zone": ""}, "calendar_version_has_a_zone"),
        ({"content_hash": "x" * 64}, "calendar_version_is_hashed"),
        ({"weekly": {}}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": "no"}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": [[]] * 6}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": [[]] * 6 + ["09:00"]}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": [[]] * 6 + [["09:00", "17:00"]]}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": [[]] * 6 + [[["09:00"]]]}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": [[]] * 6 + [[["09:00", 17]]]}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": [[]] * 6 + [[["9:00", "17:00"]]]}, "calendar_week_is_seven_days_of_windows"),
        ({"weekly": [[]] * 6 + [[["09:00", "24:01"]]]}, "calendar_week_is_seven_days_of_windows"),
        ({"special_days": {}}, "calendar_special_days_are_dated_windows"),
        ({"special_days": ["2026-01-01"]}, "calendar_special_days_are_dated_windows"),
        ({"special_days": [{"windows": []}]}, "calendar_special_days_are_dated_windows"),
        ({"special_days": [{"date": "2026-01-01"}]}, "calendar_special_days_are_dated_windows"),
        ({"special_days": [{"date": "1.1.2026", "windows": []}]}, "calendar_special_days_are_dated_windows"),
        ({"special_days": [{"date": 20260101, "windows": []}]}, "calendar_special_days_are_dated_windows"),
        ({"special_days": [{"date": "2026-01-01", "windows": None}]}, "calendar_special_days_are_dated_windows"),
        (
            {"special_days": [{"date": "2026-01-01", "windows": [["9", "x"]]}]},
            "calendar_special_days_are_dated_windows",
        ),
        *(
            ({"day_rule": rule}, "calendar_day_rule_is_complete")
            for rule in (
                [],
                {},
                RULE | {"cutoff": "17"},
                RULE | {"cutoff": None},
                RULE | {"restart": "24:00"},
                RULE | {"cutoff": "08:30", "restart": "08:30"},
                RULE | {"workdays": []},
                RULE | {"workdays": "0"},
                RULE | {"workdays": [0, 7]},
                RULE | {"workdays": ["0"]},
                RULE | {"workdays": [1.5]},
                RULE | {"holidays_off": "yes"},
                {name: value for name, value in RULE.items() if name != "workdays"},
            )
        ),
    ],
)
def test_the_database_refuses_a_wrong_version(office, values, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        append(office, **values)


def test_the_database_refuses_two_versions_from_the_same_instant(office):
    with pytest.raises(IntegrityError, match="one_calendar_version_at_a_time"):
        append(office, effective_from=office.current.effective_from)


@pytest.mark.parametrize("values", [{"name": ""}, {"slug": ""}])
def test_the_database_refuses_a_calendar_without_name_or_slug(office, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Calendar.objects.filter(pk=office.pk).update(**values)


def test_the_database_refuses_a_second_default(office):
    Calendar.objects.filter(pk=office.pk).update(is_default=True)

    with pytest.raises(IntegrityError, match="one_default_calendar"), transaction.atomic():
        Calendar.objects.create(slug="b", name="B", is_default=True)


@pytest.mark.parametrize(
    "statement", ["UPDATE calendars_calendarversion SET zone = 'UTC'", "DELETE FROM calendars_calendarversion"]
)
def test_the_database_refuses_to_change_or_delete_a_version(office, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert CalendarVersion.objects.get(calendar=office).zone == "Europe/Berlin"


def test_a_version_written_by_code_that_knows_no_rule_gets_the_usual_one(office):
    columns = {name: value for name, value in GOOD.items() if name != "day_rule"}
    with transaction.atomic():
        made = CalendarVersion.objects.create(calendar=office, number=2, effective_from=timezone.now(), **columns)
    made.refresh_from_db()

    assert hours_of(made) == Hours("UTC", OFFICE_HOURS)
    assert made.content_hash == hours_of(made).columns()["content_hash"]


def test_names_say_what_a_row_is(office):
    assert str(office) == "Office hours"
    assert str(office.current) == f"calendar {office.pk} version 1"
