"""Which figures can have a target, and how a target is typed and read: shares in percent, durations in hours. Pure."""

from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from metrics.rollups.definitions import DEFINITIONS, Definition, Direction, Unit

HOUR = 3600
FEWEST_STARS, MOST_STARS = 1, 5
MOST_HOURS = 10_000
MOST = 1_000_000
# What neither more nor less is better of has nothing to reach.
FIGURES = {key: one for key, one in DEFINITIONS.items() if one.direction != Direction.NEITHER}


@dataclass(frozen=True)
class Bounds:
    """Between which values a target lies, as stored, and in what it is typed."""

    low: float
    high: float
    factor: float  # stored value of one typed unit
    unit: str


def bounds_of(definition: Definition) -> Bounds:
    if definition.unit == Unit.SHARE:
        return Bounds(0, 1, 0.01, "%")
    if definition.unit == Unit.SCORE:
        return Bounds(FEWEST_STARS, MOST_STARS, 1, _("of 5"))
    if definition.unit == Unit.SECONDS:
        return Bounds(0, MOST_HOURS * HOUR, HOUR, _("h"))
    return Bounds(0, MOST, 1, "")


def refused(definition: Definition, value: float) -> str:
    """Why this cannot be the target, or nothing."""
    bounds = bounds_of(definition)
    if isfinite(value) and bounds.low <= value <= bounds.high:
        return ""
    said = {"low": f"{bounds.low / bounds.factor:g}", "high": f"{bounds.high / bounds.factor:g}", "unit": bounds.unit}
    return _("Give a value from %(low)s to %(high)s %(unit)s.") % said


def typed(definition: Definition, value: float) -> float:
    """As people write it: 0.92 is 92, 5400 seconds are 1.5 hours."""
    return round(value / bounds_of(definition).factor, 6)


def stored(definition: Definition, value: float) -> float:
    return round(value * bounds_of(definition).factor, 9)
