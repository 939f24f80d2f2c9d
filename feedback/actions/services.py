"""Opening a corrective action and taking it through its steps; each locks the row, checks, changes and records."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions import policies
from feedback.actions.causes import propose_cause
from feedback.actions.measuring import effect_of
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.recurrence import earlier_of
from feedback.actions.states import (
    ANALYSED,
    CANCELLED,
    CLOSED,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOVES,
    OPEN,
    PLANNED,
    Move,
    Proposal,
    SourceKind,
    Words,
    check_on,
    move_of,
    step_due_on,
    usual_metric,
)
from feedback.actions.wording import checked
from requests_app.catalogue.models import Service
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, StaleVersion, WrongInput, check_text, require_text
from requests_app.org.models import Department, Person


@transaction.atomic
def open_action(
    *,
    by: Person | None = None,
    source_kind: str = SourceKind.OTHER,
    source_id: int | None = None,
    supplier: Department,
    customer: Department | None = None,
    service: Service | None = None,
    title: str,
    problem: str = "",
    at: datetime | None = None,
) -> CorrectiveAction:
    """Open an action, or answer the one that this source has already; WrongInput or NotAllowed otherwise.

    `by` None is the product itself, which may always. Without a customer the department above the supplier confirms.
    """
    if by is not None:
        policies.require_open(by, supplier)
    Department.objects.select_for_update(no_key=True).get(pk=supplier.pk)  # one at a time; filing goes on meanwhile
    if source_id is not None and (known := _of_source(source_kind, source_id)):
        return known
    action = CorrectiveAction(
        source_kind=source_kind,
        source_id=source_id,
        supplier=supplier,
        customer=_customer(supplier, customer),
        service=_service(supplier, service),
        title=require_text("title", title, longest=LONGEST_TITLE),
        problem=check_text("problem", problem.strip(), longest=LONGEST_TEXT),
        opened_at=at or timezone.now(),
        opened_by=by,
    )
    action.next_due_on = step_due_on(OPEN, timezone.localdate(action.opened_at))
    action.save()
    record_step("action.opened", action, by, action.opened_at)
    return action


def _of_source(kind: str, pk: int) -> CorrectiveAction | None:
    return CorrectiveAction.objects.filter(source_kind=kind, source_id=pk).first()


def _customer(supplier: Department, customer: Department | None) -> Department:
    customer = customer or supplier.parent
    if customer is None:
        raise WrongInput({"customer": [_("Choose the department that will say whether it worked.")]})
    if customer.pk == supplier.pk:
        raise WrongInput({"customer": [_("Nobody confirms their own work. Choose another department.")]})
    return customer


def _service(supplier: Department, service: Service | None) -> Service | None:
    if service is not None and service.department_id != supplier.pk:
        raise WrongInput({"service": [_("This department does not offer that. Choose one of its services.")]})
    return service


@transaction.atomic
def take_step(
    *,
    by: Person,
    action: CorrectiveAction,
    name: str,
    words: Words | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> CorrectiveAction:
    """Take the step `name`, or raise a DomainError and change nothing. The row is locked, then looked at."""
    move = move_of(name)
    action = lock_action(action.pk)
    now = at or timezone.now()
    policies.require_move(by, action, move)
    if expected_version is not None and expected_version != action.version:
        raise StaleVersion(_("Somebody took a step here since you opened it. Look at it again, then decide."))
    if action.state not in move.sources:
        raise IllegalMove(
            _("This is not possible while it stands at: %(state)s.") % {"state": action.get_state_display()}
        )
    words = checked(move, words or Words(), action, timezone.localdate(now))
    if words.proposal is not None:
        words = replace(words, cause=_proposed(by, action, words.proposal, now))
    _apply(action, move, words, by, now)
    _keep(action, move, by, now, _told(action, move, words))
    if move.name == "analyse":
        note_recurrence(action, now)
    return action


def _proposed(by: Person, action: CorrectiveAction, proposal: Proposal, now: datetime) -> Cause:
    return propose_cause(by=by, name=proposal.name, parent=proposal.below, action=action, at=now)


def lock_action(pk: int) -> CorrectiveAction:
    rows = CorrectiveAction.objects.select_for_update(of=("self",))
    return rows.select_related("supplier", "customer", "service", "cause", "owner").get(pk=pk)


def _apply(action: CorrectiveAction, move: Move, words: Words, by: Person, now: datetime) -> None:
    """What the step changes besides the state."""
    if move.name == "contain":
        action.containment = words.note
    elif move.name == "analyse":
        action.whys, action.cause = list(words.whys), words.cause
        action.service = words.service or action.service
    elif move.name == "plan":
        _plan(action, words)
    elif move.name == "finish":
        action.proof, action.done_at = words.note, now
    elif move.name == "verify":
        action.verified_by, action.verified_at = by, now
        action.check_on = check_on(timezone.localdate(now), words.check_days)
    elif move.name == "close":
        _close(action, words, by, now)
    elif move.name == "recur":
        _begin_again(action)
    action.ended_at = now if move.target in (CLOSED, CANCELLED) else None


def _plan(action: CorrectiveAction, words: Words) -> None:
    """By what it is measured is said with the plan, before anything can be seen; what is not said stays."""
    action.plan, action.owner, action.due_on = words.note, words.owner, words.due_on
    action.metric = words.metric or action.metric or usual_metric(action.source_kind)
    action.target_percent = words.target_percent or action.target_percent


def _close(action: CorrectiveAction, words: Words, by: Person, now: datetime) -> None:
    """With the figure as it is now; where it does not bear out that it worked, a reason says why it is closed."""
    _require_time_to_check(action, timezone.localdate(now))
    effect = effect_of(action, now)
    if effect and not effect.bears_out and not words.note:
        why = _("The figure does not bear it out: %(verdict)s Say why you close it all the same.")
        raise WrongInput({"note": [why % {"verdict": effect.words}]})
    action.closed_by, action.effect = by, effect.kept() if effect else None


def _require_time_to_check(action: CorrectiveAction, today: date) -> None:
    if action.check_on and today < action.check_on:
        raise IllegalMove(
            _("Whether it lasted shows from the day agreed for the check on; until then say if it came back.")
        )


def _begin_again(action: CorrectiveAction) -> None:
    """From the beginning: what was found and done stays in the history and to be read, the confirmation is void."""
    action.recurrences += 1
    action.verified_at = action.verified_by = action.check_on = None
    action.owner = action.due_on = action.done_at = action.closed_by = action.effect = None


def note_recurrence(action: CorrectiveAction, now: datetime) -> None:
    """The same problem soon after it was confirmed to be solved: the earlier action is opened again instead of this.

    Call with the action locked, in the transaction of what gave it its cause.
    """
    earlier = earlier_of(action, now)
    if earlier is None:
        return
    _begin_again(earlier)
    earlier.ended_at = None
    _keep(earlier, MOVES["recur"], None, now, {"again": action.pk})
    action.continues, action.ended_at = earlier, now
    _keep(action, MOVES["cancel"], None, now, {"continues": earlier.pk})


def _keep(action: CorrectiveAction, move: Move, by: Person | None, now: datetime, data: dict[str, Any]) -> None:
    before, action.state, action.version = action.state, move.target, action.version + 1
    if action.state != before or action.state == PLANNED:
        action.next_due_on = step_due_on(
            action.state, timezone.localdate(now), due_on=action.due_on, check_on=action.check_on
        )
    if action.state != before:
        action.overdue_told_on, action.overdue_level = None, 0
    action.save()
    record_step(move.event, action, by, now, {"before": before, **data})


def _told(action: CorrectiveAction, move: Move, words: Words) -> dict[str, Any]:
    """What the log keeps of the words said with a step."""
    data: dict[str, Any] = {"note": words.note} if words.note else {}
    if move.target == ANALYSED:
        data |= {"whys": list(words.whys), "cause": words.cause.pk, "cause_name": words.cause.name}
        data |= {"service": action.service_id}
    if move.name == "plan":
        data |= {"owner": words.owner.pk, "due_on": words.due_on.isoformat() if words.due_on else None}
        data |= {"metric": action.metric, "target_percent": action.target_percent}
    if move.name == "close":
        data |= {"effect": action.effect}
    return data


def record_step(
    kind: str, action: CorrectiveAction, by: Person | None, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Tell the log what happened to the action; call in the transaction of the change."""
    parties = {"customer": action.customer_id, "supplier": action.supplier_id, "department": action.supplier_id}
    source = {"source_kind": action.source_kind, "source": action.source_id} if action.state == OPEN else {}
    record(kind=kind, subject_kind="action", subject_id=action.pk, by=by, at=at, data=parties | source | (data or {}))
