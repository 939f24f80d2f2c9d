import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.selectors import current_version, hours_of, version_in_force, worktime_of
from requests_app.calendars.services import (
    add_special_days,
    change_calendar,
    create_calendar,
    revise_calendar,
    seed_holidays,
)
from requests_app.calendars.states import ALWAYS, OFFICE_HOURS, ROUND_THE_CLOCK, SpecialDay
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, StaleVersion, WrongInput
from requests_app.org.models import Department

HOUR = 3_600
EVE = SpecialDay(date(2026, 12, 24), "Christmas Eve", (("09:00", "12:00"),))


def changes(calendar: Calendar) -> list[dict]:
    found = Event.objects.filter(kind="config.changed", subject_kind="calendar", subject_id=calendar.pk)
    return [event.data for event in found.order_by("pk")]


# --- create -----------------------------------------------------------------------------------------------------


def test_create_calendar_makes_the_first_version_that_also_holds_for_the_past(admin):
    calendar = create_calendar(by=admin, name=" Night shift ", zone="UTC", weekly=[[["22:00", "06:00"]]] * 7)

    version = CalendarVersion.objects.get(calendar=calendar)
    assert (calendar.slug, calendar.name, calendar.current) == ("night-shift", "Night shift", version)
    assert (version.number, version.effective_from, version.created_by) == (1, ALWAYS, admin)
    assert version.weekly == [[["22:00", "06:00"]]] * 7
    assert version.special_days == []


def test_create_calendar_records_what_was_made(admin):
    calendar = create_calendar(by=admin, name="Hours", zone="UTC", weekly=OFFICE_HOURS, special_days=[EVE])

    event = Event.objects.get(subject_kind="calendar", subject_id=calendar.pk)
    assert (event.kind, event.actor_id) == ("config.changed", admin.pk)
    assert event.data["before"]["monday"] is None
    assert event.data["after"]["monday"] == "09:00-17:00"
    assert event.data["after"]["2026-12-24"] == "Christmas Eve, 09:00-12:00"
    assert event.data["after"]["name"] == "Hours"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "!!!"}, "slug"),
        ({"slug": "office-hours"}, "slug"),
        ({"slug": "Office Hours"}, "slug"),
        ({"slug": "o" * 61}, "slug"),
        ({"country": "Germany"}, "country"),
        ({"country": "DE", "region": "AK"}, "region"),
        ({"region": "BY"}, "region"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"weekly": [[["9", "x"]]] + [[]] * 6}, "monday"),
        ({"special_days": [{"date": "soon", "name": "x"}]}, "special_days"),
        ({"day_rule": {"cutoff": "5 pm"}}, "cutoff"),
        ({"day_rule": {"restart": "24:00"}}, "restart"),
        ({"day_rule": {"restart": "17:00"}}, "restart"),
        ({"day_rule": {"workdays": [7]}}, "workdays"),
        ({"day_rule": {"holidays_off": "no"}}, "holidays_off"),
        ({"day_rule": {"holidays": True}}, "day_rule"),
    ],
)
def test_create_calendar_names_the_wrong_field_and_makes_nothing(admin, office, values, field):
    given = {"name": "Other", "zone": "UTC", "weekly": OFFICE_HOURS} | values

    with pytest.raises(WrongInput) as refusal:
        create_calendar(by=admin, **given)

    assert list(refusal.value.errors) == [field]
    assert list(Calendar.objects.all()) == [office]


def test_create_calendar_is_for_admins(head, office):
    with pytest.raises(NotAllowed):
        create_calendar(by=head, name="Mine", zone="UTC", weekly=OFFICE_HOURS)

    assert list(Calendar.objects.all()) == [office]


def test_create_calendar_as_the_default_takes_that_from_the_other(admin):
    first = create_calendar(by=admin, name="First", zone="UTC", weekly=OFFICE_HOURS, is_default=True)
    second = create_calendar(by=admin, name="Second", zone="UTC", weekly=OFFICE_HOURS, is_default=True)

    assert current_version(None) == second.current
    first.refresh_from_db()
    assert first.is_default is False


# --- revise -----------------------------------------------------------------------------------------------------


def test_revise_calendar_appends_a_version_in_force_from_now_and_keeps_the_past(admin, office):
    before = timezone.now()
    old = office.current

    new = revise_calendar(by=admin, calendar=office, weekly=ROUND_THE_CLOCK, reason=" Moved to shifts ")

    assert (new.number, new.reason, new.created_by) == (2, "Moved to shifts", admin)
    assert before <= new.effective_from <= timezone.now()
    assert current_version(office.pk) == new
    assert version_in_force(office.pk, before) == old
    assert version_in_force(office.pk, datetime(2012, 1, 1, tzinfo=UTC)) == old
    assert version_in_force(office.pk, timezone.now()) == new
    assert hours_of(CalendarVersion.objects.get(pk=old.pk)).week == OFFICE_HOURS


