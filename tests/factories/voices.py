"""What Sales says to IT."""

from typing import Any

from feedback.voice.models import Voice
from feedback.voice.services import say, take_step
from requests_app.desk.models import ServiceRequest
from tests.factories.company import Company


def said(company: Company, kind: str, service_request: ServiceRequest | None = None, **more: Any) -> Voice:
    """By the requester, about a request or to IT."""
    whom = {"service_request": service_request} if service_request else {"department": company.it}
    values = {"by": company.requester, "kind": kind, "title": f"A {kind} of ours", "body": "In a few words."}
    return say(**(values | whom | more))


def appealed(company: Company, service_request: ServiceRequest | None = None, **more: Any) -> Voice:
    """An answered complaint that waits for somebody above IT to decide."""
    voice = answered(company, service_request, **more)
    return take_step(by=company.requester, voice=voice, name="appeal", note="It happened again the day after.")


def answered(company: Company, service_request: ServiceRequest | None = None, **more: Any) -> Voice:
    """A complaint that the head of IT has answered."""
    voice = said(company, "complaint", service_request, **more)
    return take_step(by=company.supplier_head, voice=voice, name="answer", note="We found it and changed it.")
