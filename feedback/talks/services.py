"""Arranging series of talks and taking a talk through its life; each locks the row, checks, changes and records."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.talks import policies
from feedback.talks.agenda import points
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.selectors import people_of, planned_for, series_values
from feedback.talks.states import (
    CANCELLED,
    HELD,
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_PLACE,
    LONGEST_REASON,
    MOST_WEEKS,
    MOVES,
    OPEN,
    Kind,
    Move,
    next_start,
)
from requests_app.events.services import record
from requests_app.kernel.errors import DomainError, IllegalMove, StaleVersion, WrongInput, check_text, require_text
from requests_app.kernel.versions import require_unchanged
from requests_app.kernel.zones import zones
from requests_app.org.models import Department, Person

LONGEST_AHEAD = 366 * 2


@transaction.atomic
def arrange(
    *, by: Person, supplier: Department, customer: Department, kind: str, at: datetime | None = None, **rhythm: Any
) -> TalkSeries:
    """A series of talks, and its first talk when it has a rhythm; WrongInput, NotAllowed or IllegalMove otherwise.

    `rhythm`: every_weeks (0: at will), weekday, at_time, zone, minutes, place, people.
    """
    if supplier.pk == customer.pk:
        raise WrongInput({"other": [_("A department talks to another one. Choose another.")]})
    policies.require_arrange(by, supplier, customer)
    Department.objects.select_for_update(no_key=True).get(pk=supplier.pk)
    if TalkSeries.objects.filter(supplier=supplier, customer=customer, kind=kind).exists():
        raise IllegalMove(_("These two departments have such talks already. Look at their talks and change those."))
    series = TalkSeries(supplier=supplier, customer=customer, kind=Kind(kind), created_by=by)
    people = _set_rhythm(series, rhythm)
    series.save()
    series.people.set(people)
    now = at or timezone.now()
    note("meeting.arranged", series, by, now, {"kind": series.kind, "after": _told(series_values(series))})
    _plan_next(series, by, now)
    return series


@transaction.atomic
def change_series(
    *, by: Person, series: TalkSeries, based_on: str | None = None, expected_version: int | None = None, **rhythm: Any
) -> TalkSeries:
    """Another rhythm, place or round of people, or no more talks. A talk that is planned keeps its time: shift it."""
    series = TalkSeries.objects.select_for_update(of=("self",)).select_related("supplier", "customer").get(pk=series.pk)
    policies.require_lead(by, series)
    before, now = series_values(series), timezone.now()
    require_unchanged(based_on, before)
    if expected_version is not None and expected_version != series.version:
        raise StaleVersion(_("Somebody changed this since you read it. Read it again, then decide."))
    if "is_active" in rhythm:
        series.is_active = rhythm.pop("is_active")
    people = _set_rhythm(series, rhythm)
    series.save()
    series.people.set(people)
    if series_values(series) != before:
        series.version += 1
        series.save(update_fields=["version"])
        data = {"before": _told(before), "after": _told(series_values(series))}
        note("meeting.changed", series, by, now, data)
        _plan_next(series, by, now)
    return series


def _set_rhythm(series: TalkSeries, given: dict[str, Any]) -> list[Person]:
    """Take over what was given, checked; answers the invited people."""
    wrong: dict[str, list[str]] = {}
    weeks, minutes = given.get("every_weeks", series.every_weeks), given.get("minutes", series.minutes)
    weekday, clock = given.get("weekday", series.weekday), given.get("at_time", series.at_time)
    zone = given.get("zone") or series.zone or series.supplier.time_zone
    if not 0 <= weeks <= MOST_WEEKS:
        wrong["every_weeks"] = [_("Give a number of weeks from 0 to %(n)s; 0 is at will.") % {"n": MOST_WEEKS}]
    if not 1 <= minutes <= LONGEST_MINUTES:
        wrong["minutes"] = [_("Give a number of minutes from 1 to %(n)s.") % {"n": LONGEST_MINUTES}]
    if weeks and (weekday is None or not 0 <= weekday <= 6):
        wrong["weekday"] = [_("Choose the day of the week.")]
    if weeks and not isinstance(clock, time):
        wrong["at_time"] = [_("Give the time of day, such as 10:00.")]
    if zone not in zones():
        wrong["zone"] = [_("There is no such time zone. Choose one such as Europe/Berlin.")]
    people = list(given["people"]) if "people" in given else list(series.people.all()) if series.pk else []
    if not {person.pk for person in people} <= set(people_of(series).values_list("pk", flat=True)):
        wrong["people"] = [_("Choose people of the two departments.")]
    if wrong:
        raise WrongInput(wrong)
    series.every_weeks, series.minutes, series.zone = weeks, minutes, zone
    series.weekday, series.at_time = (weekday, clock) if weeks else (None, None)
    place = given.get("place", series.place)
    series.place = check_text("place", place.strip(), longest=LONGEST_PLACE)
    return people


@transaction.atomic
def plan_talk(*, by: Person, series: TalkSeries, starts_at: datetime, at: datetime | None = None) -> Talk:
    """The next talk of a series, when none is planned or under way."""
    series = _locked_series(series.pk)
    policies.require_lead(by, series)
    return _plan(series, by, starts_at, at or timezone.now())


def _plan(series: TalkSeries, by: Person | None, starts_at: datetime, now: datetime) -> Talk:
    if not series.is_active:
        raise IllegalMove(_("These talks have ended. Take them up again first."))
    if series.talks.filter(state__in=OPEN).exists():
        raise IllegalMove(_("A talk is planned or under way already. Hold it or call it off, then plan the next."))
    _require_ahead(starts_at, now)
    talk = Talk.objects.create(series=series, starts_at=starts_at)
    note("meeting.planned", series, by, now, {"starts_at": starts_at.isoformat()}, talk)
    return talk


def _require_ahead(starts_at: datetime, now: datetime) -> None:
    if not -1 <= (starts_at - now).total_seconds() / 86400 <= LONGEST_AHEAD:
        raise WrongInput({"starts_at": [_("Give a time from now on, within two years.")]})


def _plan_next(series: TalkSeries, by: Person | None, now: datetime) -> None:
    """By the rhythm, if there is one and nothing is planned."""
    if not series.is_active or not series.every_weeks or series.talks.filter(state__in=OPEN).exists():
        return
    if series.weekday is None or series.at_time is None:
        return
    latest = series.talks.order_by("-starts_at").first()
    last = planned_for(latest) if latest else None
    starts_at = next_start(
        now, weekday=series.weekday, clock=series.at_time, zone=series.zone, every_weeks=series.every_weeks, last=last
    )
    _plan(series, by, starts_at, now)


@transaction.atomic
def take_step(
    *,
    by: Person,
    talk: Talk,
    name: str,
    starts_at: datetime | None = None,
    reason: str = "",
    present: Iterable[Person] = (),
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Talk:
    """Shift, begin, end or cancel, or raise a DomainError and change nothing. To begin early moves the talk to now.

    `starts_at`: the new time (shift), or when the next talk is (end, cancel); without it the rhythm says when.
    """
    move = step_of(name)
    talk, now = lock_talk(talk.pk), at or timezone.now()
    policies.require_lead(by, talk.series)
    if expected_version is not None and expected_version != talk.version:
        raise StaleVersion(_("Somebody changed this talk since you opened it. Look at it again, then decide."))
    if talk.state not in move.sources:
        raise IllegalMove(_("This is not possible, the talk is: %(state)s.") % {"state": talk.get_state_display()})
    data = _apply(talk, move, starts_at, reason, list(present), now)
    talk.state, talk.version = move.target, talk.version + 1
    talk.save()
    note(move.event, talk.series, by, now, data, talk)
    if talk.state in (HELD, CANCELLED) and talk.series.is_active:
        if starts_at is not None:
            _plan(talk.series, by, starts_at, now)
        else:
            _plan_next(talk.series, by, now)
    return talk


def step_of(name: str) -> Move:
    """The step of this name, or DomainError (400) naming them all."""
    if name not in MOVES:
        error = DomainError(_("There is no such step. The steps are: %(moves)s.") % {"moves": ", ".join(MOVES)})
        error.code, error.status = "unknown_action", 400
        raise error
    return MOVES[name]


def lock_talk(pk: int) -> Talk:
    """The talk for changing. Its series first, so that no two of them wait for each other."""
    series = Talk.objects.values_list("series_id", flat=True).get(pk=pk)
    TalkSeries.objects.select_for_update(no_key=True).get(pk=series)
    rows = Talk.objects.select_for_update(of=("self",)).select_related("series__supplier", "series__customer")
    return rows.get(pk=pk)


def _locked_series(pk: int) -> TalkSeries:
    return TalkSeries.objects.select_for_update(of=("self",)).select_related("supplier", "customer").get(pk=pk)


def _apply(
    talk: Talk, move: Move, starts_at: datetime | None, reason: str, present: list[Person], now: datetime
) -> dict[str, Any]:
    """What the step changes besides the state; what the log keeps of it."""
    if move.name == "shift":
        if starts_at is None:
            raise WrongInput({"starts_at": [_("Give the new time.")]})
        _require_ahead(starts_at, now)
        before, talk.starts_at, talk.reminded_at = talk.starts_at, starts_at, None
        return {"before": before.isoformat(), "starts_at": starts_at.isoformat()}
    if move.name == "begin":
        talk.begun_at = now
        early = _begin_early(talk, now)
        return {"points": _freeze(talk, now)} | early
    talk.ended_at = now
    if move.name == "cancel":
        talk.reason = require_text("reason", reason, longest=LONGEST_REASON)
        return {"reason": talk.reason, "starts_at": talk.starts_at.isoformat()}
    known = set(people_of(talk.series).values_list("pk", flat=True))
    if not {person.pk for person in present} <= known:
        raise WrongInput({"present": [_("Choose people of the two departments.")]})
    talk.present.set(present)
    return {"present": sorted(person.pk for person in present)}


def _begin_early(talk: Talk, now: datetime) -> dict[str, str]:
    """A talk that begins before its time is held now, not then: no talk stands as held on a day to come."""
    if talk.starts_at <= now:
        return {}
    before, talk.starts_at = talk.starts_at, now.replace(second=0, microsecond=0)
    return {"before": before.isoformat(), "starts_at": talk.starts_at.isoformat()}


def _freeze(talk: Talk, now: datetime) -> int:
    """The agenda as it is now becomes lines of the talk; how many."""
    rows = [
        TalkItem(
            talk=talk, kind=topic.kind, subject_id=topic.subject_id, data=topic.data, text=topic.text[:LONGEST_LINE]
        )
        for topic in points(talk.series, now)
    ]
    return len(TalkItem.objects.bulk_create(rows))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, time) else value for name, value in values.items()}


def note(
    kind: str, series: TalkSeries, by: Person | None, at: datetime, data: dict[str, Any], talk: Talk | None = None
) -> None:
    """Append to the log, about the talk or, without one, about the series."""
    parties = {"customer": series.customer_id, "supplier": series.supplier_id, "department": series.leader.pk}
    subject = ("talk", talk.pk) if talk else ("talk_series", series.pk)
    data = parties | {"series": series.pk} | data
    record(kind=kind, subject_kind=subject[0], subject_id=subject[1], by=by, at=at, data=data)
