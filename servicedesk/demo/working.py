"""What people of the demo company log of their work, how many hours they have, and when they were away."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from requests_app.capacity.selectors import capacity_of
from requests_app.capacity.services import enter_absence, set_hours
from requests_app.capacity.states import Kind
from requests_app.desk.models import WorkLog
from requests_app.events.models import Event
from requests_app.imports.replay import Life
from requests_app.kernel.bulk import copy_in, reserve_numbers
from servicedesk.demo.building import Company, Unit
from servicedesk.demo.fortune import about
from servicedesk.demo.telling import Story

DAYS = 91
SHARES = (0.82, 0.74, 0.91, 0.66, 0.87, 0.79)  # how busy departments are, the first for IT
FEWEST, MOST = 300, 6 * 3600  # seconds of one entry
LOGGED = 0.86  # the rest is forgotten, as everywhere
USUAL = 0.8  # of the mean: the median of a duration that spreads as `about` does


def plan_all(company: Company, now: datetime) -> None:
    """Somebody is away in every department that supplies; somebody of IT works three days a week."""
    today = now.date()
    for place, unit in enumerate(_suppliers(company)):
        first = today - timedelta(days=18 - place % 5)
        someone = unit.agents[-1]
        enter_absence(by=unit.head, person=someone, kind=Kind.LEAVE, first=first, last=first + timedelta(days=8))
        later = today + timedelta(days=9 + place)
        other = unit.agents[len(unit.agents) // 2]
        enter_absence(by=unit.head, person=other, kind=Kind.DUTY, first=later, last=later + timedelta(days=1))
    it = company.units["it"]
    since = today - timedelta(days=400)
    set_hours(by=it.head, person=it.agents[2], department=it.row, minutes=24 * 60, since=since)


def _suppliers(company: Company) -> list[Unit]:
    """IT first."""
    found = [unit for unit in company.units.values() if unit.agents]
    return sorted(found, key=lambda unit: unit is not company.units["it"])


class Working:
    """Adds to the log of each request the time that went into its deliveries, so that departments are about as busy
    as SHARES say."""

    def __init__(self, company: Company, told: Sequence[Story], now: datetime) -> None:
        self.dice = Random(16)  # noqa: S311 - a story, not a secret
        self.zones = {unit.row.pk: ZoneInfo(unit.row.time_zone) for unit in company.units.values()}
        since = now - timedelta(days=DAYS)
        done = Counter(story.case.supplier for story in told for at in story.delivered if at >= since)
        self.middle = {}
        for place, unit in enumerate(_suppliers(company)):
            time = capacity_of([unit.row.pk], since.date(), now.date()).seconds
            entries = max(done[unit.row.pk] * 2 * LOGGED, 1)
            self.middle[unit.row.pk] = SHARES[place % len(SHARES)] * time / entries * USUAL

    def add(self, lives: Sequence[Life]) -> None:
        """Before they are written: the rows, and an event for each."""
        rows = [row for life in lives for row in self._of(life)]
        for row, number in zip(rows, reserve_numbers(WorkLog, len(rows)), strict=True):
            row.pk = number
        copy_in(WorkLog, rows)
        events = {life.row.pk: life.events for life in lives}
        for row in rows:
            events[row.service_request_id].append(_event(row))

    def _of(self, life: Life) -> list[WorkLog]:
        """Two entries a delivery: when it was begun, and when it was done."""
        found, began = [], None
        for event in life.events:
            if event.kind in ("request.accepted", "request.started") and began is None:
                began = event
            if event.kind == "request.delivered" and event.actor_id and self.dice.random() < LOGGED:
                found += [self._row(life, one) for one in (began, event) if one is not None and one.actor_id]
                began = None
        return found

    def _row(self, life: Life, event: Event) -> WorkLog:
        department = event.data["department"]
        seconds = min(max(about(self.dice, self.middle.get(department, FEWEST), 0.6), FEWEST), MOST)
        return WorkLog(
            service_request_id=life.row.pk, department_id=department, person_id=event.actor_id,
            day=event.at.astimezone(self.zones[department]).date(), seconds=round(seconds / 300) * 300,
            entered_by_id=event.actor_id, at=event.at,
        )  # fmt: skip


def _event(row: WorkLog) -> Event:
    data = {"department": row.department_id, "person": row.person_id, "seconds": row.seconds, "log": row.pk}
    return Event(
        kind="work.logged", subject_kind="request", subject_id=row.service_request_id, at=row.at,
        actor_id=row.person_id, data=data | {"day": row.day.isoformat()},
    )  # fmt: skip
