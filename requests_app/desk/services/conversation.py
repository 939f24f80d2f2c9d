"""What people write on a request."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.states import HoldReason, Side
from requests_app.catalogue.policies import visible_services
from requests_app.desk import policies
from requests_app.desk.models import Attachment, Hold, Message, ServiceRequest, Watcher
from requests_app.desk.services import clocks as clock_services
from requests_app.desk.services.attachments import attach_files
from requests_app.desk.services.moves import lock_request, save_request
from requests_app.desk.states import IN_PROGRESS, ON_HOLD, OPEN
from requests_app.events.models import Event
from requests_app.events.services import record_all
from requests_app.kernel.errors import WrongInput, require_text
from requests_app.org.models import Person
from requests_app.org.policies import standing


@transaction.atomic
def post_message(
    *,
    by: Person,
    service_request: ServiceRequest,
    body: str,
    internal: bool = False,
    files: Iterable[UploadedFile] = (),
    at: datetime | None = None,
) -> Message:
    """A reply that both sides read, or a note only the supplying side reads.

    The supplier's first reply stops the response clock; the customer's reply ends waiting for the customer.
    """
    service_request = lock_request(service_request.pk)
    policies.require(by, service_request, "comment.add_internal" if internal else "comment.add_public")
    body = require_text("body", body)
    now = at or timezone.now()
    side = side_of(by, service_request)
    message = Message.objects.create(
        service_request=service_request,
        author=by,
        department_id=service_request.supplier_id if side == Side.SUPPLIER else service_request.customer_id,
        body=body,
        internal=internal,
        at=now,
    )
    attach_files(by=by, service_request=service_request, files=files, message=message, internal=internal)
    events = [_message_event(message, side, by)]
    if not internal:  # a note leaves no trace that the asking side could see: no new version, no later change
        events += _consequences(service_request, side, by, now)
        save_request(service_request, now)
    record_all(events)
    return message


def side_of(person: Person, service_request: ServiceRequest) -> str:
    """For whom the person speaks here; who asked speaks for the customer even when also an agent of the supplier."""
    if person.pk in (service_request.requester_id, service_request.filed_by_id):
        return Side.CUSTOMER
    supplies = service_request.supplier_id in standing(person).supplies_for
    return Side.SUPPLIER if supplies else Side.CUSTOMER


def _message_event(message: Message, side: str, by: Person) -> Event:
    data: dict[str, Any] = {"message": message.pk, "department": message.service_request.supplier_id}
    if not message.internal:
        data |= {"side": str(side), "human": True}
    return Event(
        kind="message.internal" if message.internal else "message.public",
        subject_kind="request",
        subject_id=message.service_request_id,
        actor_id=by.pk,
        at=message.at,
        data=data,
    )


def _consequences(service_request: ServiceRequest, side: str, by: Person, now: datetime) -> list[Event]:
    clocks, events = clock_services.settled_clocks(service_request, now)
    if side == Side.SUPPLIER:
        events += clock_services.stop_response(clocks, now)
    elif service_request.status in OPEN:  # of a delivery a verdict is awaited, and thanks await nothing
        clock_services.await_reply(clocks, service_request, now)
    if (
        side == Side.CUSTOMER
        and service_request.status == ON_HOLD
        and service_request.hold_reason == HoldReason.CUSTOMER
    ):
        events += _resume_by_reply(service_request, clocks, by, now)
    if clocks:
        clock_services.save_clocks(service_request, clocks.values())
    return events


def _resume_by_reply(service_request: ServiceRequest, clocks: dict, by: Person, now: datetime) -> list[Event]:
    for clock in clocks.values():
        if clock.stopped_at is None:
            clock_services.resume(clock, now)
    Hold.objects.filter(service_request=service_request, ended_at=None).update(ended_at=now)
    service_request.status, service_request.hold_reason = IN_PROGRESS, ""
    return [
        Event(
            kind="request.resumed",
            subject_kind="request",
            subject_id=service_request.pk,
            actor_id=by.pk,
            at=now,
            data={"by_reply": True, "department": service_request.supplier_id},
        )
    ]


@transaction.atomic
def attach(
    *, by: Person, service_request: ServiceRequest, files: Iterable[UploadedFile], internal: bool = False
) -> list[Attachment]:
    """Files without words."""
    service_request = lock_request(service_request.pk)
    policies.require(by, service_request, "attachment.upload")
    if internal:
        policies.require(by, service_request, "comment.add_internal")
    rows = attach_files(by=by, service_request=service_request, files=files, internal=internal)
    if not internal:
        save_request(service_request, timezone.now())
    return rows


@transaction.atomic
def add_watcher(*, by: Person, service_request: ServiceRequest, person: Person) -> None:
    """Let somebody read along; people of a partner only where the service is open to partners."""
    service_request = lock_request(service_request.pk)
    policies.require(by, service_request, "watcher.add")
    if standing(person).is_partner and not visible_services(person).filter(pk=service_request.service_id).exists():
        raise WrongInput({"person": [_("This service is not open to their organisation. Choose a colleague.")]})
    Watcher.objects.get_or_create(service_request=service_request, person=person)


@transaction.atomic
def remove_watcher(*, by: Person, service_request: ServiceRequest, person: Person) -> None:
    service_request = lock_request(service_request.pk)
    policies.require(by, service_request, "watcher.remove_self" if by.pk == person.pk else "watcher.remove_other")
    Watcher.objects.filter(service_request=service_request, person=person).delete()
