"""Planning an improvement and taking it through its life; each locks the row, checks, changes and records."""

from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.improvement import policies
from metrics.improvement.models import Improvement, ImprovementAction
from metrics.improvement.states import (
    CHANGEABLE,
    FIGURES,
    FREE,
    LARGEST_EFFECT,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_ACTIONS,
    RUNNING,
    Horizon,
    Plan,
    Verdict,
    expects_better,
    move_of,
)
from metrics.rollups.states import Side
from requests_app.events.services import record
from requests_app.kernel.errors import DomainError, IllegalMove, StaleVersion, WrongInput, check_text, require_text
from requests_app.org.models import Department, Person
from requests_app.org.selectors import agents_of

REACH = timedelta(days=2 * 366)
SETTLED = ("side", "figure", "other", "service", "comparison", "expected", "effective_on", "triggered_from")
PLANNED_FIELDS = (*FREE, *SETTLED)


@transaction.atomic
def plan_improvement(*, by: Person, department: Department, plan: Plan, at: datetime | None = None) -> Improvement:
    """A new plan, or WrongInput naming each field and its remedy, or NotAllowed."""
    policies.require_lead(by, department)
    now = at or timezone.now()
    values = _checked(department, plan, timezone.localdate(now))
    row = Improvement.objects.create(department=department, created_at=now, created_by=by, **values)
    record_step("improvement.planned", row, by, now, _told(row))
    return row


