"""An answer, or the decision on an appeal, that is late is told: each level once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from feedback.voice.models import Voice
from feedback.voice.services import lock_voice, record_step
from feedback.voice.states import APPEALED, LATE_AFTER, OPEN


def tell_what_is_late(*, now: datetime | None = None) -> int:
    """Say of each answer and decision that it is late; of how many. A new due time begins anew. Safe to run twice."""
    now = now or timezone.now()
    late = Q(state=OPEN, due_at__lt=now) | Q(state=APPEALED, appeal_due_at__lt=now)
    rows = Voice.objects.filter(late, late_level__lt=len(LATE_AFTER)).order_by("pk")
    return sum(_tell(pk, now) for pk in rows.values_list("pk", flat=True))


def late_level(due_at: datetime | None, now: datetime) -> int:
    """How many of the levels have been reached; 0 until the due time, and when there is none."""
    return 0 if due_at is None else sum(now > due_at + timedelta(days=days) for days in LATE_AFTER)


@transaction.atomic
def _tell(pk: int, now: datetime) -> bool:
    """The mark and the event commit together, so no level is told twice; levels that were slept through are one."""
    voice = lock_voice(pk)
    if voice.state not in (OPEN, APPEALED):
        return False
    level = late_level(voice.appeal_due_at if voice.state == APPEALED else voice.due_at, now)
    if level <= voice.late_level:
        return False
    voice.late_level = level
    voice.save(update_fields=["late_level"])
    record_step("voice.late", voice, None, now, {"level": level})
    return True
