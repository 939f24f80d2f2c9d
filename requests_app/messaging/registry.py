"""Who writes which mail. Filled while the apps start; upper apps add their own kinds and enclosures."""

from collections.abc import Callable
from dataclasses import dataclass

from requests_app.messaging.models import OutgoingMail


@dataclass(frozen=True)
class Choices:
    """A question that is answered by following one of a few links."""

    question: str
    links: tuple[tuple[str, str], ...]  # (word, address)
    note: str = ""


@dataclass(frozen=True)
class Letter:
    """What is in a mail, before it is plain text and HTML. Every text is shown escaped."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str
    link_words: str
    quote: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    choices: Choices | None = None
    files: tuple[tuple[str, bytes, str], ...] = ()  # (name, content, content type)


Writer = Callable[[OutgoingMail], Letter | None]
Encloser = Callable[[OutgoingMail], Choices | None]

WRITERS: dict[str, Writer] = {}
ENCLOSERS: dict[str, Encloser] = {}


def write_with(kind: str, writer: Writer) -> None:
    """Register who writes mail of this kind. The writer answers None when the mail is not needed any more."""
    if kind in WRITERS:
        raise ValueError(f"mail of the kind {kind} has a writer already")
    WRITERS[kind] = writer


def enclose_with(kind: str, encloser: Encloser) -> None:
    """Register who adds a question to mail of this kind."""
    if kind in ENCLOSERS:
        raise ValueError(f"mail of the kind {kind} has an enclosure already")
    ENCLOSERS[kind] = encloser
