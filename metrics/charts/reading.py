"""Weeks, the phases they belong to, and what their limits say: the chart before anybody draws it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.charts.states import (
    ENOUGH_TO_FREEZE,
    FEWEST_AFTER_A_CHANGE,
    FEWEST_FOR_LIMITS,
    FEWEST_ROWS,
)
from metrics.charts.statistics import Alarm, Limits, Point, Scale, alarms, limits_of


@dataclass(frozen=True)
class Week:
    """`total` is how many of the n rows counted, or how often it happened in them. None: hidden, or nothing there."""

    starts_on: date
    n: int
    value: float | None
    total: float = 0.0
    is_count: bool = False

    @property
    def is_judged(self) -> bool:
        return self.value is not None and (self.is_count or self.n >= FEWEST_ROWS)

    @property
    def point(self) -> Point:
        """Of a judged week."""
        return Point(self.n, self.value or 0.0, self.total)


@dataclass(frozen=True)
class Span:
    """A phase as it is known: from which week, and its limits if they are frozen, with how many weeks made them."""

    starts_on: date
    limits: Limits | None = None
    weeks: int = 0


@dataclass(frozen=True)
class Stretch:
    """The weeks [first, last] of one phase. Without limits there were too few weeks to tell."""

    first: int
    last: int
    starts_on: date
    limits: Limits | None
    weeks: int
    is_frozen: bool


@dataclass(frozen=True)
class Reading:
    """`alarms` count places among all weeks; `distances` are standard deviations from the centre of the own phase."""

    weeks: Sequence[Week]
    stretches: list[Stretch]
    alarms: list[Alarm]
    distances: dict[int, float]


def read(weeks: Sequence[Week], spans: Sequence[Span], scale: Scale, rules: Sequence[int]) -> Reading:
    """Each phase is judged by its own limits, no rule reaches over its border. Without phases, one from the start."""
    if not weeks:
        return Reading(weeks, [], [], {})
    known = sorted(spans, key=lambda span: span.starts_on) or [Span(weeks[0].starts_on)]
    stretches: list[Stretch] = []
    found: list[Alarm] = []
    distances: dict[int, float] = {}
    for place, span in enumerate(known):
        end = known[place + 1].starts_on if place + 1 < len(known) else None
        inside = [
            at
            for at, week in enumerate(weeks)
            if week.starts_on >= span.starts_on and (not end or week.starts_on < end)
        ]
        if not inside:
            continue
        judged = [at for at in inside if weeks[at].is_judged]
        limits, based_on = _limits(span, [weeks[at].point for at in judged], scale, is_first=place == 0)
        stretches.append(Stretch(inside[0], inside[-1], span.starts_on, limits, based_on, span.limits is not None))
        if limits is None:
            continue
        off = [limits.distance(weeks[at].point) for at in judged]
        distances |= dict(zip(judged, off, strict=True))
        found += [_placed(alarm, judged) for alarm in alarms(off, [weeks[at].point.value for at in judged], rules)]
    return Reading(weeks, stretches, sorted(found, key=lambda alarm: (alarm.at, alarm.rule)), distances)


def _limits(span: Span, points: Sequence[Point], scale: Scale, *, is_first: bool) -> tuple[Limits | None, int]:
    if span.limits is not None:
        return span.limits, span.weeks
    basis = points[:ENOUGH_TO_FREEZE]
    fewest = FEWEST_FOR_LIMITS if is_first else FEWEST_AFTER_A_CHANGE
    return (limits_of(basis, scale), len(basis)) if len(basis) >= fewest else (None, len(basis))


def _placed(alarm: Alarm, judged: Sequence[int]) -> Alarm:
    return Alarm(alarm.rule, judged[max(alarm.first, 0)], judged[alarm.at], judged[alarm.last], alarm.above)


def frozen_limits(weeks: Sequence[Week], span: Span, scale: Scale) -> Limits | None:
    """The limits that a phase keeps: of its first twenty judged weeks; None while there are fewer."""
    points = [week.point for week in weeks if week.starts_on >= span.starts_on and week.is_judged]
    return limits_of(points[:ENOUGH_TO_FREEZE], scale) if len(points) >= ENOUGH_TO_FREEZE else None


def new_level_since(reading: Reading, effective_on: date, *, above_is_better: bool) -> date | None:
    """The first of eight weeks in a row on the better side of the last phase's centre, from `effective_on` on.

    Only then an improvement may begin a phase of its own; None when it did not come to that.
    """
    if not reading.stretches:
        return None
    last = reading.stretches[-1]
    run: list[int] = []
    for place in range(last.first, last.last + 1):
        off = reading.distances.get(place)
        week = reading.weeks[place]
        if off is None or week.starts_on < effective_on or week.starts_on == last.starts_on:
            continue
        run = [*run, place] if (off > 0 if above_is_better else off < 0) else []
        if len(run) == FEWEST_AFTER_A_CHANGE:
            return reading.weeks[run[0]].starts_on
    return None
