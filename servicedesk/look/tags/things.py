"""Templates are handed mappings and objects alike."""

from collections.abc import Mapping
from typing import Any


def part_of(thing: Any, name: str) -> Any:
    """`thing["name"]` or `thing.name`, None without it."""
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
