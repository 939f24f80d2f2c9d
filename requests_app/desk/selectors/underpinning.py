"""Whether what departments promise each other inside holds up what was promised to the customer."""

from dataclasses import dataclass
from datetime import datetime

from requests_app.agreements.selectors import gauge_of, promise_for
from requests_app.agreements.states import Measure
from requests_app.calendars.selectors import current_version_id
from requests_app.desk.models import Clock, Handoff


@dataclass(frozen=True)
class Underpinning:
    """When the receiver would deliver by its own promise, were it to accept now; and when the customer expects it."""

    receiver: str
    inside: datetime
    customer: datetime

    @property
    def holds(self) -> bool:
        return self.inside <= self.customer


def underpinning_of(handoff: Handoff, now: datetime) -> Underpinning | None:
    """None where one of the two promises is missing, or the customer's clock is paused. Three queries."""
    service_request = handoff.service_request
    clock = Clock.objects.filter(service_request=service_request, measure=Measure.RESOLUTION, holder=None).last()
    promised = promise_for(
        customer_id=handoff.sender_id,
        supplier_id=handoff.receiver_id,
        service_id=service_request.service_id,
        priority=service_request.priority,
        at=now,
    ).get(Measure.RESOLUTION)
    if clock is None or clock.due_at is None or promised is None:
        return None
    version_id = current_version_id(promised.calendar_id or handoff.receiver.calendar_id)
    inside = gauge_of(version_id).due(now, [], promised.time)
    return Underpinning(handoff.receiver.name, inside, clock.due_at) if inside else None