def test_a_version_in_use_counts_as_before_after_the_zone_and_the_hours_have_changed(admin, office):
    start, stop = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC)
    old = office.current

    new = revise_calendar(by=admin, calendar=office, zone="America/New_York", weekly=[[["10:00", "14:00"]]] * 7)

    assert worktime_of(old.pk).between(start, stop) == 8 * HOUR
    assert worktime_of(new.pk).between(start, stop) == 4 * HOUR
    assert worktime_of(new.pk).add(start, HOUR) == datetime(2026, 3, 2, 16, tzinfo=UTC)


def test_revise_calendar_keeps_what_is_not_given(admin, office):
    revise_calendar(by=admin, calendar=office, special_days=[EVE])
    new = revise_calendar(by=admin, calendar=office, zone="Europe/Paris")

    assert (new.number, new.zone, hours_of(new).week, hours_of(new).special_days) == (
        3,
        "Europe/Paris",
        OFFICE_HOURS,
        (EVE,),
    )


def test_revise_calendar_records_only_what_differs(admin, office):
    revise_calendar(by=admin, calendar=office, zone="Europe/Paris", special_days=[EVE], reason="Head office moves")
    revise_calendar(by=admin, calendar=office, special_days=[])

    assert changes(office)[1:] == [
        {
            "what": "calendar",
            "before": {"version": 1, "zone": "Europe/Berlin", "2026-12-24": None},
            "after": {"version": 2, "zone": "Europe/Paris", "2026-12-24": "Christmas Eve, 09:00-12:00"},
            "reason": "Head office moves",
        },
        {
            "what": "calendar",
            "before": {"version": 2, "2026-12-24": "Christmas Eve, 09:00-12:00"},
            "after": {"version": 3, "2026-12-24": None},
            "reason": "",
        },
    ]


def test_revise_calendar_changes_the_rule_for_working_days_term_by_term_and_records_it(admin, office):
    new = revise_calendar(by=admin, calendar=office, day_rule={"cutoff": "16:00", "workdays": [4, 0]})
    kept = revise_calendar(by=admin, calendar=office, zone="Europe/Paris")

    assert new.day_rule == {"cutoff": "16:00", "restart": "08:30", "workdays": [0, 4], "holidays_off": True}
    assert (kept.number, kept.day_rule) == (3, new.day_rule)
    assert changes(office)[1] == {
        "what": "calendar",
        "before": {"version": 1, "cutoff": "17:00", "workdays": "the weekdays with hours"},
        "after": {"version": 2, "cutoff": "16:00", "workdays": "Monday, Friday"},
        "reason": "",
    }
    assert revise_calendar(by=admin, calendar=office, day_rule={"workdays": [0, 4, 4]}) == kept


def test_revise_calendar_to_the_same_hours_changes_and_records_nothing(admin, office):
    recorded = changes(office)

    assert revise_calendar(by=admin, calendar=office, zone="Europe/Berlin", weekly=OFFICE_HOURS) == office.current
    assert office.versions.count() == 1
    assert changes(office) == recorded


def test_revise_calendar_on_an_old_version_is_refused(admin, office):
    revise_calendar(by=admin, calendar=office, weekly=ROUND_THE_CLOCK, based_on=1)

    with pytest.raises(StaleVersion):
        revise_calendar(by=admin, calendar=office, special_days=[EVE], based_on=1)

    assert office.versions.count() == 2


def test_revise_calendar_is_for_admins_and_the_heads_of_departments_that_use_it(head, stranger, office):
    revise_calendar(by=head, calendar=office, weekly=ROUND_THE_CLOCK)

    with pytest.raises(NotAllowed) as refusal:
        revise_calendar(by=stranger, calendar=office, weekly=OFFICE_HOURS)

    assert "head of a department that uses it" in refusal.value.needed
    assert office.versions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_who_revise_at_once_make_two_versions_or_one_refusal(admin, office):
    barrier, outcomes = threading.Barrier(2), []

    def revise(week):
        try:
            barrier.wait()
            outcomes.append(revise_calendar(by=admin, calendar=office, weekly=week, based_on=1).number)
        except StaleVersion:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=revise, args=[week]) for week in (ROUND_THE_CLOCK, ((),) * 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes, key=str) == [2, "stale"]
    assert [version.number for version in office.versions.order_by("number")] == [1, 2]


# --- change what is not hours -----------------------------------------------------------------------------------


def test_change_calendar_records_before_and_after_and_makes_no_version(head, office):
    change_calendar(by=head, calendar=office, name="Office hours, Munich", region="BY")

    assert changes(office)[1:] == [
        {
            "what": "calendar",
            "before": {"name": "Office hours", "region": ""},
            "after": {"name": "Office hours, Munich", "region": "BY"},
            "reason": "",
        }
    ]
    assert office.versions.count() == 1


