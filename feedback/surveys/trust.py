"""How far statements hang together, scale by scale: those of one dimension, or of one matrix. Pure.

SECURITY: means and shares of every statement are told elsewhere, over whoever answered it. What is made of whole
answers would tell of the others as the difference, so of each statement the others must be nobody, or at least five.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.surveys.questions import Item
from feedback.surveys.states import ALPHA_FLOOR, FLOOR, STRAIGHT_ITEMS, Measure
from feedback.surveys.statistics import Alpha, Place, cronbach, is_straight, places_of

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """`place`: how it stands to the other statements of its scale; None where that is not told."""

    item: Item
    place: Place | None


@dataclass(frozen=True)
class Scale:
    """`dimension`, or else the text of the matrix as `title`; `n` whole answers."""

    dimension: str
    title: str
    n: int
    alpha: Alpha | None
    without_straight: Alpha | None
    statements: tuple[Statement, ...]

    @property
    def k(self) -> int:
        return len(self.statements)

    @property
    def has_reversed(self) -> bool:
        return any(one.place is not None and one.place.looks_reversed for one in self.statements)


@dataclass(frozen=True)
class Trust:
    """`straight`: who gave the same answer to every statement; None where it would tell of fewer than five people."""

    scales: tuple[Scale, ...]
    straight: int | None


def trust_of(items: Sequence[Item], people: Sequence[Values]) -> Trust | None:
    """None where no scale has two statements. What should be is left out: it is asked with the same statements."""
    found: dict[tuple, list[Item]] = {}
    for item in items:
        if item.top and (item.dimension or item.group) and item.measure != Measure.EXPECTATION:
            found.setdefault((item.dimension or item.question, bool(item.dimension), item.top), []).append(item)
    scales = [scale for scale in found.values() if len(scale) > 1]
    if not scales:
        return None
    straight = _straight([item.key for scale in scales for item in scale], people)
    return Trust(tuple(_scale(scale, people, straight) for scale in scales), len(straight) if straight else None)


def _straight(keys: Sequence[str], people: Sequence[Values]) -> frozenset[int]:
    """The places of those who gave one answer to all; nobody where they, or the others, are fewer than five."""
    whole = {place: [one[key] for key in keys] for place, one in enumerate(people) if all(key in one for key in keys)}
    found = frozenset(place for place, row in whole.items() if is_straight(row))
    tells = len(keys) >= STRAIGHT_ITEMS and len(found) >= FLOOR and len(whole) - len(found) >= FLOOR
    return found if tells else frozenset()


def _scale(items: Sequence[Item], people: Sequence[Values], straight: frozenset[int]) -> Scale:
    keys = [item.key for item in items]
    whole = {place: [one[key] for key in keys] for place, one in enumerate(people) if all(key in one for key in keys)}
    others = [sum(key in one for one in people) - len(whole) for key in keys]
    told = len(whole) >= ALPHA_FLOOR and not any(0 < n < FLOOR for n in others)
    rows = list(whole.values())
    varied = [row for place, row in whole.items() if place not in straight]
    places = places_of(rows) if told else [None] * len(items)
    return Scale(
        items[0].dimension, items[0].group or items[0].text, len(whole), cronbach(rows) if told else None,
        cronbach(varied) if told and straight and len(varied) >= ALPHA_FLOOR else None,
        tuple(Statement(item, place) for item, place in zip(items, places, strict=True)),
    )  # fmt: skip
