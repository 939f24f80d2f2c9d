"""Up to when figures know everything that happened."""

from datetime import datetime

from django.db.models import Min

from metrics.rollups.models import StaleCell
from requests_app.events.models import Delivery


def as_of(now: datetime) -> datetime:
    """Now, or when the oldest thing happened that figures do not know of yet. Two cheap queries."""
    folded = Delivery.objects.filter(subscriber="facts").aggregate(since=Min("event__recorded_at"))["since"]
    counted = StaleCell.objects.aggregate(since=Min("since"))["since"]
    return min(moment for moment in (folded, counted, now) if moment)
