"""Who wants to hear of which events. Filled once, while the apps start; read ever after.

A subscriber is a function that takes a list of events and makes its effect in the caller's
transaction. It must be safe to run twice, late, and in any order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from requests_app.events.models import Event
from requests_app.events.states import KINDS

Effect = Callable[[list[Event]], None]


@dataclass(frozen=True)
class Subscriber:
    name: str
    kinds: frozenset[str]
    effect: Effect
    queue: str
    batch: int


SUBSCRIBERS: dict[str, Subscriber] = {}
_by_kind: dict[str, list[Subscriber]] = {}


def subscribe(name: str, kinds: Iterable[str], effect: Effect, *, queue: str = "interactive", batch: int = 1) -> None:
    """Register `effect` under `name`; called from an app's ready(). A name is registered once."""
    wanted = frozenset(kinds)
    if wanted - KINDS:
        raise ValueError(f"unknown kinds of event: {sorted(wanted - KINDS)}")
    if name in SUBSCRIBERS:
        raise ValueError(f"{name} is already subscribed")
    SUBSCRIBERS[name] = Subscriber(name, wanted, effect, queue, batch)
    for kind in wanted:
        _by_kind.setdefault(kind, []).append(SUBSCRIBERS[name])


def subscribers_of(kind: str) -> list[Subscriber]:
    return _by_kind.get(kind, [])


def _no_ring(names: set[str]) -> None:
    """Without a queue nothing rings; the sweeper delivers."""


class Bell:
    """Wakes the workers after a commit. `events.tasks` hangs the real one in; it may fail at any time."""

    ring: Callable[[set[str]], None] = staticmethod(_no_ring)