def test_change_calendar_to_the_same_records_nothing(admin, office):
    recorded = changes(office)

    change_calendar(by=admin, calendar=office, name=" Office hours ", country="DE")

    assert changes(office) == recorded


@pytest.mark.parametrize(("values", "field"), [({"name": " "}, "name"), ({"region": "AK"}, "region")])
def test_change_calendar_names_the_wrong_field(admin, office, values, field):
    with pytest.raises(WrongInput) as refusal:
        change_calendar(by=admin, calendar=office, **values)

    assert list(refusal.value.errors) == [field]


def test_change_calendar_lets_only_admins_choose_the_default_and_never_none(admin, head, office):
    with pytest.raises(NotAllowed):
        change_calendar(by=head, calendar=office, is_default=True)

    change_calendar(by=admin, calendar=office, is_default=True)

    with pytest.raises(WrongInput) as refusal:
        change_calendar(by=admin, calendar=office, is_default=False)
    assert list(refusal.value.errors) == ["is_default"]
    assert current_version(None) == office.current


def test_change_calendar_is_refused_for_others(stranger, office):
    with pytest.raises(NotAllowed):
        change_calendar(by=stranger, calendar=office, name="Mine")

    office.refresh_from_db()
    assert office.name == "Office hours"


# --- several days at once ---------------------------------------------------------------------------------------


def test_add_special_days_puts_the_new_in_the_place_of_the_old_and_keeps_the_rest(admin, office):
    shorter = SpecialDay(EVE.date, "Until ten", (("09:00", "10:00"),))
    party = SpecialDay(date(2026, 7, 1), "Party")
    revise_calendar(by=admin, calendar=office, special_days=[EVE, SpecialDay(date(2026, 12, 25), "Christmas")])

    version = add_special_days(by=admin, calendar=office, days=[shorter, party], reason="Works council", based_on=2)

    assert [str(day) for day in hours_of(version).special_days] == [
        "Party, closed",
        "Until ten, 09:00-10:00",
        "Christmas, closed",
    ]
    assert (version.number, version.reason) == (3, "Works council")
    assert add_special_days(by=admin, calendar=office, days=[shorter]) == version


def test_add_special_days_is_refused_for_others_and_on_an_old_version(admin, stranger, office):
    with pytest.raises(NotAllowed):
        add_special_days(by=stranger, calendar=office, days=[EVE])
    revise_calendar(by=admin, calendar=office, weekly=ROUND_THE_CLOCK)
    with pytest.raises(StaleVersion):
        add_special_days(by=admin, calendar=office, days=[EVE], based_on=1)
    with pytest.raises(WrongInput):
        add_special_days(by=admin, calendar=office, days=[EVE, EVE])

    assert office.versions.count() == 2


# --- public holidays --------------------------------------------------------------------------------------------


def test_seed_holidays_adds_them_as_days_an_admin_can_edit(admin, office):
    version = seed_holidays(by=admin, calendar=office, years=[2026], region="BY", language="en_US")

    days = {day.date: day for day in hours_of(version).special_days}
    assert len(days) == 12
    assert days[date(2026, 1, 6)] == SpecialDay(date(2026, 1, 6), "Epiphany")
    assert version.reason == "Public holidays of DE-BY"
    berlin_noon = datetime(2026, 1, 6, 12, tzinfo=UTC)
    assert worktime_of(version.pk).is_open(berlin_noon) is False
    assert worktime_of(version.pk).is_open(berlin_noon + timedelta(days=1)) is True


def test_seed_holidays_again_keeps_what_an_admin_has_edited_and_makes_no_version(admin, office):
    seed_holidays(by=admin, calendar=office, years=[2026])
    edited = [SpecialDay(date(2026, 12, 25), "We work", (("10:00", "12:00"),))]
    revise_calendar(by=admin, calendar=office, special_days=edited)

    first = seed_holidays(by=admin, calendar=office, years=[2026])
    second = seed_holidays(by=admin, calendar=office, years=[2026])

    assert edited[0] in hours_of(first).special_days
    assert second == first


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"region": "XX"}, "region"),
        ({"years": []}, "years"),
        ({"country": ""}, "country"),
    ],
)
def test_seed_holidays_names_what_is_not_known(admin, office, values, field):
    with pytest.raises(WrongInput) as refusal:
        seed_holidays(by=admin, calendar=office, **({"years": [2026]} | values))

    assert list(refusal.value.errors) == [field]
    assert office.versions.count() == 1


def test_seed_holidays_is_refused_for_others(stranger, office):
    with pytest.raises(NotAllowed):
        seed_holidays(by=stranger, calendar=office, years=[2026])


def test_a_department_that_chose_the_calendar_is_the_one_whose_head_may_edit(department, head, office):
    Department.objects.filter(pk=department.pk).update(calendar_id=None)

    with pytest.raises(NotAllowed):
        revise_calendar(by=head, calendar=office, weekly=ROUND_THE_CLOCK)
