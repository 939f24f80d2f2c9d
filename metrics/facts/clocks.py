"""One promise, replayed from events: when it ran, whether it was kept, when it was missed. Pure."""

from datetime import datetime

from requests_app.agreements import clockwork
from requests_app.agreements.states import Time

LAST_PART = 0.1  # of a target, in which a pause that begins is worth a look


class FactClock:
    """Runs in working time from the filing of the request, outside pauses. Once missed, it stays missed."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        self.gauge: clockwork.Gauge | None = None
        self.target: Time | None = None
        self.imported_due: datetime | None = None
        self.pauses: list[clockwork.Pause] = []
        self.stood: list[list] = []  # [why, from, to or None]: every wait and gap, whether it paused this clock or not
        self.stopped_at: datetime | None = None
        self.breached_at: datetime | None = None
        self.abandoned = False

    @property
    def has_target(self) -> bool:
        return self.imported_due is not None or (self.target is not None and self.gauge is not None)

    def aim(self, target: Time | None, gauge: clockwork.Gauge | None) -> None:
        """A new target, measured from the original start. What was missed before stays missed."""
        if self.stopped_at is None:
            self.target, self.gauge = target, gauge

    def restart(self, at: datetime) -> None:
        """After a reopening, where that was agreed: the whole target again."""
        self.started_at, self.stopped_at, self.pauses = at, None, []

    def settle(self, now: datetime) -> None:
        """Note the breach if the target lies behind `now`. To be called before anything changes at `now`."""
        if self.breached_at is None and self.stopped_at is None:
            due = self.due()
            if due is not None and due < now:
                self.breached_at = due

    def breach(self, due: datetime) -> None:
        """The log itself says that the target was missed."""
        if self.breached_at is None:
            self.breached_at = due

    def pause(self, at: datetime) -> None:
        if self.stopped_at is None and not self.paused:
            self.settle(at)
            self.pauses.append((at, None))

    def nearly_out(self, at: datetime) -> bool:
        """Whether `at` lies in the last tenth of the target, which is not missed yet."""
        if self.gauge is None or self.target is None or self.stopped_at is not None:
            return False
        due = self.due()
        if self.breached_at is not None or due is None or due < at:
            return False
        begins = self.gauge.due(self.started_at, self.pauses, self.target, 1 - LAST_PART)
        return begins is not None and begins <= at

    def hold(self, at: datetime, why: str) -> None:
        """The request waits. Noted also where this target runs on, because another agreement might pause there."""
        if self.stopped_at is None:
            self._end_wait(at)
            self.stood.append([why, at, None])

    def run_on(self, at: datetime, gap: str = "delivered") -> None:
        """After a pause; or after a delivery that did not stand: the time since is neither work nor waiting."""
        self._end_wait(at)
        if self.stopped_at is not None:
            self.stood.append([gap, self.stopped_at, at])
        if self.paused:
            self.pauses[-1] = (self.pauses[-1][0], at)
        elif self.stopped_at is not None:
            self.pauses.append((self.stopped_at, at))
            self.stopped_at = None

    def stop(self, at: datetime) -> None:
        if self.stopped_at is None:
            self.settle(at)
            self._end_wait(at)
            if self.paused:
                self.run_on(at)
            self.stopped_at = at

    def _end_wait(self, at: datetime) -> None:
        if self.stood and self.stood[-1][2] is None:
            self.stood[-1][2] = at

    def abandon(self, at: datetime) -> None:
        """The request ended without a result: kept can no longer be said, missed stays."""
        self.stop(at)
        self.abandoned = True

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    def due(self) -> datetime | None:
        """When the target is reached, were the clock to run on; None without a target or while paused before that."""
        if self.imported_due is not None:
            return self.imported_due
        if self.target is None or self.gauge is None:
            return None
        return self.gauge.due(self.started_at, self.pauses, self.target)

    @property
    def kept(self) -> bool | None:
        """False once missed, True when it stopped in time, None while undecided or without a target."""
        if not self.has_target:
            return None
        if self.breached_at is not None:
            return False
        return True if self.stopped_at is not None and not self.abandoned else None

    @property
    def due_at(self) -> datetime | None:
        """The instant by which it has to stop, while it can still be kept."""
        open_still = self.breached_at is None and self.stopped_at is None
        return self.due() if open_still else None

    @property
    def decided_at(self) -> datetime | None:
        return {True: self.stopped_at, False: self.breached_at, None: None}[self.kept]
