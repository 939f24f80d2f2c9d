"""The paths before and after a change: what differs beyond chance. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from metrics.process.states import Edge, Pair, Process, code_of, hidden
from metrics.rollups.states import Period
from metrics.rollups.statistics import intervals_differ, wilson
from requests_app.kernel.errors import WrongInput


def day_of(text: str, period: Period) -> date:
    """The first day after the change, as written in an address; WrongInput where it does not cut the period in two."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WrongInput({"split": [_("Write a date as year-month-day, like 2026-11-24.")]}) from error
    return cut_of(day, period)


def cut_of(day: date, period: Period) -> date:
    if not period.start < day < period.end:
        said = _("Choose a day after %(first)s and not after %(last)s, so that there is a before and an after.")
        raise WrongInput({"split": [said % {"first": period.start.isoformat(), "last": period.last.isoformat()}]})
    return day


def told_alike(before: Process, after: Process) -> tuple[Process, Process]:
    """What is hidden on one side is hidden on the other: the whole period less that one would tell it."""
    few = {edge.pair for process in (before, after) for edge in process.edges if edge.few}
    one, other = (
        replace(process, edges=[hidden(edge) if edge.pair in few else edge for edge in process.edges])
        for process in (before, after)
    )
    return one, other


@dataclass(frozen=True)
class Change:
    """One passage before and after. Verdicts are empty where the intervals overlap or cannot be given.

    `time`: faster or slower, by the 95 % intervals of the medians; `often`: more or less, by those of the shares of
    requests that went this way.
    """

    pair: Pair
    before: Edge | None
    after: Edge | None
    time: str
    often: str

    @property
    def sides(self) -> tuple[Edge | None, Edge | None]:
        return self.before, self.after

    @property
    def code(self) -> str:
        return code_of(self.pair)


def changes_of(before: Process, after: Process) -> list[Change]:
    """The passages of both, the commonest first."""
    earlier, later = _by_pair(before), _by_pair(after)
    pairs = sorted(earlier.keys() | later.keys(), key=lambda pair: (-_most(earlier.get(pair), later.get(pair)), pair))
    return [_change(pair, before, after, earlier.get(pair), later.get(pair)) for pair in pairs]


def _by_pair(process: Process) -> Mapping[Pair, Edge]:
    return {edge.pair: edge for edge in process.edges}


def _most(*edges: Edge | None) -> int:
    return max(edge.n if edge else 0 for edge in edges)


def _change(pair: Pair, before: Process, after: Process, one: Edge | None, other: Edge | None) -> Change:
    time = often = ""
    untold = (one and one.few) or (other and other.few)
    if one and other and intervals_differ(one.interval, other.interval):
        time = "faster" if (other.median or 0) < (one.median or 0) else "slower"
    shares = [wilson(edge.requests if edge else 0, whole.n) for edge, whole in ((one, before), (other, after))]
    if not untold and intervals_differ(*shares):
        often = "more" if shares[1] > shares[0] else "less"  # type: ignore[operator]  # they differ, so both are there
    return Change(pair, one, other, time, often)


def straight_changed(before: Process, after: Process) -> str:
    """more, less, or empty where chance explains the difference."""
    shares = wilson(before.straight, before.n), wilson(after.straight, after.n)
    if not intervals_differ(*shares):
        return ""
    return "more" if shares[1] > shares[0] else "less"  # type: ignore[operator]
