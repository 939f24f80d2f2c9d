"""What falls due is told: each level of a step's being overdue once, and the day of checking once."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.actions.selectors import late_of
from feedback.actions.services import lock_action, record_step
from feedback.actions.states import OVERDUE_AFTER, VERIFIED


def tell_what_is_due(*, today: date | None = None) -> tuple[int, int]:
    """Say of each step that its day has passed, and of each day of checking that it has come; how many of each.

    Overdue is told again after a week and after a month; another step, or another day, begins anew. Safe to run twice.
    """
    today = today or timezone.localdate()
    late = late_of(CorrectiveAction.objects.all(), today).order_by("pk")
    ripe = CorrectiveAction.objects.filter(state=VERIFIED, check_on__lte=today).order_by("pk")
    return (
        sum(_tell_overdue(pk, today) for pk in late.values_list("pk", flat=True)),
        sum(_tell_check(pk) for pk in ripe.values_list("pk", flat=True)),
    )


def overdue_level(due_on: date, today: date) -> int:
    """How many of the levels have been reached; 0 on the due day and before."""
    return sum(today > due_on + timedelta(days=days) for days in OVERDUE_AFTER)


@transaction.atomic
def _tell_overdue(pk: int, today: date) -> bool:
    """The mark and the event commit together, so no level is told twice; levels that were slept through are one."""
    action = lock_action(pk)
    if action.next_due_on is None:
        return False
    level = overdue_level(action.next_due_on, today)
    told = action.overdue_level if action.overdue_told_on == action.next_due_on else 0
    if level <= max(told, action.state == VERIFIED):  # that the day of the check came was told on that day
        return False
    action.overdue_told_on, action.overdue_level = action.next_due_on, level
    action.save(update_fields=["overdue_told_on", "overdue_level"])
    told_of = {"state": action.state, "due_on": action.next_due_on.isoformat(), "level": level}
    record_step("action.overdue", action, None, timezone.now(), told_of)
    return True


@transaction.atomic
def _tell_check(pk: int) -> bool:
    action = lock_action(pk)
    if action.state != VERIFIED or action.check_on is None or action.check_told_on == action.check_on:
        return False
    action.check_told_on = action.check_on
    action.save(update_fields=["check_told_on"])
    record_step("action.check_due", action, None, timezone.now(), {"check_on": action.check_on.isoformat()})
    return True
