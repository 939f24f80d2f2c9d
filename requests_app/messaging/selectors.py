"""Reading for mail: who is to hear of an event, what a notice is about, and what waits or was given up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from requests_app.agreements.states import Measure
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import Clock, Handoff, Message, ServiceRequest
from requests_app.events.models import Event
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.states import RECEIPTS, Audience, MailState, audience_of
from requests_app.org.models import Membership
from requests_app.org.selectors import names_of
from requests_app.org.states import LEADING_ROLES, Role


def heads_of(department_id: int) -> list[int]:
    """The heads and deputies; a department without any is told through its agents."""
    hats = Membership.objects.filter(department_id=department_id, person__is_active=True).order_by("person_id")
    heads = hats.filter(role__in=LEADING_ROLES).values_list("person_id", flat=True).distinct()
    return list(heads) or list(hats.filter(role=Role.AGENT).values_list("person_id", flat=True).distinct())


def readers_of(event: Event, service_request: ServiceRequest) -> list[int]:
    """The people to whom this event is news, without whoever caused it."""
    found = _audience(event, service_request)
    kept = found if event.kind in RECEIPTS else [person_id for person_id in found if person_id != event.actor_id]
    return [person_id for person_id in kept if person_id]


def _audience(event: Event, service_request: ServiceRequest) -> list[int]:
    audience = audience_of(event.kind, event.data)
    if audience == Audience.REQUESTER:
        return [service_request.requester_id]
    if audience == Audience.ASSIGNEE:
        return [event.data.get("assignee")]
    if audience == Audience.RECEIVER:
        return heads_of(event.data["to"])
    if audience == Audience.SUPPLIER_HEAD:
        return heads_of(service_request.supplier_id)
    if audience == Audience.CUSTOMER_HEAD:
        return heads_of(service_request.customer_id)
    if audience == Audience.OFFERER:
        return list(Handoff.objects.filter(pk=event.data["handoff"]).values_list("offered_by_id", flat=True))
    return [service_request.assignee_id] if service_request.assignee_id else heads_of(service_request.supplier_id)


def requests_of(events: Iterable[Event]) -> dict[int, ServiceRequest]:
    return ServiceRequest.objects.in_bulk({event.subject_id for event in events})


@dataclass(frozen=True)
class Case:
    """What a notice is about: the event, the request as it is now, and who did it."""

    event: Event
    service_request: ServiceRequest
    actor: str
    confidential: bool


def case_of(mail: OutgoingMail) -> Case | None:
    """None when the reader may not see the request (any more)."""
    related = ("customer", "supplier", "service", "requester", "assignee")
    rows = ServiceRequest.objects.visible_to(mail.person).select_related(*related).defer("search")
    service_request = rows.filter(pk=mail.service_request_id).first()
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    if service_request is None or event is None:
        return None
    actor = names_of([event.actor_id]).get(event.actor_id or 0, "")
    return Case(event, service_request, actor, service_request.privacy == Privacy.CONFIDENTIAL)


def due_times(service_request: ServiceRequest) -> dict[str, datetime | None]:
    """When the first answer and the delivery are due."""
    rows = Clock.objects.filter(service_request=service_request, stopped_at=None)
    return {str(Measure(measure)): due for measure, due in rows.values_list("measure", "due_at")}


def public_words(message_id: int) -> str:
    """What a public reply says; empty for anything else."""
    rows = Message.objects.filter(pk=message_id, internal=False)
    return rows.values_list("body", flat=True).first() or ""


@dataclass(frozen=True)
class MailStanding:
    """For the health page: how much waits, since when, and what was given up."""

    waiting: int
    oldest_waiting: datetime | None
    given_up: list[OutgoingMail]


def mail_standing() -> MailStanding:
    queued = OutgoingMail.objects.filter(state=MailState.QUEUED)
    counts = queued.aggregate(waiting=Count("pk"), oldest=Min("created_at"))
    failed = OutgoingMail.objects.filter(state=MailState.FAILED).select_related("person").order_by("-pk")
    return MailStanding(counts["waiting"], counts["oldest"], list(failed[:100]))
