"""The replay itself: each past request judged by other terms, by the very rules of the clocks. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from metrics.whatif.states import MEASURES, Past, Result
from requests_app.agreements import clockwork
from requests_app.agreements.clockwork import Gauge, Pause
from requests_app.agreements.states import Reopening, Time
from requests_app.agreements.terms import Terms

ENDED = frozenset({"declined", "cancelled"})
GAPS = frozenset({"delivered", "reopened"})
Run = tuple[datetime, datetime | None, list[Pause]]  # start, end, pauses
GaugeOf = Callable[[int | None], Gauge]


class Replay:
    """Feed it requests; `result` holds what came out so far. `gauge_of` takes the calendar version of the filing."""

    def __init__(self, terms: Terms, gauge_of: GaugeOf, now: datetime) -> None:
        self.terms, self.now = terms, now
        self.gauge_of = lru_cache(maxsize=None)(gauge_of)
        self.pausing = frozenset(terms.pausing)
        self.result = Result()

    def take_in(self, pasts: Iterable[Past], month_of: Callable[[datetime], str]) -> None:
        for past in pasts:
            self._one(past, month_of(past.created_at))

    def _one(self, past: Past, month: str) -> None:
        self.result.n += 1
        gauge, promised = self.gauge_of(past.calendar_version_id), False
        for measure in MEASURES:
            targets = self.terms.targets.get(measure, {})
            promised = promised or past.priority in targets
            clock = _Course(past, measure, self.pausing, restarts=self.terms.reopening == Reopening.RESTART)
            was = past.was(measure, self.now)
            would = clock.kept(gauge, targets, self.now)
            self.result.measures[measure].count(past, month, would, was)
            if would is not None and was is not None and would != was:
                self.result.flip(past, measure, would)
            if not clock.abandoned:
                self.result.spent.setdefault((measure, past.priority), []).append(clock.spent(gauge))
        self.result.without_target += not promised


class _Course:
    """One measure of one request: when it began, stood still, and stopped."""

    def __init__(self, past: Past, measure: str, pausing: frozenset[str], *, restarts: bool) -> None:
        self.past = past
        self.stopped = past.responded_at if measure == "response" else past.delivered_at
        self.abandoned = self.stopped is None and past.outcome in ENDED
        self.parts: list[Run] = [(past.created_at, self.stopped or (past.closed_at if self.abandoned else None), [])]
        if measure == "resolution":
            self.parts = _parts(past, self.parts[0][1], pausing, restarts=restarts)

    def kept(self, gauge: Gauge, targets: dict[int, Time], now: datetime) -> bool | None:
        """As the facts decide: missed stays missed, also by a target that a change of priority has since replaced."""
        levels = _levels(self.past, self.parts[-1][1])
        if targets.get(levels[-1][0]) is None:
            return None
        for started, ended, pauses in self.parts:
            for priority, until in levels:
                target = targets.get(priority)
                judged_at = min(at for at in (ended, until, now) if at is not None)
                if target is not None and judged_at > started and _missed(gauge, started, pauses, target, judged_at):
                    return False
        return True if self.stopped is not None else None

    def spent(self, gauge: Gauge) -> float | None:
        """Working seconds of the last part; None while it is not done."""
        if self.stopped is None:
            return None
        started, ended, pauses = self.parts[-1]
        return clockwork.elapsed(gauge.worktime, started, ended or started, pauses)


def _levels(past: Past, ended: datetime | None) -> list[tuple[int, datetime | None]]:
    """(priority, until) as the clock took them: it hears of no change once it has stopped, or between two runs."""
    changes = [(priority, datetime.fromisoformat(until)) for priority, until in past.course.get("levels", ())]
    followers = [priority for priority, _until in changes[1:]] + [past.priority]
    found: list[tuple[int, datetime | None]] = []
    current = changes[0][0] if changes else past.priority
    for (_priority, at), following in zip(changes, followers, strict=True) if changes else ():
        if (ended is None or at < ended) and not _in_gap(past, at):
            found.append((current, at))
            current = following
    return [*found, (current, None)]


def _in_gap(past: Past, at: datetime) -> bool:
    gaps = ((begins, ends) for why, begins, ends in past.course.get("stood", ()) if why in GAPS)
    return any(datetime.fromisoformat(begins) <= at < datetime.fromisoformat(ends) for begins, ends in gaps)


def _missed(gauge: Gauge, started: datetime, pauses: list[Pause], target: Time, at: datetime) -> bool:
    due = gauge.due(started, pauses, target)
    return due is not None and due < at


def _parts(past: Past, ended: datetime | None, pausing: frozenset[str], *, restarts: bool) -> list[Run]:
    """Each run of the clock; more than one only where a reopening begins anew."""
    found: list[Run] = []
    pauses: list[Pause] = []
    started = past.created_at
    for why, begins, ends in past.course.get("stood", ()):
        stretch = (datetime.fromisoformat(begins), datetime.fromisoformat(ends) if ends else None)
        if why == "reopened" and restarts:
            found.append((started, stretch[0], pauses))
            started, pauses = stretch[1] or stretch[0], []
        elif why in GAPS or why in pausing:
            pauses.append(stretch)
    return [*found, (started, ended, pauses)]


def months_in(zone: ZoneInfo) -> Callable[[datetime], str]:
    """ "2026-03" by the wall clock of this zone."""
    return lambda at: at.astimezone(zone).strftime("%Y-%m")
