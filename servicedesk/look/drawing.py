"""The geometry of bars and sparklines as SVG attributes: works under a strict policy and without script."""

from collections.abc import Sequence
from dataclasses import dataclass

EDGE = 2.0  # room for the line's width and the last dot


@dataclass(frozen=True)
class Spark:
    """A small line: its path, the y of its target (None without one), the last point."""

    width: int
    height: int
    path: str
    target_y: float | None
    dot: tuple[float, float] | None


def spark(values: Sequence[float | None], *, target: float | None = None, width: int = 96, height: int = 26) -> Spark:
    """A line through the values, oldest first; None leaves a gap. The target is kept inside the frame."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return Spark(width, height, "", None, None)
    low, high = min(known), max(known)

    def y(value: float) -> float:
        if low == high:
            return round(height / 2, 1)
        inside = min(max(float(value), low), high)
        return round(height - EDGE - (inside - low) / (high - low) * (height - 2 * EDGE), 1)

    step = (width - 2 * EDGE) / max(len(values) - 1, 1)
    places = [None if value is None else (round(1 + at * step, 1), y(value)) for at, value in enumerate(values)]
    last = next(place for place in reversed(places) if place)
    return Spark(width, height, _path(places), None if target is None else y(target), last)


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    """Lifts the pen over a gap."""
    before = [None, *places[:-1]]
    return "".join(f"{'L' if prior else 'M'}{at[0]} {at[1]}" for prior, at in zip(before, places, strict=True) if at)


@dataclass(frozen=True)
class Slice:
    """One part of a bar. `kind` is the end of a fill class (us, cust, other, third, nobody, mute, good, bad, pause)."""

    kind: str
    x: str
    width: str
    end: str
    gap: bool


def slices(parts: Sequence[tuple[str, float]], *, total: float | None = None) -> list[Slice]:
    """Parts as percentages of `total` (their sum when not given), each with a gap after it but the last."""
    parts = [(kind, float(size)) for kind, size in parts if size > 0]
    whole = float(total) if total else sum(size for _kind, size in parts)
    if not whole:
        return []
    found, at = [], 0.0
    for kind, size in parts:
        width = min(size / whole * 100, 100 - at)
        end = at + width
        found.append(Slice(kind, f"{at:.2f}%", f"{width:.2f}%", f"{end:.2f}%", gap=end < 99.9))
        at = end
    return found
