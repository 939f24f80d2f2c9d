"""Passing a request to another department. The sender owns it, clock and all, until the receiver accepts."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.states import Measure
from requests_app.desk import policies
from requests_app.desk.models import Handoff, Hold, ServiceRequest
from requests_app.desk.services import clocks as clock_services
from requests_app.desk.services.moves import handoff_event, lock_request, save_request
from requests_app.desk.states import ACCEPTED, OPEN, HandoffState
from requests_app.events.services import record_all
from requests_app.kernel.errors import IllegalMove, WrongInput, require_text
from requests_app.org.models import Department, Person


@transaction.atomic
def offer_handoff(
    *, by: Person, service_request: ServiceRequest, to: Department, reason: str, at: datetime | None = None
) -> Handoff:
    """Offer the request to another supplying department; it stays where it is until they accept."""
    service_request = lock_request(service_request.pk)
    policies.require(by, service_request, "request.reject_or_transfer")
    reason = require_text("reason", reason, longest=2000)
    if service_request.status not in OPEN:
        raise IllegalMove(_("Only open requests can be handed over."))
    if to.pk == service_request.supplier_id or not to.is_active:
        raise WrongInput({"to": [_("Choose another department.")]})
    if policies.pending_handoff(service_request):
        raise IllegalMove(_("This is already offered to another department. Take that back first."))
    now = at or timezone.now()
    handoff = Handoff.objects.create(
        service_request=service_request,
        sender_id=service_request.supplier_id,
        receiver=to,
        reason=reason,
        offered_by=by,
        offered_at=now,
    )
    save_request(service_request, now)
    record_all([handoff_event("handoff.offered", handoff, by, now, department=to.pk, reason=reason)])
    return handoff


@transaction.atomic
def accept_handoff(*, by: Person, handoff: Handoff, at: datetime | None = None) -> ServiceRequest:
    """The receiver takes over: owner, assignee and status change at once; the customer's clock runs on."""
    service_request, handoff = _locked_offer(handoff)
    policies.require_answer_handoff(by, handoff)
    now = at or timezone.now()
    _answer(handoff, HandoffState.ACCEPTED, by, now)
    clocks, events = clock_services.settled_clocks(service_request, now)
    events += clock_services.stop_measures(clocks, now, Measure.RESPONSE, Measure.ACCEPTANCE)
    for clock in clocks.values():
        if any(pause["to"] is None for pause in clock.pauses):
            clock_services.resume(clock, now)
    Hold.objects.filter(service_request=service_request, ended_at=None).update(ended_at=now)
    service_request.supplier, service_request.assignee = handoff.receiver, by
    service_request.status, service_request.hold_reason = ACCEPTED, ""
    events += clock_services.pass_on(clocks, handoff, now)
    clock_services.save_clocks(service_request, clocks.values())
    save_request(service_request, now)
    data = {"department": handoff.receiver_id, "assignee": by.pk}
    record_all([*events, handoff_event("handoff.accepted", handoff, by, now, **data)])
    return service_request


@transaction.atomic
def decline_handoff(*, by: Person, handoff: Handoff, reason: str, at: datetime | None = None) -> ServiceRequest:
    """The receiver gives it back with a reason; the sender has owned it throughout."""
    service_request, handoff = _locked_offer(handoff)
    policies.require_answer_handoff(by, handoff)
    now = at or timezone.now()
    _answer(handoff, HandoffState.DECLINED, by, now, require_text("reason", reason, longest=2000))
    save_request(service_request, now)
    data = {"department": handoff.sender_id, "reason": handoff.answer}
    record_all([handoff_event("handoff.declined", handoff, by, now, **data)])
    return service_request


@transaction.atomic
def withdraw_handoff(*, by: Person, handoff: Handoff, at: datetime | None = None) -> ServiceRequest:
    """The sender takes the offer back."""
    service_request, handoff = _locked_offer(handoff)
    policies.require(by, service_request, "request.reject_or_transfer")
    now = at or timezone.now()
    _answer(handoff, HandoffState.WITHDRAWN, by, now)
    save_request(service_request, now)
    record_all([handoff_event("handoff.withdrawn", handoff, by, now, department=handoff.sender_id)])
    return service_request


def _locked_offer(handoff: Handoff) -> tuple[ServiceRequest, Handoff]:
    """Parent before child. IllegalMove when somebody has answered in between."""
    service_request = lock_request(handoff.service_request_id)
    rows = Handoff.objects.select_for_update(of=("self",)).select_related("sender", "receiver")
    there = rows.filter(pk=handoff.pk).first()
    if there is None:
        raise Http404
    there.service_request = service_request
    if there.state != HandoffState.OFFERED:
        raise IllegalMove(_("This offer has been answered already."))
    return service_request, there


def _answer(handoff: Handoff, state: str, by: Person, now: datetime, answer: str = "") -> None:
    handoff.state, handoff.answered_by, handoff.answered_at, handoff.answer = state, by, now, answer
    handoff.save()
