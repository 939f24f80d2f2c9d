"""A case lived again: from its steps to the rows it leaves and the events of its log. No query but for calendars.

The desk refuses steps out of order; the past cannot be refused. So every step is taken as it came: work after a
delivery reopens, work at another department without an offer moves the request there, and what follows an offer
answers it. The rows end in a state that the desk itself could have reached.
"""

from datetime import datetime, timedelta
from typing import Any

from requests_app.agreements.states import Side
from requests_app.desk import states
from requests_app.desk.models import Handoff, Message, ServiceRequest
from requests_app.desk.models import Hold as HoldRow
from requests_app.desk.states import HandoffState, Status
from requests_app.events.models import Event
from requests_app.events.states import REQUEST
from requests_app.imports.clocking import CaseClocks
from requests_app.imports.states import MOVES, Case, Step

AFTER = frozenset({Status.DELIVERED, *states.ENDED})
ENDS_WAITING = frozenset(MOVES) - {"offer", "give_back", "take_back"}
NOT_AFTER = frozenset({"hold", "accept", "start", "resume", "offer", "take", "work"})


class Life:
    """One pass over the steps of a case; afterwards the rows and events are there, not yet written."""

    def __init__(self, case: Case, *, pk: int, nobody: int, now: datetime) -> None:
        """`nobody` is the person who signs where the source names no one and a name is needed."""
        self.case, self.nobody, self.now = case, nobody, now
        self.row = _first_row(case, pk, nobody)
        self.clocks = CaseClocks(case, self.row)
        self.events: list[Event] = []
        self.holds: list[HoldRow] = []
        self.handoffs: list[Handoff] = []
        self.messages: list[Message] = []
        self.links: list[tuple[Event, str, Handoff | Message]] = []  # filled once the rows have their numbers
        self.offered_to: int | None = None
        self.offer_row: Handoff | None = None
        self._file()
        for step in case.steps:
            self._take_in(step)
        self._finish()

    # ── Every step ───────────────────────────────────────────────────────────

    def _take_in(self, step: Step) -> None:
        self.row.version += 1
        self.row.changed_at = max(self.row.changed_at, step.at)
        if self.row.status in AFTER and step.move in NOT_AFTER:
            if step.move not in self.case.reopening:
                return self._assign(step)  # noted, but the delivery stands
            self._emit("request.reopened", step.at, step, department=self.row.supplier_id, reason="")
            self._back_to_work(step.at)
        self._end_waiting(step)
        return getattr(self, f"_{step.move}")(step)

    def _end_waiting(self, step: Step) -> None:
        if self.row.status != Status.ON_HOLD or step.move == "resume":
            return
        if step.move not in ENDS_WAITING:
            if self.case.holds_last:
                return
            self._emit("request.resumed", step.at, step, department=self.row.supplier_id, by_reply=False)
        self._stop_waiting(step.at)

    def _stop_waiting(self, at: datetime) -> None:
        if self.holds and self.holds[-1].ended_at is None:
            self.holds[-1].ended_at = max(at, self.holds[-1].began_at)
        self.row.status, self.row.hold_reason = Status.IN_PROGRESS, ""
        self.clocks.resume(at)

    def _emit(self, kind: str, at: datetime, step: Step | None, *, department: int, **data: Any) -> Event:
        data["department"] = department
        if kind.startswith("request."):  # whoever acts has it, as the figures read the log
            self.row.supplier_id = department
        if self.case.imported:
            data["imported"] = True
            if step and step.row:
                data["row"] = step.row
        event = Event(
            kind=kind, subject_kind=REQUEST, subject_id=self.row.pk, at=at, data=data,
            actor_id=step.actor if step else None,
        )  # fmt: skip
        self.events.append(event)
        return event

    def _file(self) -> None:
        case = self.case
        event = self._emit(
            "request.filed", case.created_at, None, department=case.supplier, **_filed_data(case, self.row)
        )
        event.actor_id = case.filed_by or (None if case.imported else case.requester)
        if case.filed_by and case.filed_by != case.requester:
            event.on_behalf_of_id = case.requester

    # ── The supplier ─────────────────────────────────────────────────────────

    def _accept(self, step: Step) -> None:
        came = self._hold_here(step)
        if came or self.row.status == Status.NEW:
            self.row.status = Status.ACCEPTED
        self.row.assignee_id = step.actor or (None if came else self.row.assignee_id)
        self._emit("request.accepted", step.at, step, department=self.row.supplier_id, assignee=step.actor)

    def _start(self, step: Step) -> None:
        self._hold_here(step)
        self.row.status = Status.IN_PROGRESS
        self.row.assignee_id = self.row.assignee_id or step.actor
        self._emit("request.started", step.at, step, department=self.row.supplier_id)

    def _hold(self, step: Step) -> None:
        self._hold_here(step)
        hold, note = step.hold, step.words.get("note", "")
        if hold is None:
            raise ValueError("a hold needs its reason")
        self.row.status, self.row.hold_reason = Status.ON_HOLD, hold.reason
        if hold.pauses:
            self.clocks.pause(step.at, hold.reason)
        self.holds.append(
            HoldRow(
                service_request_id=self.row.pk,
                reason=hold.reason,
                pauses_clock=hold.pauses,
                note=note,
                began_at=step.at,
            )
        )
        data = {"reason": hold.reason, "pauses": hold.pauses, "note": note}
        self._emit("request.held", step.at, step, department=self.row.supplier_id, **data)

    def _resume(self, step: Step) -> None:
        self._hold_here(step)
        self._stop_waiting(step.at)
        by_reply = bool(step.words.get("by_reply"))
        self._emit("request.resumed", step.at, step, department=self.row.supplier_id, by_reply=by_reply)

    def _deliver(self, step: Step) -> None:
        self._hold_here(step)
        self._done(step.at)
        self._emit("request.delivered", step.at, step, department=self.row.supplier_id, note=step.words.get("note", ""))

    def _decline(self, step: Step) -> None:
        self._end(step, Status.DECLINED, "request.declined")

    def _work(self, step: Step) -> None:
        if self.row.status == Status.NEW:
            self._accept(step)
        else:
            self._assign(step)

    def _assign(self, step: Step) -> None:
        """A sign of life at a department; nothing else changes."""
        before, self.row.assignee_id = self.row.assignee_id, step.actor or self.row.assignee_id
        at = step.department or self.row.supplier_id
        self._emit("request.assigned", step.at, step, department=at, assignee=step.actor, before=before)

    def _reprioritise(self, step: Step) -> None:
        row, words = self.row, step.words
        before = {name: getattr(row, name) for name in ("priority", "urgency", "impact")}
        after = {name: words.get(name, value) for name, value in before.items()}
        for name, value in after.items():
            setattr(row, name, value)
        targets = words.get("targets", {})
        self.clocks.aim(targets, step.at)
        data = {"before": before, "after": after, "reason": words.get("reason", ""), "targets": targets}
        self._emit("request.reprioritised", step.at, step, department=row.supplier_id, **data)

    # ── The customer ─────────────────────────────────────────────────────────

    def _confirm(self, step: Step) -> None:
        self._close(step, kind="request.confirmed")

    def _close(self, step: Step, kind: str = "request.closed") -> None:
        department = step.department or self.row.supplier_id
        if self.row.status != Status.DELIVERED:  # closed without a word before: that was the delivery
            self._hold_here(step)
            self._done(step.at)
        self.row.status, self.row.closed_at = Status.CLOSED, step.at
        data = {"automatic": bool(step.words.get("automatic", True))} if kind == "request.closed" else {}
        self._emit(kind, step.at, step, department=department, **data)

    def _reject(self, step: Step) -> None:
        data = {name: step.words.get(name, "") for name in ("agreed", "received", "remedy")}
        self._emit("request.rejected", step.at, step, department=self.row.supplier_id, **data)
        self._back_to_work(step.at)

    def _reopen(self, step: Step) -> None:
        self.row.supplier_id = step.department or self.row.supplier_id
        reason = step.words.get("reason", "")
        self._emit("request.reopened", step.at, step, department=self.row.supplier_id, reason=reason)
        self._back_to_work(step.at)

    def _cancel(self, step: Step) -> None:
        self._end(step, Status.CANCELLED, "request.cancelled")

    def _rate(self, step: Step) -> None:
        data: dict[str, Any] = {"rating": None, "dimensions": {}, "effort": None, "supplier": self.row.supplier_id}
        data |= {"person": self.row.requester_id} | step.words
        self._emit("rating.given", step.at, step, department=self.row.supplier_id, **data)

    def _count(self, step: Step) -> None:
        data = {"rating": None, "supplier": self.row.supplier_id} | step.words
        self._emit("rating.counted", step.at, step, department=self.row.supplier_id, **data)

    def _invite(self, step: Step) -> None:
        data = {"invitation": None, "person": self.row.requester_id, "supplier": self.row.supplier_id} | step.words
        self._emit("rating.invited", step.at, step, department=self.row.supplier_id, **data)

    # ── Between departments ──────────────────────────────────────────────────

    def _offer(self, step: Step) -> None:
        sender, receiver = self.row.supplier_id, step.department or self.row.supplier_id
        self._answer_offer(HandoffState.WITHDRAWN, step)
        reason = step.words.get("reason", "")
        data = {"handoff": None, "from": sender if sender != receiver else None, "to": receiver, "reason": reason}
        event = self._emit("handoff.offered", step.at, step, department=receiver, **data)
        self.offered_to = receiver
        if sender == receiver:  # back into its own pool: an offer in the log, but nothing anybody could answer
            return
        self.offer_row = Handoff(
            service_request_id=self.row.pk, sender_id=sender, receiver_id=receiver, reason=reason,
            offered_by_id=step.actor or self.nobody, offered_at=step.at,
        )  # fmt: skip
        self.handoffs.append(self.offer_row)
        self.links.append((event, "handoff", self.offer_row))

    def _take(self, step: Step) -> None:
        offer, sender = self.offer_row, self.row.supplier_id
        if offer is None:
            return self._accept(step)
        self._answer_offer(HandoffState.ACCEPTED, step)
        self.row.supplier_id, self.row.assignee_id = offer.receiver_id, step.actor
        self.row.status = Status.ACCEPTED
        self.clocks.answered(step.at)
        data = {"handoff": None, "from": sender, "to": offer.receiver_id, "assignee": step.actor}
        event = self._emit("handoff.accepted", step.at, step, department=offer.receiver_id, **data)
        self.links.append((event, "handoff", offer))
        return None

    def _give_back(self, step: Step) -> None:
        self._turn_down(step, "handoff.declined", HandoffState.DECLINED)

    def _take_back(self, step: Step) -> None:
        self._turn_down(step, "handoff.withdrawn", HandoffState.WITHDRAWN)

    def _turn_down(self, step: Step, kind: str, state: str) -> None:
        offer = self.offer_row
        if offer is None:
            return self._assign(step)
        reason = step.words.get("reason", "")
        self._answer_offer(state, step, reason)
        data = {"handoff": None, "from": offer.sender_id, "to": offer.receiver_id, "reason": reason}
        event = self._emit(kind, step.at, step, department=offer.sender_id, **data)
        self.links.append((event, "handoff", offer))
        return None

    def _answer_offer(self, state: str, step: Step, answer: str = "") -> None:
        if self.offer_row is not None:
            row, self.offer_row = self.offer_row, None
            row.state, row.answered_by_id, row.answered_at, row.answer = state, step.actor, step.at, answer
        self.offered_to = None

    # ── What is said ─────────────────────────────────────────────────────────

    def _reply(self, step: Step) -> None:
        self.clocks.answered(step.at)
        event = self._say(step, "message.public", self.row.supplier_id)
        event.data |= {"side": str(Side.SUPPLIER), "human": True}

    def _ask(self, step: Step) -> None:
        event = self._say(step, "message.public", self.row.customer_id)
        event.data |= {"side": str(Side.CUSTOMER), "human": True}

    def _note(self, step: Step) -> None:
        self._say(step, "message.internal", self.row.supplier_id)

    def _say(self, step: Step, kind: str, department: int) -> Event:
        event = self._emit(kind, step.at, step, department=self.row.supplier_id, message=None)
        body = str(step.words.get("text", "")).strip()
        if body:
            message = Message(
                service_request_id=self.row.pk, author_id=step.actor or self.nobody, department_id=department,
                body=body, internal=kind == "message.internal", at=step.at,
            )  # fmt: skip
            self.messages.append(message)
            self.links.append((event, "message", message))
        return event

    # ── What several steps have in common ────────────────────────────────────

    def _hold_here(self, step: Step) -> bool:
        """The department of the step has it now, and that answers an offer; True when it had been elsewhere."""
        department = step.department or self.row.supplier_id
        taken = self.offered_to == department and step.move in ("accept", "start", "hold", "resume", "work")
        self._answer_offer(HandoffState.ACCEPTED if taken else HandoffState.WITHDRAWN, step)
        came, self.row.supplier_id = department != self.row.supplier_id, department
        self.clocks.answered(step.at)
        return came

    def _done(self, at: datetime) -> None:
        self.row.status, self.row.hold_reason = Status.DELIVERED, ""
        self.row.delivered_at, self.row.closed_at = at, None
        self.clocks.stop(at)

    def _back_to_work(self, at: datetime) -> None:
        self.row.status, self.row.hold_reason, self.row.closed_at = Status.IN_PROGRESS, "", None
        self.clocks.run_on(at)

    def _end(self, step: Step, status: str, kind: str) -> None:
        self._answer_offer(HandoffState.WITHDRAWN, step)
        self.row.status, self.row.hold_reason, self.row.closed_at = status, "", step.at
        self.clocks.stop(step.at)
        reason = step.words.get("reason", "")
        self._emit(kind, step.at, step, department=step.department or self.row.supplier_id, reason=reason)

    def _close_unanswered(self) -> None:
        days, delivered_at = self.case.close_after_days, self.row.delivered_at
        if days is not None and delivered_at is not None and delivered_at + timedelta(days=days) <= self.now:
            self._close(Step("close", delivered_at + timedelta(days=days)))
        else:
            self.row.acceptance_due_at = self.case.acceptance_due_at

    def _finish(self) -> None:
        if self.row.status not in states.OPEN:
            self._answer_offer(HandoffState.WITHDRAWN, Step("take_back", self.row.changed_at))
        if self.row.status == Status.DELIVERED:
            self._close_unanswered()
        self.clocks.finish(self.now)
        self.events += self.clocks.breaches


