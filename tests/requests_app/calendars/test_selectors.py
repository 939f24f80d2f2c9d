from datetime import UTC, date, datetime, time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from requests_app.calendars.halfdays import every_year
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.selectors import (
    calendars_for,
    changes_by,
    current_version,
    day_rule_of,
    departments_using,
    get_calendar,
    open_days,
    upcoming_days,
    version_in_force,
    versions_of,
    worktime_of,
)
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.calendars.states import MOST_SPECIAL_DAYS, OFFICE_HOURS, ROUND_THE_CLOCK, SpecialDay
from requests_app.calendars.workdays import DayRule
from requests_app.org.models import Department

MAY_DAY = SpecialDay(date(2026, 5, 1), "May Day")
EVE = SpecialDay(date(2026, 12, 24), "Christmas Eve", (("09:00", "12:00"),))


def test_worktime_of_a_version_is_kept_and_asks_the_database_once(office, django_assert_num_queries):
    with django_assert_num_queries(1):
        first = worktime_of(office.current_id)
    with django_assert_num_queries(0):
        assert worktime_of(office.current_id) is first


def test_worktime_of_an_unknown_version_raises_and_is_not_kept(db):
    for _ in range(2):
        with pytest.raises(CalendarVersion.DoesNotExist):
            worktime_of(0)


def test_worktime_of_a_version_knows_its_special_days(admin, office):
    version = revise_calendar(by=admin, calendar=office, special_days=[EVE, MAY_DAY])
    worktime = worktime_of(version.pk)

    assert worktime.between(datetime(2026, 12, 24, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)) == 3 * 3_600
    assert worktime.between(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC)) == 0


def test_open_days_are_those_with_working_time_in_the_calendars_own_zone(admin, office):
    version = revise_calendar(by=admin, calendar=office, special_days=[EVE, MAY_DAY])

    found = open_days(version.pk, date(2026, 4, 30), date(2026, 5, 6))
    assert found == [date(2026, 4, 30), date(2026, 5, 4), date(2026, 5, 5)]
    assert open_days(version.pk, EVE.date, date(2026, 12, 25)) == [EVE.date]
    assert open_days(version.pk, EVE.date, EVE.date) == []


def test_day_rule_of_a_version_takes_its_weekdays_and_closed_days(admin, office):
    version = revise_calendar(by=admin, calendar=office, special_days=[EVE, MAY_DAY])

    assert day_rule_of(version.pk) == DayRule("Europe/Berlin", holidays=frozenset({MAY_DAY.date}))


def test_day_rule_of_a_version_is_that_of_its_own_terms_and_is_kept(admin, office, django_assert_num_queries):
    terms = {"cutoff": "24:00", "restart": "07:00", "workdays": [0, 5], "holidays_off": False}
    version = revise_calendar(by=admin, calendar=office, special_days=[MAY_DAY], day_rule=terms)

    with django_assert_num_queries(1):
        found = day_rule_of(version.pk)
    with django_assert_num_queries(0):
        assert day_rule_of(version.pk) is found
    assert found == DayRule("Europe/Berlin", workdays=frozenset({0, 5}), cutoff=None, restart=time(7))
    assert day_rule_of(office.versions.get(number=1).pk) == DayRule("Europe/Berlin")


def test_current_version_of_no_calendar_is_the_default(admin, office, django_assert_num_queries):
    default = create_calendar(by=admin, name="Company", zone="UTC", weekly=ROUND_THE_CLOCK, is_default=True)

    with django_assert_num_queries(2):
        assert current_version(None) == default.current
        assert current_version(office.pk) == office.current


def test_current_version_without_any_default_raises(office):
    with pytest.raises(CalendarVersion.DoesNotExist):
        current_version(None)


