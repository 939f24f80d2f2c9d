"""Handoffs as they are listed: of one request, and those that wait for an answer."""

from django.db.models import QuerySet

from requests_app.desk.models import Handoff, ServiceRequest
from requests_app.desk.states import HandoffState
from requests_app.org.models import Person
from requests_app.org.policies import standing

WITH = ("service_request", "sender", "receiver", "offered_by", "answered_by")


def handoffs_of(row: ServiceRequest) -> QuerySet[Handoff]:
    return Handoff.objects.filter(service_request=row).select_related(*WITH).defer("service_request__search")


def handoffs_to_answer(person: Person) -> QuerySet[Handoff]:
    """Offers to the departments for which the person supplies, of requests that they may see."""
    visible = ServiceRequest.objects.visible_to(person).values("pk")
    rows = Handoff.objects.filter(state=HandoffState.OFFERED, receiver_id__in=standing(person).supplies_for)
    return rows.filter(service_request__in=visible).select_related(*WITH).defer("service_request__search")


def handoff_as_it_is(pk: int) -> Handoff:
    """With everything that a reader is told of it, for whoever has just answered it."""
    return Handoff.objects.select_related(*WITH).defer("service_request__search").get(pk=pk)
