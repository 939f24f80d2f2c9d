"""Corrective actions on the page of the request that they came of, and how one is started there."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from feedback.actions import policies
from feedback.actions.models import CorrectiveAction
from feedback.actions.proposals import low_rating_of
from feedback.actions.selectors import Line, lines_of
from feedback.actions.states import OF_REQUESTS, SourceKind
from feedback.ratings.models import Rating
from requests_app.desk.models import ServiceRequest
from requests_app.events.models import Event
from requests_app.kernel.written import written_once
from requests_app.org.models import Person
from requests_app.org.policies import Standing, standing, whoever


def source_of(person: Person, service_request: ServiceRequest) -> dict[str, Any]:
    """Kind and id of what an action about this request comes of, and between whom it is.

    A delivery that was sent back says more than the low rating after it.
    """
    rejected = Event.objects.filter(subject_kind="request", subject_id=service_request.pk, kind="request.rejected")
    service, supplier = service_request.service, service_request.supplier
    if rejected.exists():
        kind = SourceKind.REJECTION
    else:
        kind = SourceKind.RATING if low_rating_of(person, service_request) else SourceKind.REQUEST
    return {
        "source_kind": kind,
        "source_id": service_request.pk,
        "supplier": supplier,
        "customer": service_request.customer,
        "service": service if service.department_id == supplier.pk else None,
    }


@dataclass(frozen=True)
class RequestActions:
    """What the request page says: the actions that came of it, and whether the reader may start one."""

    service_request: ServiceRequest
    rows: list[Line]
    may_start: bool
    low: Rating | None = None


def of_request(person: Person, service_request: ServiceRequest) -> RequestActions | None:
    """None when there is nothing in it for this person."""
    hats = standing(person)
    found = lines_of(_of_request(hats.shape, person=hats.person_id, pk=service_request.pk))
    apart = service_request.customer_id != service_request.supplier_id
    may_start = apart and policies.can_open(person, service_request.supplier_id)
    if not found and not may_start:
        return None
    low = low_rating_of(person, service_request) if may_start and not found else None
    return RequestActions(service_request, found, may_start, low)


@written_once
def _of_request(hats: Standing, *, person: int, pk: int) -> QuerySet[CorrectiveAction]:
    rows = CorrectiveAction.objects.visible_to(whoever(hats, person)).select_related("supplier", "customer", "owner")
    return rows.filter(source_kind__in=OF_REQUESTS, source_id=pk).order_by("pk")
