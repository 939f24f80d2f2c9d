"""Changing calendars: each change of hours is a new version, in force from now on; the past keeps its hours."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from requests_app.calendars import policies
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.public_holidays import check_place, public_holidays
from requests_app.calendars.selectors import hours_of
from requests_app.calendars.states import (
    ALWAYS,
    OFFICE_HOURS,
    DayTerms,
    Hours,
    SpecialDay,
    check_day_terms,
    check_special_days,
    check_week,
    check_zone,
)
from requests_app.events.services import record
from requests_app.kernel.errors import StaleVersion, WrongInput, check_text, require_text
from requests_app.org.models import Person

FIELDS = ("name", "country", "region", "is_default")


@transaction.atomic
def create_calendar(
    *,
    by: Person,
    name: str,
    zone: str,
    weekly: Any,
    special_days: Any = (),
    day_rule: Any = None,
    slug: str = "",
    country: str = "",
    region: str = "",
    is_default: bool = False,
) -> Calendar:
    """A new calendar with its first version, which also holds for everything before.

    `day_rule` names any of DAY_TERMS; those left out are as usual.
    """
    policies.require_create_calendar(by)
    name = require_text("name", name, longest=120)
    slug = _free_slug(slug or slugify(name)[:60])
    check_place(country, region)
    terms = check_day_terms(day_rule or {}, DayTerms())
    hours = Hours(check_zone(zone), check_week(weekly), check_special_days(special_days), terms)
    if is_default:
        _locked_with_all_others()
        _take_default_from_others()
    calendar = Calendar.objects.create(slug=slug, name=name, country=country, region=region, is_default=is_default)
    _append(calendar, hours, number=1, since=ALWAYS, reason="", by=by)
    _record(calendar, by, {}, _values(calendar) | {"version": 1} | hours.lines())
    return calendar


@transaction.atomic
def ensure_default_calendar(*, zone: str) -> Calendar:
    """The company's calendar, made once as office hours in `zone`, so every promise has hours from the first day."""
    known = Calendar.objects.filter(is_default=True).first()
    if known:
        return known
    _locked_with_all_others()
    calendar = Calendar.objects.create(slug=_free_slug("office-hours"), name=_("Office hours"), is_default=True)
    _append(calendar, Hours(check_zone(zone), OFFICE_HOURS), number=1, since=ALWAYS, reason="", by=None)
    return calendar


@transaction.atomic
def change_calendar(*, by: Person, calendar: Calendar, **values: Any) -> Calendar:
    """Change what is not hours: any of FIELDS. Which calendar is the default is for admins."""
    calendar = _locked_with_all_others()[calendar.pk]
    policies.require_edit_calendar(by, calendar)
    before = _values(calendar)
    if values.get("is_default", calendar.is_default) != calendar.is_default:
        policies.require_create_calendar(by)
        if calendar.is_default:
            raise WrongInput(
                {"is_default": [_("The company needs a default. Make another calendar the default instead.")]}
            )
        _take_default_from_others()
    for field in FIELDS:
        setattr(calendar, field, values.get(field, getattr(calendar, field)))
    calendar.name = require_text("name", calendar.name, longest=120)
    check_place(calendar.country, calendar.region)
    calendar.save(update_fields=FIELDS)
    _record(calendar, by, before, _values(calendar))
    return calendar


@transaction.atomic
def revise_calendar(
    *,
    by: Person,
    calendar: Calendar,
    zone: str | None = None,
    weekly: Any = None,
    special_days: Any = None,
    day_rule: Any = None,
    reason: str = "",
    based_on: int | None = None,
) -> CalendarVersion:
    """Other hours from now on, as the next version; what is not given stays, and no change makes no version.

    That holds within `day_rule` too: any of DAY_TERMS may be given.

    `based_on` is the number of the version that was edited: StaleVersion when somebody saved in between.
    """
    calendar = _locked(calendar)
    policies.require_edit_calendar(by, calendar)
    current = CalendarVersion.objects.get(current_of=calendar)
    if based_on is not None and current.number != based_on:
        raise StaleVersion(_("Somebody else changed these hours in between. Look at them again, then save."))
    old = hours_of(current)
    new = Hours(
        old.zone if zone is None else check_zone(zone),
        old.week if weekly is None else check_week(weekly),
        old.special_days if special_days is None else check_special_days(special_days),
        old.terms if day_rule is None else check_day_terms(day_rule, old.terms),
    )
    if new == old:
        return current
    reason, number = check_text("reason", reason.strip(), longest=500), current.number + 1
    version = _append(calendar, new, number=number, since=timezone.now(), reason=reason, by=by)
    before, after = {"version": current.number} | old.lines(), {"version": number} | new.lines()
    _record(calendar, by, before, after, reason=reason)
    return version


