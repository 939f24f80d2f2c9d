"""Up to when figures know everything that happened, and whether they have changed since."""

from datetime import datetime

from django.db.models import Min

from metrics.rollups.models import Generation, StaleCell
from requests_app.events.models import Delivery


def as_of(now: datetime) -> datetime:
    """Now, or when the oldest thing happened that figures do not know of yet. Two cheap queries."""
    folded = Delivery.objects.filter(subscriber="facts").aggregate(since=Min("event__recorded_at"))["since"]
    counted = StaleCell.objects.aggregate(since=Min("since"))["since"]
    return min(moment for moment in (folded, counted, now) if moment)


def generation() -> int:
    """Grows whenever cells were counted anew. Read it before the cells: what is read after may only be newer."""
    return Generation.objects.values_list("number", flat=True).first() or 0
