"""Blocks that upper packages add to the pages of lower ones: a page names a place, who has something for it says so.

Filled once, while the apps start; read ever after. A provider is asked inside the view, so a template queries nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A template and what it draws; the template sees it as `panel`."""

    template: str
    content: Any


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
