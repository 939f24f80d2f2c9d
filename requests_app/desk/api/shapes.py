"""How requests look over HTTP: a row in a list, and one request with its promise and what can be done with it."""

from datetime import datetime

from rest_framework import serializers
from rest_framework.request import Request

from requests_app.agreements.states import HoldReason, Measure
from requests_app.desk import policies
from requests_app.desk.models import Clock, Handoff, ServiceRequest
from requests_app.desk.selectors.clocks import agreement_words, promised_clocks
from requests_app.desk.selectors.watchers import remember_watchers
from requests_app.desk.services.clocks import due_instant
from requests_app.desk.states import MOVES, OPEN, HandoffState, Status
from requests_app.kernel import api

ACTIONS = [(action, action) for action in MOVES]
PARTS = ("moves", "messages", "handoffs", "attachments", "events", "clocks", "watchers", "rating")


class RowLinks(api.Shape):
    self = serializers.URLField()
    html = serializers.URLField()


class RowShape(api.Shape):
    number = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    hold_reason = serializers.ChoiceField(HoldReason.choices, allow_blank=True)
    priority = serializers.IntegerField(min_value=1, max_value=5)
    urgency = serializers.IntegerField(min_value=1, max_value=3)
    impact = serializers.IntegerField(min_value=1, max_value=3)
    customer = serializers.CharField()
    supplier = serializers.CharField(help_text="Who owns it now.")
    service = serializers.CharField()
    requester = serializers.EmailField()
    assignee = serializers.EmailField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="The next due time; null while no clock runs.")
    delivered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    links = RowLinks()


class PromiseShape(api.Shape):
    response_due = serializers.DateTimeField(allow_null=True, help_text="null: not promised, or the clock is paused.")
    resolution_due = serializers.DateTimeField(allow_null=True, help_text="null: not promised, or the clock is paused.")
    why = serializers.CharField(help_text="Which agreement and which rule; clocks/ tells the whole story.")


class HandoffLinks(api.Shape):
    self = serializers.URLField()
    request = serializers.URLField()


class HandoffShape(api.Shape):
    id = serializers.IntegerField()
    request = serializers.CharField()
    sender = serializers.CharField(help_text="The department that offers it, and owns it until it is accepted.")
    to = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(HandoffState.choices)
    offered_by = serializers.EmailField()
    offered_at = serializers.DateTimeField()
    answered_by = serializers.EmailField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()
    promised_inside = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When the receiver would deliver by its own promise, accepting now."
    )
    promised_to_customer = serializers.DateTimeField(required=False, allow_null=True)
    links = HandoffLinks()


class RequestLinks(RowLinks):
    moves = serializers.URLField()
    messages = serializers.URLField()
    handoffs = serializers.URLField()
    attachments = serializers.URLField()
    events = serializers.URLField()
    clocks = serializers.URLField()
    watchers = serializers.URLField()
    rating = serializers.URLField()


class RequestShape(RowShape):
    description = serializers.CharField()
    filed_by = serializers.EmailField()
    form = serializers.DictField(help_text="Answers by key of the service's form.")
    promise = PromiseShape()
    actions = serializers.ListField(
        child=serializers.ChoiceField(ACTIONS), help_text="The moves that the caller could make now."
    )
    handoff = HandoffShape(allow_null=True, help_text="The offer that waits for an answer.")
    links = RequestLinks()


def row_shape(request: Request, row: ServiceRequest) -> dict:
    number = row.number
    return {
        "number": number,
        "title": row.title,
        "status": row.status,
        "hold_reason": row.hold_reason,
        "priority": row.priority,
        "urgency": row.urgency,
        "impact": row.impact,
        "customer": row.customer.slug,
        "supplier": row.supplier.slug,
        "service": row.service.slug,
        "requester": row.requester.email,
        "assignee": row.assignee.email if row.assignee else None,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "due_at": row.due_at,
        "delivered_at": row.delivered_at,
        "closed_at": row.closed_at,
        "version": row.version,
        "links": {
            "self": api.link(request, f"/api/v1/requests/{number}/"),
            "html": api.link(request, f"/requests/{number}/"),
        },
    }


def request_shape(request: Request, row: ServiceRequest) -> dict:
    """Three queries: clocks, watchers, and while it is open the pending handoff."""
    remember_watchers(row)
    handoff = policies.pending_handoff(row) if row.status in OPEN else None
    if handoff is not None:
        handoff.service_request = row
    return _whole(request, row, handoff)


def new_request_shape(request: Request, row: ServiceRequest) -> dict:
    """Of one just filed, which nobody watches yet and nobody was offered: one query, for the clocks."""
    row.watcher_ids = set()
    return _whole(request, row, None)


def _whole(request: Request, row: ServiceRequest, handoff: Handoff | None) -> dict:
    shape = row_shape(request, row)
    here = shape["links"]["self"]
    shape["links"] |= {part: f"{here}{part}/" for part in PARTS}
    return shape | {
        "description": row.description,
        "filed_by": row.filed_by.email,
        "form": row.answers,
        "promise": promise_shape(promised_clocks(row)),
        "actions": policies.actions_for(request.user, row),
        "handoff": handoff_shape(request, handoff) if handoff else None,
    }


def promise_shape(clocks: dict[str, Clock]) -> dict:
    decisive = clocks.get(Measure.RESOLUTION) or clocks.get(Measure.RESPONSE)
    return {
        "response_due": _due(clocks.get(Measure.RESPONSE)),
        "resolution_due": _due(clocks.get(Measure.RESOLUTION)),
        "why": agreement_words(decisive.agreement) if decisive else "",
    }


def _due(clock: Clock | None) -> datetime | None:
    """What was promised stays readable after the clock has stopped."""
    if clock is None:
        return None
    return due_instant(clock) if clock.stopped_at else clock.due_at


def handoff_shape(request: Request, handoff: Handoff) -> dict:
    number = handoff.service_request.number
    return {
        "id": handoff.pk,
        "request": number,
        "sender": handoff.sender.slug,
        "to": handoff.receiver.slug,
        "reason": handoff.reason,
        "state": handoff.state,
        "offered_by": handoff.offered_by.email,
        "offered_at": handoff.offered_at,
        "answered_by": handoff.answered_by.email if handoff.answered_by else None,
        "answered_at": handoff.answered_at,
        "answer": handoff.answer,
        "links": {
            "self": api.link(request, f"/api/v1/handoffs/{handoff.pk}/"),
            "request": api.link(request, f"/api/v1/requests/{number}/"),
        },
    }
