"""Reading the log and the state of its delivery."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now

from requests_app.events.models import Delivery, Event, Heartbeat
from requests_app.kernel.written import written_once


def events_of(subject_kind: str, subject_id: int) -> list[Event]:
    """The history of one object, oldest first."""
    return _history(subject_kind, subject_id=subject_id)


@written_once
def _history(subject_kind: str, *, subject_id: int) -> QuerySet[Event]:
    return Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("at", "id")


@dataclass(frozen=True)
class DeliveryState:
    """What waits, since when, what died, and who was last seen at work."""

    waiting: int
    oldest_waiting: datetime | None
    dead: list[Delivery]
    heartbeats: dict[str, datetime]


def delivery_state() -> DeliveryState:
    counts = Delivery.objects.aggregate(
        waiting=Count("pk", filter=Q(dead=False)), oldest=Min("event__recorded_at", filter=Q(dead=False))
    )
    return DeliveryState(
        waiting=counts["waiting"],
        oldest_waiting=counts["oldest"],
        dead=list(Delivery.objects.filter(dead=True).select_related("event").order_by("-pk")[:100]),
        heartbeats=dict(Heartbeat.objects.values_list("name", "at")),
    )


def waits(subscriber: str) -> bool:
    """True while something is due for the subscriber that nobody has leased."""
    return Delivery.objects.filter(subscriber=subscriber, dead=False, next_attempt_at__lte=Now()).exists()
