"""From the events of one request to its facts: a replay, pure and the same every time.

It follows the log even where the desk would have refused the order, because imported histories are like that: work
without acceptance, a second delivery, work after a delivery. What was done by whom and when is never guessed.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from metrics.facts import route
from metrics.facts.answers import Answered
from metrics.facts.clocks import FactClock
from metrics.facts.path import path_of
from metrics.facts.states import Facts, Folded, Happening, Outcome, Party, Worked
from metrics.facts.talk import Talk
from metrics.facts.timeline import Ruler, Timeline
from metrics.facts.transfers import Transfers
from requests_app.agreements.clockwork import Gauge
from requests_app.agreements.states import Days, Time
from requests_app.calendars.workdays import DayRule
from requests_app.calendars.worktime import Worktime

WorktimeOf = Callable[[int], Worktime]
RuleOf = Callable[[int], DayRule]
MEASURES = ("response", "acceptance", "resolution")
HELD_BY = {"customer": Party.CUSTOMER, "third_party": Party.THIRD_PARTY}
QUIET = ("clock.", "rating.", "asking.", "work.")  # these do not show that anybody moved the request


def fold(happenings: Iterable[Happening], worktime_of: WorktimeOf, rule_of: RuleOf | None = None) -> Folded | None:
    """Replay events in order of (at, id); None without the filing, by which everything is measured.

    `rule_of` answers for targets in working days; without it such targets are passed over.
    """
    events = list(happenings)
    filed = next((event for event in events if event.kind == "request.filed"), None)
    if filed is None:
        return None
    replay = Replay(filed, worktime_of, answered_offers(events), rule_of)
    for event in events:
        if event is not filed:
            replay.take_in(event)
    vars(replay.facts).update(path_of(filed, events, replay.ruler))
    return replay.result()


def answered_offers(events: Iterable[Happening]) -> frozenset[int]:
    """The handoffs whose answer is in the log itself."""
    answers = ("handoff.accepted", "handoff.declined", "handoff.withdrawn", "handoff.expired")
    return frozenset(event.data.get("handoff") or 0 for event in events if event.kind in answers)


class Replay:
    """One pass over the events. Each kind has a method of its name; kinds without one change nothing."""

    def __init__(
        self, filed: Happening, worktime_of: WorktimeOf, answered: frozenset[int], rule_of: RuleOf | None = None
    ) -> None:
        data, at = filed.data, filed.at
        self.worktime_of, self.rule_of = worktime_of, rule_of
        self.facts = _first_facts(data, at)
        self.answer = Answered(self.facts)
        calendar = data.get("calendar")
        self.ruler = Ruler(at, worktime_of(calendar) if calendar else None)
        self.owner: int = self.facts.supplier_id
        self.timeline = Timeline(at, self.ruler)
        self.transfers = Transfers(self.owner, answered, self.ruler, imported=self.facts.channel == "import")
        self.talk = Talk()
        self.work: list[Worked] = []
        self.clocks = {measure: FactClock(at) for measure in MEASURES}
        self.response, self.acceptance, self.resolution = self.clocks.values()
        self.levels: list[list] = []  # [priority, until]: those that were given up
        self.facts.calendar_version_id = calendar
        self._aim(data.get("targets") or {})
        for measure, due in (data.get("due") or {}).items():
            if due and measure in MEASURES:
                self.clocks[measure].imported_due = datetime.fromisoformat(due)

    def take_in(self, event: Happening) -> None:
        if not event.kind.startswith(QUIET):
            self.facts.last_event_at = max(event.at, self.facts.last_event_at or event.at)
        department = event.data.get("department") or self.owner
        step = getattr(self, event.kind.replace(".", "_"), None)
        if step is not None and event.kind.startswith("request."):
            self.owner = department
            self.transfers.note_stop(event.kind, department, event.at)
        self.transfers.note_work(event, department)
        if step is not None:
            step(event, department)

    # ── The supplier's steps ─────────────────────────────────────────────────

    def request_accepted(self, event: Happening, department: int) -> None:
        self._take_up(event.at, department)
        self.timeline.work(event.at, department)
        self.resolution.run_on(event.at)

    request_started = request_resumed = request_accepted

    def request_held(self, event: Happening, department: int) -> None:
        self._take_up(event.at, department)
        reason = event.data.get("reason") or "other"
        self.resolution.run_on(event.at)
        self.resolution.hold(event.at, reason)
        if event.data.get("pauses", reason == "customer"):
            self.facts.late_pauses += self.resolution.nearly_out(event.at)
            self.resolution.pause(event.at)
        self.timeline.hold(event.at, HELD_BY.get(reason, Party.DEPARTMENT), department, reason)

    def request_delivered(self, event: Happening, department: int) -> None:
        self._answer(event.at)
        self._take_on(event.at)
        self._deliver(event.at)

    def request_declined(self, event: Happening, department: int) -> None:
        self._end(event.at, Outcome.DECLINED)

    def request_reprioritised(self, event: Happening, department: int) -> None:
        after = event.data.get("after") or {}
        self.levels.append([self.facts.priority, event.at])
        self.facts.priority = after.get("priority") or self.facts.priority
        for clock in self.clocks.values():
            clock.settle(event.at)
        self._aim(event.data.get("targets") or {})

    def request_assigned(self, event: Happening, department: int) -> None:
        """Who works on it inside the department is not a figure; that somebody does counts as taken on."""
        if event.data.get("assignee"):
            self._take_on(event.at)

    # ── The customer's steps ─────────────────────────────────────────────────

    def request_confirmed(self, event: Happening, department: int) -> None:
        if self.facts.outcome != Outcome.DELIVERED:  # closed without a word before: that was the delivery
            self.request_delivered(event, department)
        self._judge(event.at, accepted=True)
        self.facts.outcome, self.facts.closed_at = Outcome.CLOSED, event.at

    request_closed = request_confirmed

    def request_rejected(self, event: Happening, department: int) -> None:
        self.facts.rejected += 1
        self._judge(event.at, accepted=False)
        self._back_to_work(event.at, department)

    def request_reopened(self, event: Happening, department: int) -> None:
        self._reopen(event.at, department, gap="reopened")
        if event.data.get("clock") == "restart":
            self.resolution.restart(event.at)

    def request_cancelled(self, event: Happening, department: int) -> None:
        self._end(event.at, Outcome.CANCELLED)

    # ── Handoffs, messages, clocks, ratings ──────────────────────────────────

    def handoff_offered(self, event: Happening, department: int) -> None:
        if self.facts.outcome != Outcome.OPEN:
            self._reopen(event.at, self.owner)
        elif self.timeline.on_hold and self.transfers.told_by_deeds(event.data.get("handoff")):
            self.resolution.run_on(event.at)
            self.timeline.work(event.at, self.owner)
        self.transfers.offer(event)

    def handoff_accepted(self, event: Happening, department: int) -> None:
        self.transfers.answer(event)
        self.request_accepted(event, department)

    def handoff_declined(self, event: Happening, department: int) -> None:
        self.transfers.answer(event)

    handoff_withdrawn = handoff_expired = handoff_declined

    def message_public(self, event: Happening, department: int) -> None:
        side, human = event.data.get("side"), event.data.get("human", True)
        if not human:
            return
        if side == "supplier":
            self._answer(event.at)
        self.talk.hear(side, at_work=self.facts.outcome == Outcome.OPEN)

    def work_logged(self, event: Happening, department: int) -> None:
        """Time spent says nothing about where the request stands."""
        day, seconds = event.data.get("day"), event.data.get("seconds") or 0
        self.work.append(Worked(department, date.fromisoformat(day) if day else None, event.at, seconds))
        self.facts.logged_seconds += seconds

    def clock_breached(self, event: Happening, department: int) -> None:
        """Of the promises to the customer; what departments promise each other inside is not its business."""
        if event.data.get("measure") in MEASURES and not event.data.get("holder"):
            self.clocks[event.data["measure"]].breach(event.at)

    def clock_recomputed(self, event: Happening, department: int) -> None:
        """Measured by new hours of a calendar or by a new agreement from now on, from the original start."""
        if event.data.get("targets"):
            for clock in self.clocks.values():
                clock.settle(event.at)
            self._aim(event.data["targets"])
            return
        for one in event.data.get("clocks") or ():
            if one["measure"] in MEASURES and not one["holder"]:
                clock = self.clocks[one["measure"]]
                clock.settle(event.at)
                clock.aim(clock.target, self._gauge(event.data["calendar"]))

    def rating_invited(self, event: Happening, department: int) -> None:
        self.facts.invited_at = self.facts.invited_at or event.at

    def rating_given(self, event: Happening, department: int) -> None:
        self.answer.say(event, self.owner)

    rating_changed = rating_given

    def rating_counted(self, event: Happening, department: int) -> None:
        self.answer.count(event.at, self.owner)

    def asking_rated(self, event: Happening, department: int) -> None:
        """The first word counts; the desk keeps no second one."""
        facts, data = self.facts, event.data
        if facts.asking_at is None:
            facts.asking_at = event.at
            facts.asking_complete = bool(data.get("complete"))
            facts.asking_in_time = bool(data.get("in_time"))
            facts.asking_right_place = bool(data.get("right_place"))

    # ── What several steps have in common ────────────────────────────────────

    def _aim(self, targets: dict) -> None:
        for measure, target in targets.items():
            if measure in MEASURES and target:
                self.clocks[measure].aim(_time(target), self._gauge(target.get("calendar")))

    def _gauge(self, calendar: int | None) -> Gauge | None:
        worktime = self.worktime_of(calendar) if calendar else self.ruler.worktime
        rule = self.rule_of(calendar) if calendar and self.rule_of else None
        return Gauge(worktime, rule) if worktime else None

    def _answer(self, at: datetime) -> None:
        if self.facts.responded_at is None:
            self.facts.responded_at = at
            self.response.stop(at)

    def _take_on(self, at: datetime) -> None:
        if self.facts.taken_on_at is None:
            self.facts.taken_on_at = at
            self.acceptance.stop(at)

    def _take_up(self, at: datetime, department: int) -> None:
        """The department has it in hand: begun without a word, it is accepted; after a delivery, reopened."""
        if self.facts.outcome != Outcome.OPEN:
            self._reopen(at, department)
        self._answer(at)
        self._take_on(at)
        self.facts.accepted_at = self.facts.accepted_at or at
        self.owner = department

    def _deliver(self, at: datetime) -> None:
        facts = self.facts
        facts.deliveries += 1
        facts.first_delivered_at = facts.first_delivered_at or at
        facts.delivered_at = at
        facts.outcome = Outcome.DELIVERED
        self.resolution.stop(at)
        self.timeline.deliver(at)
        self.talk.rest()

    def _judge(self, at: datetime, *, accepted: bool) -> None:
        if self.facts.verdict_at is None:
            self.facts.verdict_at, self.facts.accepted_first_time = at, accepted

    def _reopen(self, at: datetime, department: int, gap: str = "delivered") -> None:
        self.facts.reopened += 1
        if self.facts.deliveries:
            self._judge(at, accepted=False)
        self._back_to_work(at, department, gap)

    def _back_to_work(self, at: datetime, department: int, gap: str = "delivered") -> None:
        facts = self.facts
        facts.outcome, facts.delivered_at, facts.closed_at = Outcome.OPEN, None, None
        self.owner = department
        self.resolution.abandoned = False
        self.resolution.run_on(at, gap)
        self.timeline.work(at, department)

    def _end(self, at: datetime, outcome: str) -> None:
        self.facts.outcome, self.facts.closed_at = outcome, at
        for clock in self.clocks.values():
            if clock.stopped_at is None:
                clock.abandon(at)
        self.timeline.stop(at)

    # ── The end ──────────────────────────────────────────────────────────────

    def result(self) -> Folded:
        facts = self.facts
        facts.supplier_id = self.owner
        facts.left_at = None if facts.outcome == Outcome.OPEN else facts.delivered_at or facts.closed_at
        self._measure_durations()
        self._measure_clocks()
        self._measure_way()
        vars(facts).update(self.talk.counts())
        facts.course = _course(stood=self.resolution.stood, levels=self.levels)
        facts.holds, facts.customer_holds, facts.hold_reasons = self.timeline.hold_counts()
        if facts.deliveries:
            facts.one_touch = (
                facts.supplier_messages <= 1 and not facts.hops and not facts.offers
                and not facts.reopened and not facts.rejected
            )  # fmt: skip
        return Folded(facts, self.timeline.spans(), self.transfers.offers, self.work)

    def _measure_durations(self) -> None:
        facts, ruler = self.facts, self.ruler
        ends = {
            "first_response": facts.responded_at,
            "acceptance": facts.accepted_at,
            "resolution": facts.first_delivered_at,
            "full_resolution": facts.delivered_at,
        }
        for name, end in ends.items():
            self._set(name, ruler.since_filing(end) if end else None)
        if facts.verdict_at and facts.first_delivered_at:
            self._set("acceptance_delay", ruler.between(facts.first_delivered_at, facts.verdict_at))
        sums = self.timeline.sums()
        if facts.delivered_at:
            self._set("supplier_work", sums.supplier_work)
            self._set("customer_wait", sums.customer_wait)
            vars(facts).update(self.timeline.held_by(facts.supplier_id))
        if facts.accepted_at or facts.outcome != Outcome.OPEN:
            self._set("unowned", sums.unowned)
        if self.timeline.hold_counts()[1]:
            self._set("waiting_for_customer", sums.waiting_for_customer)
        known = [end for end in [*ends.values(), facts.closed_at, facts.verdict_at] if end]
        facts.data_quality = "negative" if any(end < facts.created_at for end in known) else ""

    def _set(self, name: str, lengths: tuple[int, int] | None) -> None:
        working, calendar = lengths or (None, None)
        setattr(self.facts, f"{name}_ws", working)
        setattr(self.facts, f"{name}_cs", calendar)

    def _measure_clocks(self) -> None:
        acceptance = self.acceptance
        self.facts.acceptance_kept = acceptance.kept
        self.facts.acceptance_due_at = acceptance.due_at if acceptance.kept is None else None
        for measure, clock in (("response", self.response), ("resolution", self.resolution)):
            kept = clock.kept
            setattr(self.facts, f"{measure}_target", clock.target if isinstance(clock.target, int) else None)
            setattr(self.facts, f"{measure}_kept", kept)
            setattr(self.facts, f"{measure}_due_at", clock.due_at if kept is None else None)
            setattr(self.facts, f"{measure}_breached_at", clock.breached_at if kept is False else None)
            setattr(self.facts, f"{measure}_decided_at", clock.decided_at)

    def _measure_way(self) -> None:
        facts = self.facts
        facts.route = self.transfers.route()
        facts.hops, facts.aba = route.hops(facts.route), route.bounces(facts.route)
        facts.returns, facts.offers = route.returns(facts.route), len(self.transfers.offers)
        facts.detours = self.transfers.detours()
        if facts.delivered_at:
            self.transfers.note_solver(facts.supplier_id)


def _first_facts(data: dict, at: datetime) -> Facts:
    supplier = data.get("supplier") or data["department"]
    return Facts(
        customer_id=data["customer"],
        supplier_id=supplier,
        first_supplier_id=supplier,
        service_id=data.get("service"),
        requester_id=data.get("requester"),
        priority=data.get("priority") or 0,
        created_at=at,
        need_type=data.get("need_type") or "",
        customer_kind=data.get("customer_kind") or "",
        channel=data.get("channel") or "",
        confidential=data.get("privacy") == "confidential" or bool(data.get("confidential")),
        last_event_at=at,
    )


def _time(target: dict) -> Time | None:
    return Days(target["days"]) if target.get("days") else target.get("seconds")


def _course(**parts: list[list]) -> dict:
    """What a replay under other terms needs beside the instants: waits and gaps, and priorities given up; in JSON."""
    written = lambda value: value.isoformat() if isinstance(value, datetime) else value  # noqa: E731
    return {name: [[written(value) for value in row] for row in rows] for name, rows in parts.items() if rows}
