"""Tables of the desk: requests with what is said and passed on, and their clocks."""

from requests_app.desk.models.clocks import Clock, Hold, Recomputation
from requests_app.desk.models.requests import (
    NEVER,
    Attachment,
    Handoff,
    Message,
    SearchText,
    ServiceRequest,
    ServiceRequestQuerySet,
    Watcher,
)

__all__ = [
    "NEVER",
    "Attachment",
    "Clock",
    "Handoff",
    "Hold",
    "Message",
    "Recomputation",
    "SearchText",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "Watcher",
]