def test_version_in_force_before_all_time_raises(office):
    with pytest.raises(CalendarVersion.DoesNotExist):
        version_in_force(office.pk, datetime(1899, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("rows", [1, 3])
def test_calendars_for_a_person_are_all_by_name(admin, stranger, rows, django_assert_num_queries):
    for number in reversed(range(rows)):
        create_calendar(by=admin, name=f"Calendar {number}", zone="UTC", weekly=OFFICE_HOURS)

    with django_assert_num_queries(2):  # the hats of the person, the calendars with their versions
        found = [(calendar.name, calendar.current.zone) for calendar in calendars_for(stranger)]

    assert found == [(f"Calendar {number}", "UTC") for number in range(rows)]


def test_calendars_are_not_for_those_who_have_not_signed_in(office):
    assert list(calendars_for(AnonymousUser())) == []
    with pytest.raises(Http404):
        get_calendar(person=AnonymousUser(), slug=office.slug)


def test_get_calendar_finds_by_slug_or_not_at_all(stranger, office):
    assert get_calendar(person=stranger, slug="office-hours") == office
    with pytest.raises(Http404):
        get_calendar(person=stranger, slug="tea-time")


def test_versions_of_a_calendar_are_newest_first_with_their_authors(admin, office, django_assert_num_queries):
    revise_calendar(by=admin, calendar=office, weekly=ROUND_THE_CLOCK)

    with django_assert_num_queries(1):
        found = [(version.number, version.created_by.name) for version in versions_of(office)]

    assert found == [(2, "Ada"), (1, "Ada")]


def test_departments_using_a_calendar_are_those_that_chose_it_and_the_rest_for_the_default(
    office, department, stranger
):
    closed = Department.objects.create(slug="closed", name="Closed", is_active=False, calendar_id=office.pk)

    assert list(departments_using(office)) == [department]
    Calendar.objects.filter(pk=office.pk).update(is_default=True)
    office.refresh_from_db()
    assert [used.slug for used in departments_using(office)] == ["it", "sales"]
    assert closed not in departments_using(office)


def test_upcoming_days_begin_with_the_given_date(admin, office):
    version = revise_calendar(by=admin, calendar=office, special_days=[EVE, MAY_DAY])

    assert upcoming_days(version, since=date(2026, 5, 1)) == [MAY_DAY, EVE]
    assert upcoming_days(version, since=date(2026, 5, 2)) == [EVE]


def test_changes_by_days_tell_what_is_new_what_takes_another_s_place_and_what_is_there(admin, office):
    version = revise_calendar(by=admin, calendar=office, special_days=[EVE, MAY_DAY])
    shorter = SpecialDay(EVE.date, "Until ten", (("09:00", "10:00"),))
    party = SpecialDay(date(2026, 7, 1), "Party")

    changes = changes_by(version, [shorter, party, MAY_DAY])

    assert [(line.kind, line.day, line.known) for line in changes.lines] == [
        ("same", MAY_DAY, MAY_DAY),
        ("added", party, None),
        ("changed", shorter, EVE),
    ]
    assert (changes.days, changes.count("added"), changes.too_many) == ([party, shorter], 1, False)


def test_changes_by_shorter_days_leave_weekdays_off_alone(office):
    days = every_year(EVE, 3)  # a Thursday, a Friday, a Sunday

    found = [(line.kind, line.refused) for line in changes_by(office.current, days, shorter=True).lines]

    assert found == [("added", ""), ("added", ""), ("refused", "Sunday is a day off anyway.")]
    assert [line.kind for line in changes_by(office.current, days).lines] == ["added"] * 3


def test_changes_by_more_days_than_a_calendar_holds_say_so(admin, office):
    many = [SpecialDay(date.fromordinal(738_000 + n), f"Day {n}") for n in range(MOST_SPECIAL_DAYS)]
    version = revise_calendar(by=admin, calendar=office, special_days=many)

    assert changes_by(version, many).too_many is False
    assert changes_by(version, [SpecialDay(date(1950, 1, 1), "One more")]).too_many is True
