"""What a history is made of, before it becomes rows: steps of a case, in our words. Pure data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from requests_app.agreements.states import HoldReason

# What a step may be. The first group changes where a request stands, the second is said or noted beside it.
MOVES = {
    "accept": "the department has taken it",
    "start": "work has begun",
    "hold": "it waits: customer, third_party, part or other; add `paused` or `running` to say what its clock does",
    "resume": "waiting is over",
    "deliver": "the work is done and handed to the customer",
    "confirm": "the customer accepts the delivery",
    "close": "closed without a word from the customer",
    "reject": "the customer sends the delivery back",
    "decline": "the supplier refuses it",
    "cancel": "the customer takes it back",
    "reopen": "work begins again after a delivery",
    "offer": "offered to the department of the row, which has not answered yet",
    "take": "the department it was offered to takes over",
    "give_back": "the department it was offered to gives it back",
    "take_back": "the department that offered it keeps it after all",
}
REMARKS = {
    "work": "somebody of the department has it in hand, nothing else changes; the first such step accepts it",
    "reply": "the supplier writes to the customer",
    "ask": "the customer writes to the supplier",
    "note": "the supplier writes a note the customer does not read",
    "assign": "somebody of the department is given it",
    "reprioritise": "urgency and impact change",
    "invite": "the customer is asked to rate the work",
    "rate": "the customer rates the work",
    "count": "what the customer said counts in figures from now on",
}
FILE, IGNORE = "file", "ignore"
WORDS = (
    {FILE: "the request is filed; the first row of a case files it whatever it says"}
    | MOVES
    | REMARKS
    | {IGNORE: "the row says nothing about the life of a request and is not counted"}
)
REOPENING = ("accept", "start", "hold", "resume", "offer", "take")
DIMENSIONS = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")


@dataclass(frozen=True)
class Hold:
    reason: str
    pauses: bool


def parse_move(text: str) -> tuple[str, Hold | None]:
    """A move as it is written in a mapping, such as `accept` or `hold other running`; ValueError with a sentence."""
    word, *rest = text.split()
    if word not in WORDS:
        raise ValueError(f"there is no move “{word}”; the moves are {', '.join(WORDS)}")
    if word != "hold":
        if rest:
            raise ValueError(f"“{word}” stands alone; remove “{' '.join(rest)}”")
        return word, None
    reason = next((part for part in rest if part in HoldReason.values), None)
    clock = [part for part in rest if part in ("paused", "running")]
    if reason is None or len(rest) != 1 + len(clock) or len(clock) > 1:
        raise ValueError(f"“{text}”: write hold and one of {', '.join(HoldReason.values)}, then paused or running")
    return word, Hold(reason, clock == ["paused"] if clock else reason == HoldReason.CUSTOMER)


@dataclass(slots=True)
class Step:
    """One step at one instant. `row` is the line of the file it was read from."""

    move: str
    at: datetime
    department: int | None = None  # None: whoever holds it
    actor: int | None = None
    hold: Hold | None = None
    words: dict[str, Any] = field(default_factory=dict)
    row: int | None = None


@dataclass(slots=True)
class Case:
    """One request as it was filed, and all that happened to it, in order."""

    title: str
    customer: int
    supplier: int
    service: int
    requester: int
    created_at: datetime
    calendar: int  # version of the supplier's calendar
    filed_by: int | None = None
    external_id: str = ""
    description: str = ""
    form: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    urgency: int = 3
    impact: int = 3
    priority: int = 5
    need_type: str = "service"
    customer_kind: str = "employee"
    privacy: str = "department"
    channel: str = "import"
    targets: dict[str, Any] = field(default_factory=dict)  # measure → {seconds, calendar, agreement}
    due: dict[str, datetime] = field(default_factory=dict)  # measure → imported deadline
    attributes: dict[str, str] = field(default_factory=dict)
    rows: int = 0  # how many rows of the file it was read from
    filed_row: int | None = None
    steps: list[Step] = field(default_factory=list)
    reopening: frozenset[str] = frozenset(REOPENING)
    holds_last: bool = True  # False: whatever comes next ends waiting
    close_after_days: int | None = None  # a delivery nobody answered counts as accepted after so many days
    imported: bool = True
    acceptance_due_at: datetime | None = None


def by_measure(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Only the measures that say something."""
    return ((measure, value) for measure, value in values.items() if value)


Place = tuple[str, ...]  # names of departments, the one at the top first


@dataclass(slots=True)
class Draft:
    """A case whose departments, people and service are still names."""

    case: Case
    customer: Place
    supplier: Place
    service: str
    service_owner: Place
    requester: str = ""
    places: list[Place] = field(default_factory=list)  # of each step; empty: whoever holds it
    actors: list[str] = field(default_factory=list)  # of each step
