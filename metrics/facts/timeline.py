"""Who held a request when: stretches that follow each other without a gap and add up. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from metrics.facts.states import Party, Span, Stage
from requests_app.calendars.worktime import Worktime

SECOND = timedelta(seconds=1)
Lengths = tuple[int, int]  # working seconds, calendar seconds


class Ruler:
    """Whole seconds since filing. Spans are differences of these, so their sum is exact."""

    def __init__(self, origin: datetime, worktime: Worktime | None) -> None:
        self.origin = origin.astimezone(UTC)
        self.worktime = worktime
        self._known: dict[datetime, Lengths] = {}

    def since_filing(self, at: datetime) -> Lengths:
        known = self._known.get(at)
        if known is None:
            calendar = (at - self.origin) // SECOND
            working = calendar
            if self.worktime is not None:
                working = self.worktime.micros_between(self.origin, at) // 1_000_000
            known = self._known[at] = (working, calendar)
        return known

    def between(self, start: datetime, end: datetime) -> Lengths:
        (ws_start, cs_start), (ws_end, cs_end) = self.since_filing(start), self.since_filing(end)
        return ws_end - ws_start, cs_end - cs_start


@dataclass(frozen=True)
class Sums:
    unowned: Lengths
    supplier_work: Lengths
    customer_wait: Lengths
    waiting_for_customer: Lengths


class Timeline:
    """Begins with nobody holding it. Instants that go back in time are taken as the latest one seen."""

    def __init__(self, filed_at: datetime, ruler: Ruler) -> None:
        self.ruler = ruler
        self.since = filed_at
        self.holder: tuple[str, int | None, str] = (Party.NOBODY, None, Stage.NEW)
        self.done: list[Span] = []
        self.holds: dict[str, list[int]] = {}
        self.hold_reason = ""

    def work(self, at: datetime, department: int) -> None:
        self._pass_to(at, (Party.DEPARTMENT, department, Stage.WORK))

    def hold(self, at: datetime, party: str, department: int, reason: str) -> None:
        """Waiting for `party`; the department stays in charge, so it is named only where it holds."""
        holder = department if party == Party.DEPARTMENT else None
        self._pass_to(at, (party, holder, Stage.HELD))
        self.holds.setdefault(reason, [0, 0, 0])[0] += 1
        self.hold_reason = reason

    @property
    def on_hold(self) -> bool:
        return self.holder[2] == Stage.HELD

    def deliver(self, at: datetime) -> None:
        """Up to here it counts; what follows counts only if the delivery does not stand."""
        self._pass_to(at, (Party.CUSTOMER, None, Stage.VERDICT))

    def stop(self, at: datetime) -> None:
        if self.holder[2] != Stage.VERDICT:
            self._pass_to(at, (Party.CUSTOMER, None, Stage.VERDICT))

    def _pass_to(self, at: datetime, holder: tuple[str, int | None, str]) -> None:
        at = max(at, self.since)
        party, department, stage = self.holder
        ws, cs = self.ruler.between(self.since, at)
        if at > self.since:
            self.done.append(Span(party, department, stage, self.since, at, ws, cs))
        if self.hold_reason:
            spent = self.holds[self.hold_reason]
            spent[1], spent[2] = spent[1] + ws, spent[2] + cs
        self.since, self.holder, self.hold_reason = at, holder, ""

    def spans(self) -> list[Span]:
        """All stretches, neighbours with the same holder joined; the last one open while the supplier's work lasts."""
        found: list[Span] = []
        for span in self.done:
            last = found[-1] if found else None
            if last and (last.party, last.department_id, last.stage) == (span.party, span.department_id, span.stage):
                found[-1] = Span(
                    *_key(last), last.started_at, span.ended_at, _sum(last.ws, span.ws), _sum(last.cs, span.cs)
                )
            else:
                found.append(span)
        if self.holder[2] != Stage.VERDICT:
            found.append(Span(*self.holder, self.since, None, None, None))
        return found

    def sums(self) -> Sums:
        return Sums(
            unowned=self._total(lambda span: span.stage == Stage.NEW),
            supplier_work=self._total(lambda span: span.stage in (Stage.NEW, Stage.WORK)),
            customer_wait=self._total(lambda span: span.stage != Stage.VERDICT and span.party != Party.CUSTOMER),
            waiting_for_customer=self._total(lambda span: span.stage == Stage.HELD and span.party == Party.CUSTOMER),
        )

    def held_by(self, supplier: int) -> dict[str, int]:
        """Working seconds so far by holder, seen from `supplier`."""
        parts = dict.fromkeys(("supplier", "others", Party.CUSTOMER, Party.THIRD_PARTY, Party.NOBODY), 0)
        for span in self.done:
            own = "supplier" if span.department_id == supplier else "others"
            parts[own if span.party == Party.DEPARTMENT else span.party] += span.ws or 0
        return {f"held_by_{holder}_ws": ws for holder, ws in parts.items()}

    def _total(self, counts: Callable[[Span], bool]) -> Lengths:
        chosen = [span for span in self.done if counts(span)]
        return sum(span.ws or 0 for span in chosen), sum(span.cs or 0 for span in chosen)

    def hold_counts(self) -> tuple[int, int, dict[str, list[int]]]:
        times = sum(spent[0] for spent in self.holds.values())
        return times, self.holds.get("customer", [0])[0], self.holds


def _key(span: Span) -> tuple[str, int | None, str]:
    return span.party, span.department_id, span.stage


def _sum(one: int | None, other: int | None) -> int:
    return (one or 0) + (other or 0)
