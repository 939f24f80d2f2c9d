"""A year of simulated requests: every warning and breach once, at the minute that a walker through the year finds.

Three suppliers work by three calendars: an office with holidays, a night shift, and round the clock; in zones with
both changes of the clock; and each promises something else. Requests wait, are passed on, raised, sent back and opened
again. The walker shares nothing with the product but the schedules: it counts open minutes one by one.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from django.db.models import Min
from django.utils import timezone

from requests_app.agreements.services import set_targets
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import OFFICE_HOURS, ROUND_THE_CLOCK, Hours, SpecialDay
from requests_app.calendars.worktime import Schedule
from requests_app.catalogue.services import create_service
from requests_app.desk.models import Clock, Handoff, ServiceRequest
from requests_app.desk.services.assignment import reprioritise_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from requests_app.org.models import Department, Person
from requests_app.org.services import save_department
from tests.factories import Company, make_person
from tests.requests_app.calendars.walker import Walker

pytestmark = pytest.mark.django_db
FIRST, DAYS = datetime(2026, 1, 1, tzinfo=UTC), 460
END = FIRST + timedelta(days=DAYS - 20)
HOUR, MINUTE = 3600, timedelta(minutes=1)
HOLIDAYS = (SpecialDay(date(2026, 4, 3), "Good Friday"), SpecialDay(date(2026, 12, 24), "Eve", (("09:00", "12:00"),)))
NIGHT = ((("22:00", "06:00"),),) * 5 + ((),) * 2
TARGETS = {
    slug: {
        "response": {priority: priority * HOUR for priority in range(1, 6)},
        "resolution": {priority: priority * hours * HOUR for priority in range(1, 6)},
    }
    for slug, hours in (("it", 6), ("facilities", 4), ("legal", 10))
}
SAYS = {"agreed": "one thing", "received": "another", "remedy": "the one"}


@cache
def schedules() -> dict[str, Schedule]:
    return {
        "it": Hours("Europe/Berlin", OFFICE_HOURS, HOLIDAYS).schedule(),
        "facilities": Hours("America/New_York", NIGHT).schedule(),
        "legal": Hours("Australia/Lord_Howe", ROUND_THE_CLOCK).schedule(),
    }


@cache
def walker(slug: str) -> Walker:
    return Walker(schedules()[slug], FIRST, DAYS)


@dataclass
class Course:
    """What the walker has to know of one clock: its calendar, start, targets by time, pauses, and its end."""

    slug: str
    start: datetime
    targets: list[tuple[datetime, int]]
    pauses: list[list[datetime | None]] = field(default_factory=list)
    end: datetime | None = None

    def expected(self, until: datetime) -> list[tuple[str, datetime]]:
        """(kind, at), each once. A target holds until the next one does, and is measured from the very start."""
        counted = self._counted(until)
        alarms: dict[str, datetime] = {}
        for (_since, target), ends in zip(self.targets, [since for since, _ in self.targets[1:]] + [None], strict=True):
            last = min(at for at in (ends, self.end, until) if at is not None)
            for kind, minutes in (("clock.warned", target * 3 // 240), ("clock.breached", target // 60)):
                due = counted[minutes - 1] if minutes <= len(counted) else None
                if due is not None and (due < last or (kind == "clock.warned" and due == last)):
                    alarms.setdefault(kind, due)
        return list(alarms.items())

    def _counted(self, until: datetime) -> list[datetime]:
        """The end of each minute in which the clock ran, one by one, up to the longest target."""
        open_minutes, found = walker(self.slug).open, []
        longest = max(target for _since, target in self.targets) // 60
        for minute in range((self.start - FIRST) // MINUTE, (min(until, self.end or until) - FIRST) // MINUTE):
            at = FIRST + minute * MINUTE
            paused = any(begins <= at and (ends is None or at < ends) for begins, ends in self.pauses)
            if open_minutes[minute] and not paused:
                found.append(at + MINUTE)
                if len(found) == longest:
                    break
        return found


@pytest.fixture
def suppliers(company) -> "Suppliers":
    """IT by its office, Facilities by night, Legal around the clock."""
    legal = save_department(by=company.admin, slug="legal", name="Legal")
    for department in (company.it, company.facilities, legal):
        plan = {"it": OFFICE_HOURS, "facilities": NIGHT, "legal": ROUND_THE_CLOCK}[department.slug]
        calendar = create_calendar(
            by=company.admin, name=f"Of {department.slug}", zone=schedules()[department.slug].zone, weekly=plan,
            special_days=HOLIDAYS if department.slug == "it" else (),
        )  # fmt: skip
        department.calendar_id = calendar.pk
        department.save()
        targets = TARGETS[department.slug]
        set_targets(by=None, supplier=department, targets=targets, valid_from=FIRST - timedelta(days=1))
    return Suppliers(
        company,
        departments={"it": company.it, "facilities": company.facilities, "legal": legal},
        agents={
            "it": company.assigned,
            "facilities": company.other_agent,
            "legal": make_person("Lena Legal", legal, "agent"),
        },
        heads={
            "it": company.supplier_head,
            "facilities": company.other_head,
            "legal": make_person("Leo Legal", legal, "head"),
        },
    )


@dataclass
class Suppliers:
    """The cast by the short name of their department."""

    company: Company
    departments: dict[str, Department]
    agents: dict[str, Person]
    heads: dict[str, Person]


class Simulation:
    """Steps of many requests in one order of time, and what the walker must find."""

    def __init__(self, suppliers: Suppliers, count: int, seed: int) -> None:
        self.suppliers, self.company, self.dice = suppliers, suppliers.company, random.Random(seed)
        self.services = [
            create_service(by=self.company.admin, department=department, name="Help", slug=f"help-{slug}")
            for slug, department in suppliers.departments.items()
        ]
        self.courses: dict[tuple[int, str, int | None], Course] = {}
        self.steps: list[tuple[datetime, int, str]] = []
        self.delivered: dict[int, datetime] = {}
        for number in range(count):
            self._plan(number)
        self.steps.sort()

    def _plan(self, number: int) -> None:
        at = FIRST + timedelta(days=3) + self.dice.randrange(360 * 1440) * MINUTE
        plan = ["file", "answer", "accept"]
        for _more in range(self.dice.randrange(6)):
            plan.append(self.dice.choice(["hold", "wait_third", "resume", "raise", "pass_on"]))
        plan += [
            "resume",
            "deliver",
            *self.dice.choice([[], ["reject", "deliver"], ["confirm"], ["confirm", "reopen"]]),
        ]
        for step in plan:
            self.steps.append((at, number, step))
            at += self.dice.randrange(1, 2200) * MINUTE

    def run(self, *, asleep: tuple[datetime, datetime] | None = None) -> None:
        """All steps; between them the sweeper looks whenever something comes due, unless it sleeps."""
        self.found: dict[int, ServiceRequest] = {}
        now = FIRST
        for at, number, step in self.steps:
            while (due := _next_alarm(now)) is not None and due < at:
                now = due
                if asleep is None or not asleep[0] <= now < asleep[1]:
                    sweep_clocks(now)
            self._take(at, number, step)
            now = at
        for hour in range(24):  # whoever works at night is warned at night
            sweep_clocks(END + hour * timedelta(hours=1))

    def _take(self, at: datetime, number: int, step: str) -> None:
        company = self.company
        if step == "file":
            urgency, impact = self._levels()
            filing = Filing(f"Help {number}", "It does not work.", urgency=urgency, impact=impact)
            row = file_request(by=company.requester, service=self.dice.choice(self.services), filing=filing, at=at)
            self.found[number], slug = row, row.supplier.slug
            for measure, targets in TARGETS[slug].items():
                self.courses[number, measure, None] = Course(slug, at, [(at, targets[row.priority])])
            return
        row = self.found[number] = ServiceRequest.objects.get(pk=self.found[number].pk)
        getattr(self, f"_{step}")(row, number, at)

    def _levels(self) -> tuple[int, int]:
        return self.dice.randint(1, 3), self.dice.randint(1, 3)

    def _agent(self, row: ServiceRequest) -> Person:
        return self.suppliers.agents[row.supplier.slug]

    def _move(self, row: ServiceRequest, by, action: str, at: datetime, **words) -> None:
        move_request(by=by, service_request=row, action=action, words=Words(**words), at=at)

    def _open(self, number: int, measure: str = "resolution") -> list[Course]:
        return [one for (who, what, _holder), one in self.courses.items()
                if (who, what) == (number, measure) and one.end is None]  # fmt: skip

    def _answer(self, row, number, at) -> None:
        post_message(by=self._agent(row), service_request=row, body="We look at it.", at=at)
        self.courses[number, "response", None].end = at

    def _accept(self, row, number, at) -> None:
        self._move(row, self._agent(row), "accept", at)

    def _hold(self, row, number, at, reason="customer") -> None:
        if row.status in ("accepted", "in_progress"):
            self._move(row, self._agent(row), "hold", at, hold_reason=reason)
            if reason == "customer":
                for course in self._open(number):
                    course.pauses.append([at, None])

    def _wait_third(self, row, number, at) -> None:
        self._hold(row, number, at, reason="third_party")

    def _resume(self, row, number, at) -> None:
        if row.status == "on_hold":
            self._move(row, self._agent(row), "resume", at)
            self._end_pauses(number, at)

    def _end_pauses(self, number: int, at: datetime) -> None:
        for course in self._open(number):
            for pause in course.pauses:
                pause[1] = pause[1] or at

    def _raise(self, row, number, at) -> None:
        urgency, impact = self._levels()
        head = self.suppliers.heads[row.supplier.slug]
        after = reprioritise_request(
            by=head, service_request=row, urgency=urgency, impact=impact, reason="It spreads", at=at
        )
        for course in self._open(number) if after.priority != row.priority else []:
            course.targets.append((at, TARGETS[course.slug]["resolution"][after.priority]))

    def _pass_on(self, row, number, at) -> None:
        if row.status not in ("accepted", "in_progress", "on_hold"):
            return
        slug = self.dice.choice([slug for slug in self.suppliers.departments if slug != row.supplier.slug])
        to, answers = self.suppliers.departments[slug], self.suppliers.agents[slug]
        offer = offer_handoff(by=self._agent(row), service_request=row, to=to, reason="Yours", at=at)
        accept_handoff(by=answers, handoff=Handoff.objects.get(pk=offer.pk), at=at)
        self._end_pauses(number, at)
        for (who, _what, holder), course in self.courses.items():
            if who == number and holder is not None and course.end is None:
                course.end = at
        place = 1 + sum(who == number and holder is not None for who, _what, holder in self.courses)
        target = TARGETS[slug]["resolution"][row.priority]
        self.courses[number, "resolution", place] = Course(slug, at, [(at, target)])

    def _deliver(self, row, number, at) -> None:
        if row.status == "delivered":
            return
        self._move(row, self._agent(row), "deliver", at)
        for course in self._open(number):
            course.end = at
        self.delivered[number] = at

    def _reject(self, row, number, at) -> None:
        self._move(row, self.company.requester, "reject", at, **SAYS)
        self._run_on(number, at)

    def _confirm(self, row, number, at) -> None:
        self._move(row, self.company.requester, "confirm", at)

    def _reopen(self, row, number, at) -> None:
        ServiceRequest.objects.filter(pk=row.pk).update(closed_at=timezone.now())  # by that it can be reopened still
        self._move(row, self.company.requester, "reopen", at, reason="Again")
        self._run_on(number, at)

    def _run_on(self, number: int, at: datetime) -> None:
        """The clocks that the delivery stopped run on; those a handoff ended stay ended."""
        stopped = self.delivered[number]
        for (who, what, _holder), course in self.courses.items():
            if who == number and what == "resolution" and course.end == stopped:
                course.pauses.append([stopped, at])
                course.end = None

    def expected(self) -> list[tuple[int, str, str, datetime]]:
        return sorted(
            (self.found[number].pk, measure, kind, at)
            for (number, measure, _holder), course in self.courses.items()
            for kind, at in course.expected(END)
        )

    def happened(self) -> list[tuple[int, str, str, datetime]]:
        rows = Event.objects.filter(kind__in=["clock.warned", "clock.breached"])
        return sorted((row.subject_id, row.data["measure"], row.kind, row.at) for row in rows)


def _next_alarm(now: datetime) -> datetime | None:
    """When the sweeper has something to do next: a warning at its time, a breach the moment after."""
    running = Clock.objects.filter(stopped_at=None)
    warned = running.filter(warned_at=None, warn_at__gt=now).aggregate(at=Min("warn_at"))["at"]
    missed = running.filter(breached_at=None, due_at__gte=now).aggregate(at=Min("due_at"))["at"]
    found = [at for at in (warned, missed + timedelta(microseconds=1) if missed else None) if at]
    return min(found, default=None)


SIZES = [30, pytest.param(500, marks=pytest.mark.long)]


@pytest.mark.parametrize("count", SIZES)
def test_every_warning_and_breach_of_a_year_is_written_once_at_its_minute(suppliers, count):
    year = Simulation(suppliers, count, seed=count)
    year.run()
    assert year.happened() == year.expected()
    assert len(year.happened()) > count
    assert {course.slug for course in year.courses.values()} == set(TARGETS)


@pytest.mark.parametrize("count", SIZES)
def test_the_same_comes_out_when_the_sweeper_was_away_for_a_day(suppliers, count):
    year = Simulation(suppliers, count, seed=count + 1)
    begins = FIRST + year.dice.randrange(20, 340) * timedelta(days=1)
    year.run(asleep=(begins, begins + timedelta(days=1)))
    assert year.happened() == year.expected()
