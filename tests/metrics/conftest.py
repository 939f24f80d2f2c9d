"""Logs of requests written straight into the event table, for figures of histories of any shape."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import pytest
from django.db import transaction

from metrics.facts.states import Happening
from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.services import create_calendar
from requests_app.events.models import Event
from requests_app.org.models import Person
from tests.metrics.lives import Lives, complaint, late_life


def append(request_id: int, happenings: Iterable[Happening]) -> None:
    Event.objects.bulk_create(
        Event(
            kind=happening.kind, subject_kind="request", subject_id=request_id, at=happening.at,
            actor_id=happening.actor_id, data=happening.data,
        )
        for happening in happenings
    )  # fmt: skip


def build_wall(customer: int, supplier: int, *, calendar: int, first: int, at: datetime, n: int = 14) -> None:
    """Requests of one department with another that are late, rated low and complained about; folded and counted."""
    for serial in range(first, first + n):
        append(serial, late_life(serial, customer=customer, supplier=supplier, calendar=calendar, at=at))
    Event.objects.bulk_create(
        Event(kind=said.kind, subject_kind="voice", subject_id=serial, at=said.at, data=said.data)
        for serial in range(first, first + 5)
        for said in [complaint(serial, customer=customer, supplier=supplier, at=at)]
    )
    refresh_figures(request_ids=range(first, first + n))
    recount_stale()


def open_office() -> CalendarVersion:
    admin = Person.objects.create_user("calendars@example.test", "unused but long enough", name="Keeper", is_admin=True)
    weekly = [[("09:00", "17:00")]] * 5 + [[], []]
    return create_calendar(by=admin, name="Office", zone="Europe/Berlin", weekly=weekly, is_default=True).current


@pytest.fixture
def log(db) -> Callable[[int, Iterable[Happening]], None]:
    """log(request, happenings) appends events to the log, without telling anybody."""
    return append


@pytest.fixture
def office(db) -> CalendarVersion:
    """Monday to Friday, 9 to 17 in Berlin, and the default of the company."""
    return open_office()


@pytest.fixture(scope="module")
def stored_lives(django_db_setup, django_db_blocker) -> Iterator[int]:
    """150 requests of four departments over three months, folded and counted once for a module; how many."""
    with django_db_blocker.unblock(), transaction.atomic():
        lives = Lives(seed=7, calendar=open_office().pk)
        for serial in range(1, 151):
            append(serial, lives.life(serial))
        refresh_figures(request_ids=range(1, 151))
        recount_stale()
        yield 150
        transaction.set_rollback(True)


@pytest.fixture
def many_lives(stored_lives, db) -> int:
    """The same, for one test to read or change."""
    return stored_lives
