"""Late answers and decisions are told, each level once; and nobody waits for who may not answer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from feedback.voice import appeals
from feedback.voice.models import Voice
from feedback.voice.services import lock_voice, record_step
from feedback.voice.states import APPEALED, LATE_AFTER, OPEN, Kind


def tell_what_is_late(*, now: datetime | None = None) -> int:
    """Say of each answer and decision that it is late; of how many. A new due time begins anew. Safe to run twice."""
    now = now or timezone.now()
    late = Q(state=OPEN, due_at__lt=now) | Q(state=APPEALED, appeal_due_at__lt=now)
    rows = Voice.objects.filter(late, late_level__lt=len(LATE_AFTER)).order_by("pk")
    return sum(_tell(pk, now) for pk in rows.values_list("pk", flat=True))


def hand_on_what_nobody_may_answer() -> int:
    """Each open complaint whose owner may not answer it (any more) goes to somebody who may; how many did."""
    rows = Voice.objects.filter(state=OPEN, kind=Kind.COMPLAINT).order_by("pk")
    rows = rows.select_related("department", "owner", "service_request").defer("service_request__search")
    wrong = [voice.pk for voice in rows if appeals.owner_of(voice) != (voice.owner_id, voice.stands_in)]
    return sum(_hand_on(pk) for pk in wrong)


@transaction.atomic
def _hand_on(pk: int) -> bool:
    voice = lock_voice(pk)
    owner = appeals.owner_of(voice)
    if voice.state != OPEN or owner == (voice.owner_id, voice.stands_in):
        return False
    voice.owner_id, voice.stands_in = owner
    voice.late_level = 0  # whoever owes it from now on is told anew
    voice.save(update_fields=["owner", "stands_in", "late_level"])
    record_step("voice.handed_on", voice, None, timezone.now(), {"owner": voice.owner_id})
    return True


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
