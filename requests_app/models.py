"""Index of the tables, so that Django finds them; each package owns its own."""

from requests_app.agreements.models import Agreement, PriorityMatrix, Signature, Target
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.capacity.models import Absence, ContractHours
from requests_app.catalogue.models import Service, ServiceForm
from requests_app.desk.models import (
    Attachment,
    Clock,
    Handoff,
    Hold,
    Message,
    Recomputation,
    ServiceRequest,
    Watcher,
    WorkLog,
)
from requests_app.events.models import Delivery, Event, Heartbeat, IdempotencyKey, Slot
from requests_app.messaging.models import OutgoingMail
from requests_app.org.models import ApiToken, Department, Membership, Person

__all__ = [
    "Absence", "Agreement", "ApiToken", "Attachment", "Calendar", "CalendarVersion", "Clock", "ContractHours",
    "Delivery", "Department", "Event", "Handoff", "Heartbeat", "Hold", "IdempotencyKey", "Membership", "Message",
    "OutgoingMail", "Person", "PriorityMatrix", "Recomputation", "Service", "ServiceForm", "ServiceRequest",
    "Signature", "Slot", "Target", "Watcher", "WorkLog",
]  # fmt: skip
