"""Blocks that upper packages add to the pages of lower ones: a page names a place, who has something for it says so.

Filled once, while the apps start; read ever after. A provider is asked inside the view, so a template queries nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A template and what it draws; the template sees it as `panel`."""

    template: str
    content: Any


@dataclass(frozen=True)
class Fact:
    """A number in words, with the list behind it: as long as the number says, for whoever reads the number."""

    n: int
    words: str
    url: str


@dataclass(frozen=True)
class Facts:
    """A line of the block that gathers what is too small for a block of its own."""

    label: str | Promise
    facts: list[Fact]


def facts_panel(label: str | Promise, facts: Iterable[Fact]) -> Panel | None:
    """One line of facts; what counts nothing is left out, and a line without any is none."""
    told = [fact for fact in facts if fact.n]
    return Panel("pages/_facts.html", Facts(label, told)) if told else None


Provider = Callable[..., Panel | None]
_providers: dict[str, list[Provider]] = {}


def provide(place: str, provider: Provider) -> None:
    """Register `provider` for `place`; called from an app's ready(). The same one twice counts once."""
    waiting = _providers.setdefault(place, [])
    if provider not in waiting:
        waiting.append(provider)


def panels_for(place: str, **about: Any) -> list[Panel]:
    """What the providers of `place` have to show about this, in the order in which they were registered."""
    found = (provider(**about) for provider in _providers.get(place, []))
    return [panel for panel in found if panel is not None]
