"""A question that waits too long for an answer is told of once, to the heads of the department it was put to."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from feedback.forum.models import Topic
from feedback.forum.services import lock_topic, note
from feedback.forum.states import QUESTION, WAITING_DAYS


def tell_waiting_questions(*, now: datetime | None = None) -> int:
    """Say of questions to departments that nobody has marked an answer for some days; how many. Safe to run twice."""
    now = now or timezone.now()
    rows = Topic.objects.filter(
        kind=QUESTION, department__isnull=False, answer__isnull=True, hidden_at__isnull=True,
        waiting_told_at__isnull=True, said_at__lt=now - timedelta(days=WAITING_DAYS),
    )  # fmt: skip
    return sum(_tell(pk, now) for pk in rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int, now: datetime) -> bool:
    """The mark and the event commit together, so nothing is told twice."""
    topic = lock_topic(pk)
    if topic.answer_id is not None or topic.hidden_at is not None or topic.waiting_told_at is not None:
        return False
    topic.waiting_told_at = now
    topic.save(update_fields=["waiting_told_at"])
    note("forum.waiting", topic, None, now, {"said_at": topic.said_at.isoformat()})
    return True