@transaction.atomic
def change_improvement(
    *, by: Person, improvement: Improvement, plan: Plan, expected_version: int | None = None, at: datetime | None = None
) -> Improvement:
    """Say it otherwise. Once it runs only name, goal and owner: the rest was settled before anybody saw the result."""
    row = _locked(by, improvement.pk, expected_version)
    now = at or timezone.now()
    if row.state not in CHANGEABLE:
        raise IllegalMove(_not_while(row))
    before = _told(row)
    values = _checked(row.department, plan, timezone.localdate(now))
    if row.state == RUNNING:
        _require_settled(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    after = _told(row)
    changed = {name: after[name] for name in after if after[name] != before[name]}
    if changed:
        _save(row)
        record_step("improvement.changed", row, by, now, {"before": {name: before[name] for name in changed}} | changed)
    return row


def _require_settled(row: Improvement, values: dict[str, Any]) -> None:
    settled = _("This was settled when it started. Cancel this plan and make a new one.")
    errors = {name: [settled] for name in SETTLED if getattr(row, name) != values[name]}
    if errors:
        raise WrongInput(errors)


@transaction.atomic
def take_move(
    *,
    by: Person,
    improvement: Improvement,
    name: str,
    note: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Improvement:
    """Take the move `name`, or raise a DomainError and change nothing."""
    move = move_of(name)
    row = _locked(by, improvement.pk, expected_version)
    now = at or timezone.now()
    if row.state not in move.sources:
        raise IllegalMove(_not_while(row))
    check = require_text if move.needs_note else check_text
    note = check("note", note.strip(), longest=LONGEST_TEXT)
    more = _judged(row, note, now) if move.name == "judge" else {}
    before, row.state = row.state, move.target
    if row.state in ("closed", "cancelled"):
        row.ended_at = now
    _save(row)
    record_step(move.event, row, by, now, {"before": before} | ({"note": note} if note else {}) | more)
    return row


def _judged(row: Improvement, note: str, now: datetime) -> dict[str, Any]:
    """The words of the department beside what was counted; before there is something to tell nobody judges."""
    effect = row.effects.filter(horizon=Horizon.FIRST).first()
    if effect is None or effect.verdict == Verdict.TOO_EARLY:
        raise DomainError(
            _("It is too early to judge: there are not yet weeks enough with enough requests."), code="too_early"
        )
    row.judgement, row.judged_at = note, now
    return {"verdict": effect.verdict, "effect": effect.effect, "low": effect.low, "high": effect.high}


@transaction.atomic
def add_action(
    *, by: Person, improvement: Improvement, what: str, owner: Person | None, due_on: date | None,
    at: datetime | None = None,
) -> ImprovementAction:  # fmt: skip
    """One more thing to do, while it is planned or running."""
    row, now = _locked(by, improvement.pk), at or timezone.now()
    if row.state not in CHANGEABLE:
        raise IllegalMove(_not_while(row))
    if row.actions.count() >= MOST_ACTIONS:
        raise WrongInput({"what": [_("At most %(n)s actions fit into one plan.") % {"n": MOST_ACTIONS}]})
    values = _checked_action(row.department, what, owner, due_on, timezone.localdate(now))
    action = ImprovementAction.objects.create(improvement=row, **values)
    _save(row)
    told = {"action": action.what, "due_on": action.due_on.isoformat()}
    record_step("improvement.changed", row, by, now, told)
    return action


@transaction.atomic
def change_action(
    *, by: Person, action: ImprovementAction, what: str, owner: Person | None, due_on: date | None,
    at: datetime | None = None,
) -> ImprovementAction:  # fmt: skip
    """Say otherwise what is to do, by whom or until when, before it is done; the log keeps both."""
    row, now = _locked(by, action.improvement_id), at or timezone.now()
    action = ImprovementAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if row.state not in CHANGEABLE:
        raise IllegalMove(_not_while(row))
    if action.done_on is not None:
        raise IllegalMove(_("This is done. Add another action for what is still to do."))
    before = _told_of(action)
    for name, value in _checked_action(row.department, what, owner, due_on, timezone.localdate(now)).items():
        setattr(action, name, value)
    after = _told_of(action)
    changed = {name: after[name] for name in after if after[name] != before[name]}
    if changed:
        action.save(update_fields=["what", "owner", "due_on"])
        _save(row)
        was = {"before": {name: before[name] for name in changed}}
        record_step("improvement.changed", row, by, now, {"action": before["what"]} | was | changed)
    return action


def _told_of(action: ImprovementAction) -> dict[str, Any]:
    return {"what": action.what, "owner": action.owner_id, "due_on": action.due_on.isoformat()}


def _checked_action(
    department: Department, what: str, owner: Person | None, due_on: date | None, today: date
) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    what = _try(errors, "what", what, longest=LONGEST_NAME * 2)
    _check_owner(errors, department, owner)
    _check_day(errors, "due_on", due_on, today)
    if errors:
        raise WrongInput(errors)
    return {"what": what, "owner": owner, "due_on": due_on}


@transaction.atomic
def finish_action(*, by: Person, action: ImprovementAction, at: datetime | None = None) -> ImprovementAction:
    """It is done, says who carries it out or a head; said twice, it stays as it was said first."""
    row, now = lock_improvement(action.improvement_id), at or timezone.now()
    policies.require_finish(by, row.department, action)
    action = ImprovementAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.done_on is None:
        action.done_on = timezone.localdate(now)
        action.save(update_fields=["done_on"])
        _save(row)
        record_step("improvement.changed", row, by, now, {"action": action.what, "done_on": action.done_on.isoformat()})
    return action


# ── What all of them do ──────────────────────────────────────────────────────


def lock_improvement(pk: int) -> Improvement:
    rows = Improvement.objects.select_for_update(of=("self",))
    return rows.select_related("department", "other", "service", "comparison", "owner").get(pk=pk)


def _locked(by: Person, pk: int, expected_version: int | None = None) -> Improvement:
    row = lock_improvement(pk)
    policies.require_lead(by, row.department)
    if expected_version is not None and expected_version != row.version:
        raise StaleVersion(_("Somebody changed this since you opened it. Look at it again, then decide."))
    return row


def _save(row: Improvement) -> None:
    row.version += 1
    row.save()


def _not_while(row: Improvement) -> str:
    return _("This is not possible while it stands at: %(state)s.") % {"state": row.get_state_display()}


def record_step(kind: str, row: Improvement, by: Person | None, at: datetime, data: dict[str, Any]) -> None:
    parties = {"department": row.department_id, "other": row.other_id}
    record(kind=kind, subject_kind="improvement", subject_id=row.pk, by=by, at=at, data=parties | data)


def _told(row: Improvement) -> dict[str, Any]:
    """What the log keeps of a plan."""
    rows = {name: getattr(row, f"{name}_id") for name in ("other", "service", "comparison", "owner")}
    days = {name: day.isoformat() if day else None for name in ("effective_on", "triggered_from")
            for day in [getattr(row, name)]}  # fmt: skip
    return rows | days | {name: getattr(row, name) for name in ("side", "figure", "name", "goal", "expected")}


def _checked(department: Department, plan: Plan, today: date) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    values = {name: getattr(plan, name) for name in PLANNED_FIELDS}
    values["name"] = _try(errors, "name", plan.name, longest=LONGEST_NAME)
    values["goal"] = _try(errors, "goal", plan.goal, longest=LONGEST_TEXT, needed=False)
    if plan.side not in Side.ALL:
        errors["side"] = [_("Choose one of the two sides.")]
    _check_figure(errors, plan)
    _check_rows(errors, department, plan)
    _check_owner(errors, department, plan.owner)
    _check_day(errors, "effective_on", plan.effective_on, today)
    if plan.triggered_from and plan.effective_on and plan.triggered_from >= plan.effective_on:
        errors["triggered_from"] = [_("What gave rise to it lies before the day from which it acts.")]
    if errors:
        raise WrongInput(errors)
    return values


def _try(errors: dict[str, list[str]], name: str, value: str, *, longest: int, needed: bool = True) -> str:
    try:
        return (require_text if needed else check_text)(name, (value or "").strip(), longest=longest)
    except WrongInput as error:
        errors.update(error.errors)
        return ""


def _check_figure(errors: dict[str, list[str]], plan: Plan) -> None:
    definition = FIGURES.get(plan.figure)
    if definition is None:
        errors["figure"] = [_("Choose a figure that has a better side and is counted by the week.")]
        return
    if not isfinite(plan.expected) or plan.expected == 0 or abs(plan.expected) > LARGEST_EFFECT:
        errors["expected"] = [_("Say how much it should change, more or less than 0.")]
    elif not expects_better(definition, plan.expected):
        better = _("more") if plan.expected < 0 else _("less")
        errors["expected"] = [_("Of this figure %(better)s is better. Turn the sign.") % {"better": better}]


def _check_rows(errors: dict[str, list[str]], department: Department, plan: Plan) -> None:
    if plan.other is not None and plan.other.pk == department.pk:
        errors["other"] = [_("Choose another department than the one that improves.")]
    if plan.comparison is not None and plan.comparison.pk in (department.pk, getattr(plan.other, "pk", None)):
        errors["comparison"] = [_("Choose a department that this action does not touch.")]
    if plan.service is not None and plan.side == Side.SUPPLIER and plan.service.department_id != department.pk:
        errors["service"] = [_("This department does not offer that. Choose one of its services.")]
    if plan.service is not None and plan.figure in FIGURES and FIGURES[plan.figure].personal:
        errors["service"] = [_("What people answered is told of a department or a pair only. Leave this out.")]
    if plan.service is not None and plan.comparison is not None:
        errors["comparison"] = [_("Another department does not offer this service. Leave one of the two out.")]


def _check_owner(errors: dict[str, list[str]], department: Department, owner: Person | None) -> None:
    if owner is None or not agents_of(department.pk).filter(pk=owner.pk).exists():
        errors["owner"] = [_("Choose somebody who works for %(name)s.") % {"name": department.name}]


def _check_day(errors: dict[str, list[str]], name: str, day: date | None, today: date) -> None:
    if day is None or not today - REACH <= day <= today + REACH:
        errors[name] = [_("Give a day at most two years away.")]
