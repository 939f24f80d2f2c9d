"""The replay itself: each past request judged by other terms, by the very rules of the clocks. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from metrics.whatif.states import MEASURES, Cell, Flip, Past, Result
from requests_app.agreements import clockwork
from requests_app.agreements.clockwork import Gauge, Pause
from requests_app.agreements.states import Reopening, Time
from requests_app.agreements.terms import Terms

ENDED = frozenset({"declined", "cancelled"})
GAPS = frozenset({"delivered", "reopened"})
GaugeAt = Callable[[int | None, datetime], Gauge]  # calendar version of the filing, instant → how it is measured
Targets = dict[int, Time]


class Stretch(NamedTuple):
    """A wait or a gap, as `RequestFact.course` tells of it: the reason for the wait, or what was withdrawn."""

    why: str
    begins: datetime
    ends: datetime | None


class Level(NamedTuple):
    """A priority, as long as the clock was told of no other."""

    priority: int
    since: datetime
    until: datetime | None


class Run(NamedTuple):
    """One run of a clock; a second one only after a reopening that begins anew."""

    started: datetime
    ended: datetime | None
    pauses: list[Pause]


class Replay:
    """Feed it requests; `result` holds what came out so far."""

    def __init__(self, terms: Terms, gauge_at: GaugeAt, now: datetime) -> None:
        self.now, self.gauge_at = now, gauge_at
        self.restarts = terms.reopening == Reopening.RESTART
        self.pausing = GAPS | frozenset(terms.pausing)
        self.targets = {measure: terms.targets.get(measure, {}) for measure in MEASURES}
        self.result = Result()

    def take_in(self, pasts: Iterable[Past]) -> None:
        for past in pasts:
            self._one(past)

    def _one(self, past: Past) -> None:
        result, day = self.result, past.created_day
        result.n += 1
        stood = _stood(past) if past.course else []
        month, service = day.year * 100 + day.month, past.service_id or 0
        for measure, targets in self.targets.items():
            course = Course(past, measure, stood, self.pausing if measure == "resolution" else None, self.restarts)
            was, would = past.was(measure, self.now), course.kept(targets, self.gauge_at, self.now)
            result.cells[Cell(measure, past.priority, service, month, would, was)] += 1
            if would is not None and was is not None and would != was:
                result.flip(Flip(past.request_id, measure, would, past.confidential))
            if not course.abandoned:
                result.spend(measure, past.priority, course.spent(self.gauge_at))
        result.without_target += not any(past.priority in targets for targets in self.targets.values())


class Course:
    """One measure of one request: when it began, stood still, and stopped. `pausing` None: it never stands still."""

    __slots__ = ("abandoned", "levels", "runs", "stopped", "version")

    def __init__(
        self, past: Past, measure: str, stood: list[Stretch], pausing: frozenset[str] | None, restarts: bool
    ) -> None:
        stopped, over = _stop(past, measure, stood), past.closed_at if past.outcome in ENDED else None
        self.abandoned = over is not None and (stopped is None or stopped > over)
        self.stopped = None if self.abandoned else stopped
        ended = over if self.abandoned else stopped
        self.version = past.calendar_version_id
        self.runs = (
            _runs(past, ended, stood, pausing, restarts) if stood and pausing else [Run(past.created_at, ended, [])]
        )
        changes = past.course.get("levels") if past.course else None
        self.levels = (
            _levels(past, changes, ended, stood if pausing else [])
            if changes
            else [Level(past.priority, past.created_at, None)]
        )

    def kept(self, targets: Targets, gauge_at: GaugeAt, now: datetime) -> bool | None:
        """As the facts decide: missed stays missed, also by a target that a change of priority has since replaced.

        None: undecided, or the terms promise nothing for its priority.
        """
        if self.levels[-1].priority not in targets:
            return None
        for level in self.levels:
            target = targets.get(level.priority)
            if target is not None and self._missed(gauge_at(self.version, level.since), target, level, now):
                return False
        return True if self.stopped is not None else None

    def _missed(self, gauge: Gauge, target: Time, level: Level, now: datetime) -> bool:
        """Whether the target was reached before the clock stopped, had another target, or is asked."""
        _priority, since, until = level
        for started, ended, pauses in self.runs:
            if ended is not None and ended <= since:
                continue  # that run knew only the target before
            judged_at = now if ended is None or now < ended else ended
            if until is not None and until < judged_at:
                judged_at = until
            if judged_at > started:
                due = gauge.due(started, pauses, target)
                if due is not None and due < judged_at:
                    return True
        return False

    def spent(self, gauge_at: GaugeAt) -> float | None:
        """Working seconds of the last run; None while it is not done."""
        if self.stopped is None:
            return None
        started, _ended, pauses = self.runs[-1]
        worktime = gauge_at(self.version, self.levels[-1].since).worktime
        if pauses:
            return clockwork.elapsed(worktime, started, self.stopped, pauses)
        return worktime.between(started, self.stopped) if self.stopped > started else 0.0


def _stop(past: Past, measure: str, stood: list[Stretch]) -> datetime | None:
    """When the clock of this measure stopped; of deliveries one after the other the first counts."""
    if measure == "response":
        return past.responded_at
    if measure == "acceptance":
        return past.taken_on_at
    withdrawn = any(stretch.why in GAPS for stretch in stood)
    return past.delivered_at if withdrawn or past.delivered_at is None else past.first_delivered_at


def _stood(past: Past) -> list[Stretch]:
    return [
        Stretch(why, datetime.fromisoformat(begins), datetime.fromisoformat(ends) if ends else None)
        for why, begins, ends in past.course.get("stood", ())
    ]


def _runs(
    past: Past, ended: datetime | None, stood: list[Stretch], pausing: frozenset[str], restarts: bool
) -> list[Run]:
    found: list[Run] = []
    pauses: list[Pause] = []
    started = past.created_at
    for why, begins, ends in stood:
        if why == "reopened" and restarts:
            found.append(Run(started, begins, pauses))
            started, pauses = ends or begins, []
        elif why in pausing:
            pauses.append((begins, ends))
    return [*found, Run(started, ended, pauses)]


def _levels(past: Past, changes: list[list], ended: datetime | None, stood: list[Stretch]) -> list[Level]:
    """As the clock took them: it hears of no change once it has stopped, or between two runs."""
    found: list[Level] = []
    current, since = changes[0][0], past.created_at
    followers = [priority for priority, _until in changes[1:]] + [past.priority]
    for (_priority, until), following in zip(changes, followers, strict=True):
        at = datetime.fromisoformat(until)
        if (ended is None or at < ended) and not _in_gap(stood, at):
            found.append(Level(current, since, at))
            current, since = following, at
    return [*found, Level(current, since, None)]


def _in_gap(stood: list[Stretch], at: datetime) -> bool:
    return any(why in GAPS and ends is not None and begins <= at < ends for why, begins, ends in stood)
