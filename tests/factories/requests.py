"""Requests in each state of their life, brought there by the moves that people make."""

from datetime import datetime

from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.moves import move_request
from tests.factories.company import Company


def file_laptop(
    company: Company, *, title: str = "A laptop for the new colleague", at: datetime | None = None, **fields
) -> ServiceRequest:
    """Filed by the requester of Sales with IT, now or `at`. `fields` are those of Filing."""
    fields.setdefault("answers", {"model": "13 inch"})
    filing = Filing(title=title, **fields)
    return file_request(by=company.requester, service=company.laptop, filing=filing, at=at)


def accept(company: Company, service_request: ServiceRequest, *, at: datetime | None = None) -> ServiceRequest:
    """Accepted by `company.assigned`, who is the assignee from then on."""
    return move_request(by=company.assigned, service_request=service_request, action="accept", at=at)


def deliver(company: Company, service_request: ServiceRequest) -> ServiceRequest:
    """Accepted if new, then delivered by `company.assigned`."""
    if service_request.status == "new":
        accept(company, service_request)
    return move_request(by=company.assigned, service_request=service_request, action="deliver")


def close(company: Company, service_request: ServiceRequest) -> ServiceRequest:
    """Delivered if needed, then confirmed by the requester."""
    if service_request.status != "delivered":
        deliver(company, service_request)
    return move_request(by=company.requester, service_request=service_request, action="confirm")
