"""A task of a group that is late is told of once, to whoever has it and to the leaders of the group."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from feedback.groups.models import GroupTask
from feedback.groups.services import lock_group, note
from feedback.groups.states import DONE, GOING
from requests_app.messaging.envelopes import speaking_to

EARLIEST = timedelta(hours=14)  # by which the first clocks on earth are before UTC


def tell_late_tasks(*, now: datetime | None = None) -> int:
    """Say of open tasks that their day is over, on the clocks of who has them; how many. Safe to run twice.

    A task that was put off is told of anew, tasks of groups that have ended never.
    """
    now = now or timezone.now()
    rows = GroupTask.objects.filter(owner__group__state__in=GOING, late_told_at=None).exclude(state=DONE)
    rows = rows.filter(due_on__lt=(now + EARLIEST).date()).select_related("owner__person").order_by("pk")
    return sum(_tell(row, now) for row in rows if _is_late(row, now))


def _is_late(task: GroupTask, now: datetime) -> bool:
    with speaking_to(task.owner.person):
        return task.due_on < timezone.localdate(now)


@transaction.atomic
def _tell(seen: GroupTask, now: datetime) -> bool:
    """The mark and the event commit together, so nothing is told twice."""
    group = lock_group(seen.owner.group_id)
    task = GroupTask.objects.select_for_update(of=("self",)).select_related("owner__person").get(pk=seen.pk)
    if group.state not in GOING or task.state == DONE or task.late_told_at is not None or not _is_late(task, now):
        return False
    task.late_told_at = now
    task.save(update_fields=["late_told_at"])
    data = {"task": task.pk, "text": task.text, "owner": task.owner.person_id, "due_on": task.due_on.isoformat()}
    note("group.task_late", group, None, now, data)
    return True
