"""Plausible lives of requests by chance, the same for the same seed. For tests and for measuring."""

import random
from datetime import UTC, datetime, timedelta

from metrics.facts.states import Happening

PEOPLE = 12
TARGETS = {1: (3600, 14400), 2: (7200, 28800), 3: (14400, 86400), 4: (28800, 144000), 5: (57600, 288000)}


class Lives:
    """Departments 1 to `departments`; service `10 * department + 0..4` belongs to its department."""

    def __init__(
        self, *, seed: int, calendar: int | None, departments: int = 4, start: datetime | None = None, days: int = 90
    ):
        self.rng = random.Random(seed)
        self.calendar = calendar
        self.departments = list(range(1, departments + 1))
        self.start, self.days = start or datetime(2026, 1, 20, tzinfo=UTC), days

    def life(self, serial: int) -> list[Happening]:
        rng = self.rng
        self.at = self.start + timedelta(minutes=rng.randrange(self.days * 1440))
        supplier = rng.choice(self.departments)
        self.owner, self.events = supplier, []
        self._filed(supplier, serial)
        if rng.random() < 0.06:
            self._add("request.declined" if rng.random() < 0.5 else "request.cancelled", 5000)
            return self.events
        if rng.random() < 0.7:
            self._add("message.public", 200, side="supplier", human=True)
        if rng.random() < 0.92:
            self._work(serial)
        return self.events

    def _filed(self, supplier: int, serial: int) -> None:
        rng, priority = self.rng, self.rng.choice([1, 2, 3, 3, 4, 5])
        response, resolution = TARGETS[priority]
        targets = {
            "response": {"seconds": response, "calendar": self.calendar, "agreement": None},
            "resolution": {"seconds": resolution, "calendar": self.calendar, "agreement": None},
        }
        self.customer = rng.choice([department for department in self.departments if department != supplier])
        self.requester = self.customer * 100 + rng.randrange(PEOPLE)
        data = {
            "customer": self.customer, "supplier": supplier, "service": supplier * 10 + rng.randrange(5),
            "requester": self.requester, "priority": priority, "channel": ("web", "api", "import")[serial % 3],
            "need_type": rng.choice(["technical", "information", "service", "resource"]),
            "customer_kind": ("employee", "executive", "department", "partner")[serial % 4],
            "privacy": "confidential" if serial % 40 == 0 else "department",
            "calendar": self.calendar, "targets": targets if rng.random() < 0.9 else {},
        }  # fmt: skip
        self._add("request.filed", 0, **data)

    def _work(self, serial: int) -> None:
        rng = self.rng
        self._add("request.accepted", 300, assignee=1)
        while rng.random() < 0.2:
            self._handoff(serial)
        if rng.random() < 0.3:
            self._wait()
        if rng.random() < 0.1:
            self._add("request.reprioritised", 60, after={"priority": 2}, targets={})
        if rng.random() < 0.12:
            return
        self._add("request.delivered", 2500)
        while rng.random() < 0.12:
            self._add("request.rejected", 600)
            self._add("request.delivered", 900)
        if rng.random() < 0.9:
            self._add("request.confirmed" if rng.random() < 0.7 else "request.closed", 3000)
            self._rate()
            if rng.random() < 0.05:
                self._add("request.reopened", 2000)

    def _wait(self) -> None:
        reason = self.rng.choice(["customer", "customer", "third_party", "part", "other"])
        self._add("request.held", 400, reason=reason, pauses=reason == "customer")
        if reason == "customer":
            self._add("message.public", 900, side="customer", human=True)
        self._add("request.resumed", 5)

    def _handoff(self, serial: int) -> None:
        rng = self.rng
        receiver = rng.choice([department for department in self.departments if department != self.owner])
        sender, offer = self.owner, {"handoff": serial * 100 + len(self.events), "from": self.owner, "to": receiver}
        self.owner = receiver
        self._add("handoff.offered", 300, **offer)
        answer = rng.choice(["accepted", "accepted", "accepted", "declined", "withdrawn"])
        self.owner = receiver if answer == "accepted" else sender
        self._add(f"handoff.{answer}", 300, **offer)

    def _rate(self) -> None:
        person = self.requester
        self._add("rating.invited", 1, invitation=1, person=person, supplier=self.owner)
        if self.rng.random() < 0.4:
            dimensions = {"reliability": self.rng.randint(1, 5), "empathy": self.rng.randint(2, 5)}
            overall = self.rng.choice([1, 3, 4, 4, 5, 5])
            self._add(
                "rating.given",
                500,
                overall=overall,
                dimensions=dimensions,
                effort=3,
                supplier=self.owner,
                person=person,
            )

    def _add(self, kind: str, minutes: int, **data) -> None:
        if minutes:
            self.at += timedelta(minutes=self.rng.randrange(1, minutes + 1), seconds=self.rng.randrange(60))
        self.events.append(Happening(kind, self.at, None, {"department": self.owner, **data}))


def late_life(serial: int, *, customer: int, supplier: int, calendar: int, at: datetime) -> list[Happening]:
    """Delivered three days after it was filed, where an hour was agreed, and rated 2 by one of seven people."""
    person = customer * 100 + serial % 7
    resolution = {"seconds": 3600, "calendar": calendar, "agreement": None}
    data = {
        "customer": customer, "supplier": supplier, "service": None, "requester": person, "priority": 3,
        "channel": "web", "need_type": "service", "customer_kind": "employee", "privacy": "department",
        "calendar": calendar, "targets": {"resolution": resolution},
    }  # fmt: skip
    rating = {"supplier": supplier, "person": person}
    steps = [
        ("request.filed", data),
        ("request.accepted", {"assignee": 1}),
        ("request.delivered", {}),
        ("request.confirmed", {}),
        ("rating.invited", {"invitation": serial, **rating}),
        ("rating.given", {"overall": 2, "dimensions": {}, "effort": 3, **rating}),
    ]
    return [
        Happening(kind, at + timedelta(days=place), None, {"department": supplier, **more})
        for place, (kind, more) in enumerate(steps)
    ]


def complaint(serial: int, *, customer: int, supplier: int, at: datetime) -> Happening:
    """As the log has it; its subject is a voice."""
    data = {"voice": "complaint", "customer": customer, "supplier": supplier, "department": supplier, "request": serial}
    return Happening("voice.said", at, None, data)
