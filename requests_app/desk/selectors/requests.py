"""One request, for somebody who may see it."""

from django.db.models import Q, QuerySet
from django.http import Http404

from requests_app.catalogue.states import Privacy
from requests_app.desk.models import Attachment, Handoff, ServiceRequest
from requests_app.desk.policies import can_see_internal
from requests_app.desk.states import pk_of
from requests_app.kernel.written import written_once
from requests_app.org.models import Person
from requests_app.org.policies import Standing, standing, whoever

WITH = ("customer", "supplier", "service", "requester", "filed_by", "assignee", "form")


def get_service_request(*, person: Person, number: str) -> ServiceRequest:
    """The request with this number, with the rows it points at, or 404 when it is not there or not theirs to see."""
    pk, hats = pk_of(number), standing(person)
    found = _visible(hats.shape, person=hats.person_id, pk=pk) if pk is not None else []
    if not found:
        raise Http404
    return found[0]


@written_once
def _visible(hats: Standing, *, person: int, pk: int) -> QuerySet[ServiceRequest]:
    rows = ServiceRequest.objects.visible_to(whoever(hats, person))
    return rows.select_related(*WITH).defer("search").filter(pk=pk)


def request_as_it_is(pk: int) -> ServiceRequest:
    """For whoever has just changed it, and may by that have put it out of their own sight."""
    return ServiceRequest.objects.select_related(*WITH).defer("search").get(pk=pk)


def get_handoff(*, person: Person, pk: int) -> Handoff:
    """A handoff of a request that the person may see, or that was offered to a department of theirs; else 404.

    Of confidential requests only the heads of that department know.
    """
    rows = Handoff.objects.select_related(
        "service_request__supplier", "service_request__customer", "sender", "receiver"
    )
    visible, hats = ServiceRequest.objects.visible_to(person).values("pk"), standing(person)
    ours = Q(receiver_id__in=hats.supplies_for) & ~Q(service_request__privacy=Privacy.CONFIDENTIAL)
    theirs = Q(service_request__in=visible) | ours | Q(receiver_id__in=hats.head_of)
    found = rows.filter(pk=pk).filter(theirs).first()
    if found is None:
        raise Http404
    return found


def get_attachment(*, person: Person, pk: int) -> Attachment:
    """A file the person may read: of a request they see, and internal ones only on the supplying side; else 404."""
    visible = ServiceRequest.objects.visible_to(person).values("pk")
    found = Attachment.objects.filter(pk=pk, service_request__in=visible).select_related("service_request").first()
    if found is None or (found.internal and not can_see_internal(person, found.service_request)):
        raise Http404
    return found