def _first_row(case: Case, pk: int, nobody: int) -> ServiceRequest:
    return ServiceRequest(
        pk=pk, title=case.title[:200], description=case.description, service_id=case.service, form_id=case.form,
        answers=case.answers, customer_id=case.customer, supplier_id=case.supplier,
        requester_id=case.requester or nobody,
        filed_by_id=case.filed_by or case.requester or nobody, status=Status.NEW, urgency=case.urgency,
        impact=case.impact, stated_urgency=case.urgency, stated_impact=case.impact, priority=case.priority,
        privacy=case.privacy, channel=case.channel, created_at=case.created_at, changed_at=case.created_at,
        external_id=case.external_id,
    )  # fmt: skip


def _filed_data(case: Case, row: ServiceRequest) -> dict[str, Any]:
    """The same keys as a live filing writes, and what only an imported case has."""
    data: dict[str, Any] = {
        "customer": case.customer, "supplier": case.supplier, "service": case.service, "requester": row.requester_id,
        "filed_by": row.filed_by_id, "priority": case.priority, "urgency": case.urgency, "impact": case.impact,
        "channel": case.channel, "need_type": case.need_type, "customer_kind": case.customer_kind,
        "privacy": case.privacy, "calendar": case.calendar, "targets": case.targets,
    }  # fmt: skip
    if case.due:
        data["due"] = {measure: due.isoformat() for measure, due in case.due.items()}
    if case.imported:
        data |= {"external_id": case.external_id, "rows": case.rows, "attributes": case.attributes}
    if case.filed_row:
        data["row"] = case.filed_row
    return data
