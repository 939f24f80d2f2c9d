"""Corrective actions of IT for Sales, at every step of their life."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from feedback.actions.causes import add_cause
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.services import open_action, take_step
from feedback.actions.states import SourceKind, Words
from requests_app.desk.models import ServiceRequest
from tests.factories.company import Company

STEPS = {
    "open": (),
    "contained": ("contain",),
    "analysed": ("contain", "analyse"),
    "planned": ("contain", "analyse", "plan"),
    "done": ("contain", "analyse", "plan", "finish"),
    "verified": ("contain", "analyse", "plan", "finish", "verify"),
}
BY_CUSTOMER = ("verify", "send_back", "close", "recur")


def cause_of(name: str = "Handover between departments") -> Cause:
    return Cause.objects.filter(name=name).first() or add_cause(by=None, name=name)


def opened(company: Company, service_request: ServiceRequest | None = None, **more: Any) -> CorrectiveAction:
    """By the head of IT, for Sales; about a request when there is one."""
    source = {"source_kind": SourceKind.REQUEST, "source_id": service_request.pk} if service_request else {}
    values = {
        "supplier": company.it,
        "customer": company.sales,
        "service": company.laptop,
        "title": "Laptops come late",
    }
    return open_action(by=company.supplier_head, **(values | source | more))


def words_for(company: Company, step: str, cause: Cause | None = None) -> Words:
    if step == "analyse":
        return Words(whys=("The order was late.", "Nobody saw it."), cause=cause or cause_of())
    if step == "plan":
        due_on = timezone.localdate() + timedelta(days=7)
        return Words(note="One list for both departments.", owner=company.assigned, due_on=due_on)
    return Words(note="The order list is in use.") if step != "verify" else Words()


def take(
    company: Company, action: CorrectiveAction, step: str, at: datetime | None = None, cause: Cause | None = None
) -> CorrectiveAction:
    by = company.customer_head if step in BY_CUSTOMER else company.supplier_head
    return take_step(by=by, action=action, name=step, words=words_for(company, step, cause), at=at)


def brought_to(
    company: Company, state: str, service_request: ServiceRequest | None = None, **more: Any
) -> CorrectiveAction:
    """An action that has come as far as `state`."""
    at, cause = more.get("at"), more.pop("cause", None)
    action = opened(company, service_request, **more)
    for step in STEPS[state]:
        action = take(company, action, step, at, cause)
    return action
