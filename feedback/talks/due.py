"""What comes near or is late is told once: a talk the day before, a task after its day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from feedback.talks.models import Talk, TalkItem
from feedback.talks.services import lock_talk, note
from feedback.talks.states import PLANNED, Point

BEFORE = timedelta(days=1)


def tell_what_is_due(*, now: datetime | None = None) -> tuple[int, int]:
    """Say of talks that they begin within a day, and of tasks that their day is over; how many. Safe to run twice.

    A talk that was put off is told anew.
    """
    now = now or timezone.now()
    today = now.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()
    near = Talk.objects.filter(state=PLANNED, reminded_at=None, starts_at__gt=now, starts_at__lte=now + BEFORE)
    late = TalkItem.objects.filter(kind=Point.TASK, done_at=None, late_told_at=None, due_on__lt=today)
    return (
        sum(_tell_talk(pk, now) for pk in near.order_by("pk").values_list("pk", flat=True)),
        sum(_tell_task(pk, now) for pk in late.order_by("pk").values_list("pk", flat=True)),
    )


@transaction.atomic
def _tell_talk(pk: int, now: datetime) -> bool:
    """The mark and the event commit together, so nothing is told twice."""
    talk = lock_talk(pk)
    if talk.state != PLANNED or talk.reminded_at is not None or not now < talk.starts_at <= now + BEFORE:
        return False
    talk.reminded_at = now
    talk.save(update_fields=["reminded_at"])
    note("meeting.near", talk.series, None, now, {"starts_at": talk.starts_at.isoformat()}, talk)
    return True


@transaction.atomic
def _tell_task(pk: int, now: datetime) -> bool:
    talk = lock_talk(TalkItem.objects.values_list("talk_id", flat=True).get(pk=pk))
    item = TalkItem.objects.select_for_update(of=("self",)).get(pk=pk)
    if item.done_at is not None or item.late_told_at is not None or item.due_on is None:
        return False
    item.late_told_at = now
    item.save(update_fields=["late_told_at"])
    data = {"item": item.pk, "owner": item.owner_id, "due_on": item.due_on.isoformat()}
    note("meeting.task_late", talk.series, None, now, data, talk)
    return True
