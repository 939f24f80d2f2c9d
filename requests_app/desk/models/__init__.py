"""Tables of the desk: requests with what is said and passed on, their clocks, and the work on them."""

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
from requests_app.desk.models.worklogs import WorkLog

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
    "WorkLog",
]