@transaction.atomic
def edit_calendar(
    *,
    by: Person,
    calendar: Calendar,
    zone: str,
    weekly: Any,
    day_rule: Any = None,
    reason: str = "",
    based_on: int | None = None,
    **plain: Any,
) -> CalendarVersion:
    """What the settings page saves at once: what is not hours (see change_calendar) and the hours (revise_calendar).

    In this order, because the first locks all calendars by id: two people who save two calendars never lock each
    other out.
    """
    change_calendar(by=by, calendar=calendar, **plain)
    return revise_calendar(
        by=by, calendar=calendar, zone=zone, weekly=weekly, day_rule=day_rule, reason=reason, based_on=based_on
    )


@transaction.atomic
def set_days_of_year(
    *,
    by: Person,
    calendar: Calendar,
    year: int,
    days: Iterable[SpecialDay],
    reason: str = "",
    based_on: int | None = None,
) -> CalendarVersion:
    """These are the special days of the year from now on; those of other years stay, and others may be given too."""
    current = CalendarVersion.objects.get(current_of=_locked(calendar))
    elsewhere = [day for day in hours_of(current).special_days if day.date.year != year]
    return revise_calendar(by=by, calendar=calendar, special_days=[*elsewhere, *days], reason=reason, based_on=based_on)


@transaction.atomic
def add_special_days(
    *, by: Person, calendar: Calendar, days: Any, reason: str = "", based_on: int | None = None
) -> CalendarVersion:
    """These days besides those that are there; on a date that is there already the new one holds."""
    current = CalendarVersion.objects.get(current_of=_locked(calendar))
    merged = {day.date: day for day in [*hours_of(current).special_days, *check_special_days(days)]}
    return revise_calendar(
        by=by, calendar=calendar, special_days=list(merged.values()), reason=reason, based_on=based_on
    )


@transaction.atomic
def seed_holidays(
    *,
    by: Person,
    calendar: Calendar,
    years: Iterable[int],
    country: str | None = None,
    region: str | None = None,
    language: str = "",
) -> CalendarVersion:
    """Add the public holidays of these years as special days. A date that is there already keeps what it says."""
    calendar = _locked(calendar)
    policies.require_edit_calendar(by, calendar)
    country = calendar.country if country is None else country
    region = calendar.region if region is None else region
    known = {day.date: day for day in hours_of(CalendarVersion.objects.get(current_of=calendar)).special_days}
    proposed = public_holidays(country=country, region=region, years=years, language=language)
    merged: dict[Any, SpecialDay] = {day.date: day for day in proposed} | known
    place = f"{country}-{region}" if region else country
    return revise_calendar(
        by=by,
        calendar=calendar,
        special_days=list(merged.values()),
        reason=_("Public holidays of %(place)s") % {"place": place},
    )


def _locked(calendar: Calendar) -> Calendar:
    """The row as it is now. Its version is read after the lock: joined, it is missing when another has just saved."""
    return Calendar.objects.select_for_update().get(pk=calendar.pk)


def _locked_with_all_others() -> dict[int, Calendar]:
    """All calendars by id, locked in order: which of them is the default is decided by one person at a time."""
    return {calendar.pk: calendar for calendar in Calendar.objects.select_for_update().order_by("pk")}


def _take_default_from_others() -> None:
    Calendar.objects.filter(is_default=True).update(is_default=False)


def _free_slug(slug: str) -> str:
    if slugify(slug) != slug or not 0 < len(slug) <= 60:
        raise WrongInput({"slug": [_("Write a short name of small letters, digits and hyphens.")]})
    if Calendar.objects.filter(slug=slug).exists():
        raise WrongInput({"slug": [_("Another calendar has this short name. Choose a different one.")]})
    return slug


def _append(
    calendar: Calendar, hours: Hours, *, number: int, since: datetime, reason: str, by: Person | None
) -> CalendarVersion:
    version = CalendarVersion.objects.create(
        calendar=calendar, number=number, effective_from=since, reason=reason, created_by=by, **hours.columns()
    )
    calendar.current = version
    calendar.save(update_fields=["current"])
    return version


def _values(calendar: Calendar) -> dict[str, Any]:
    return {field: getattr(calendar, field) for field in FIELDS}


def _record(calendar: Calendar, by: Person, before: dict, after: dict, *, reason: str = "") -> None:
    """Before and after of what differs; nothing when nothing does."""
    changed = [key for key in (after | before) if before.get(key) != after.get(key)]
    if changed:
        record(
            kind="config.changed",
            subject_kind="calendar",
            subject_id=calendar.pk,
            by=by,
            data={
                "what": "calendar",
                "before": {key: before.get(key) for key in changed},
                "after": {key: after.get(key) for key in changed},
                "reason": reason,
            },
        )
