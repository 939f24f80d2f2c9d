"""The cards of a timeline: what a template draws for each thing that happened. Finished texts, no query."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from requests_app.desk.models import Attachment


@dataclass(frozen=True)
class Answer:
    """One answered question of the service's form."""

    label: str
    value: str
    is_long: bool = False


@dataclass(frozen=True)
class MessageCard:
    """What somebody wrote: a reply that both sides read, or a note that only `reads` reads."""

    template: ClassVar[str] = "desk/cards/_message.html"
    at: datetime
    who: str
    mine: bool
    of: str
    body: str
    files: Sequence[Attachment] = ()
    note: bool = False
    reads: str = ""
    answers: Sequence[Answer] = ()
    for_whom: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class LineCard:
    """One grey line: a sentence in which `name` is set off."""

    template: ClassVar[str] = "desk/cards/_line.html"
    at: datetime
    icon: str
    words: str
    name: str = ""
    note: str = ""
    meaning: str = ""
    files: Sequence[Attachment] = ()

    @property
    def pieces(self) -> tuple[str, str, str]:
        """Before the name, the name, after it; without a name everything is before."""
        return self.words.partition(self.name) if self.name else (self.words, "", "")


@dataclass(frozen=True)
class HandoffCard:
    """Offered and answered together. `state` is that of the offer; `took` the seconds until the answer."""

    template: ClassVar[str] = "desk/cards/_handoff.html"
    at: datetime
    number: int
    sender: str
    receiver: str
    reason: str
    who: str
    state: str = "offered"
    answered_at: datetime | None = None
    answer: str = ""
    answered_by: str = ""

    @property
    def took(self) -> float:
        return (self.answered_at - self.at).total_seconds() if self.answered_at else 0

    def answered(self, state: str, at: datetime, who: str, answer: str = "") -> "HandoffCard":
        return replace(self, state=state, answered_at=at, answered_by=who, answer=answer)


@dataclass(frozen=True)
class DeliveryCard:
    """What was delivered; while `open` it waits for the customer's verdict."""

    template: ClassVar[str] = "desk/cards/_delivery.html"
    at: datetime
    who: str
    mine: bool
    of: str
    note: str
    files: Sequence[Attachment] = ()
    open: bool = False


@dataclass(frozen=True)
class RejectionCard:
    """Sent back, with what was agreed, what was received and what would put it right."""

    template: ClassVar[str] = "desk/cards/_rejection.html"
    at: datetime
    who: str
    mine: bool
    of: str
    agreed: str
    received: str
    remedy: str


Card = MessageCard | LineCard | HandoffCard | DeliveryCard | RejectionCard
