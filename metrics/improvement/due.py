"""What is told once: that there are weeks enough to judge a plan, and that the day of an action has passed."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from metrics.improvement.models import Improvement, ImprovementAction, ImprovementEffect
from metrics.improvement.services import lock_improvement, record_step
from metrics.improvement.states import CHANGEABLE, RUNNING, Horizon, Verdict


def tell_what_is_due(*, today: date | None = None) -> tuple[int, int]:
    """How many plans became ripe, how many actions late. Safe to run twice: the mark and the event commit together."""
    today = today or timezone.localdate()
    ripe = ripe_plans().filter(ripe_told_at=None).order_by("pk")
    late = late_actions(today).order_by("pk")
    return (
        sum(_tell_ripe(pk) for pk in ripe.values_list("pk", flat=True)),
        sum(_tell_late(pk, today) for pk in late.values_list("pk", flat=True)),
    )


def ripe_plans() -> QuerySet[Improvement]:
    """Running plans whose first quarter says something: their heads judge them now."""
    effects = ImprovementEffect.objects.filter(improvement=OuterRef("pk"), horizon=Horizon.FIRST)
    return Improvement.objects.filter(Exists(effects.exclude(verdict=Verdict.TOO_EARLY)), state=RUNNING)


def late_actions(today: date) -> QuerySet[ImprovementAction]:
    """Not done, and their day has passed, of plans that are still kept."""
    return ImprovementAction.objects.filter(done_on=None, due_on__lt=today, improvement__state__in=CHANGEABLE)


@transaction.atomic
def _tell_ripe(pk: int) -> bool:
    row = lock_improvement(pk)
    if row.ripe_told_at is not None or not ripe_plans().filter(pk=pk).exists():
        return False
    row.ripe_told_at = timezone.now()
    row.save(update_fields=["ripe_told_at"])
    verdict = row.effects.get(horizon=Horizon.FIRST).verdict
    record_step("improvement.ripe", row, None, row.ripe_told_at, {"verdict": verdict})
    return True


@transaction.atomic
def _tell_late(pk: int, today: date) -> bool:
    """A new due day is told of anew."""
    row = lock_improvement(ImprovementAction.objects.values_list("improvement_id", flat=True).get(pk=pk))
    action = late_actions(today).select_for_update(of=("self",)).filter(pk=pk).first()
    if action is None or action.late_told_on == action.due_on:
        return False
    action.late_told_on = action.due_on
    action.save(update_fields=["late_told_on"])
    told = {"action": action.pk, "what": action.what, "owner": action.owner_id, "due_on": action.due_on.isoformat()}
    record_step("improvement.action_late", row, None, timezone.now(), told)
    return True
