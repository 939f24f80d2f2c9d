"""The clocks of a replayed case, run by the same rules as those of a live request."""

from collections.abc import Iterator
from datetime import datetime

from requests_app.agreements.states import Days, Measure, Time
from requests_app.calendars.selectors import worktime_of
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.services import clocks as clock_services
from requests_app.events.models import Event
from requests_app.imports.states import Case, by_measure


class CaseClocks:
    """One clock a promise, by a target or by an imported deadline. Breaches of a deadline write no event: the
    deadline itself is in the log, and it need not lie in working time, where a clock could show it."""

    def __init__(self, case: Case, service_request: ServiceRequest) -> None:
        self.service_request = service_request
        self.deadlines = frozenset(measure for measure, _due in by_measure(case.due))
        self.by_measure = {clock.measure: clock for clock in _opened(case, service_request)}
        self.breaches: list[Event] = []

    def answered(self, at: datetime) -> None:
        """The supplier's first sign of life."""
        self._keep(clock_services.stop_response(self.by_measure, at))

    def pause(self, at: datetime, why: str) -> None:
        clock = self._resolution(at)
        if clock and clock.stopped_at is None and not _paused(clock):
            clock_services.pause(clock, at, why)

    def resume(self, at: datetime) -> None:
        clock = self.by_measure.get(Measure.RESOLUTION)
        if clock and clock.stopped_at is None and _paused(clock):
            clock_services.resume(clock, at)

    def run_on(self, at: datetime) -> None:
        """The delivery did not stand."""
        if clock := self.by_measure.get(Measure.RESOLUTION):
            clock_services.run_on(clock, at)

    def stop(self, at: datetime) -> None:
        for clock in self.by_measure.values():
            if clock.stopped_at is None:
                self._note(clock, at)
                clock_services.stop(clock, at)

    def aim(self, targets: dict, at: datetime) -> None:
        """Other targets from now on, measured from the original start; what was missed stays missed."""
        for measure, target in by_measure(targets):
            clock = self.by_measure.get(measure)
            if clock and clock.stopped_at is None:
                self._note(clock, at)
                clock.time, clock.agreement_id = _time(target), target["agreement"]
                clock_services.set_alarms(clock)

    def finish(self, now: datetime) -> None:
        """What was due before `now` has been noted, so that nobody is warned of it today."""
        for clock in self.by_measure.values():
            warning = clock_services.note_warning(clock, now)
            self._keep([warning] if warning else [])
            self._note(clock, now)
        self.service_request.due_at = clock_services.next_due(self.by_measure.values())

    def _resolution(self, at: datetime) -> Clock | None:
        clock = self.by_measure.get(Measure.RESOLUTION)
        if clock:
            self._note(clock, at)
        return clock

    def _note(self, clock: Clock, at: datetime) -> None:
        breach = clock_services.note_breach(clock, at)
        self._keep([breach] if breach else [])

    def _keep(self, events: list[Event]) -> None:
        self.breaches += [event for event in events if event.data["measure"] not in self.deadlines]


def _paused(clock: Clock) -> bool:
    return any(pause["to"] is None for pause in clock.pauses)


def _opened(case: Case, service_request: ServiceRequest) -> Iterator[Clock]:
    promised = {
        measure: (_time(target), target["calendar"], target["agreement"])
        for measure, target in by_measure(case.targets)
        if measure in clock_services.AT_FILING
    }
    for measure, due in by_measure(case.due):
        seconds = int(worktime_of(case.calendar).between(case.created_at, due))
        promised.pop(measure, None)
        if seconds > 0:  # a deadline before the filing is in the log, but no clock can show it
            promised[measure] = (seconds, case.calendar, None)
    for measure, (target, calendar, agreement) in promised.items():
        clock = Clock(
            service_request=service_request, measure=measure, agreement_id=agreement,
            calendar_version_id=calendar, started_at=case.created_at,
        )  # fmt: skip
        clock.time = target
        clock_services.set_alarms(clock)
        yield clock


def _time(target: dict) -> Time:
    return Days(target["days"]) if target.get("days") else target["seconds"]
