"""How a request was asked, as one person may read it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from feedback.asking import policies
from feedback.asking.models import AskingRating
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Person
from requests_app.org.policies import standing


@dataclass(frozen=True)
class AskingPanel:
    """What was said, or that the reader may say it until `until`."""

    service_request: ServiceRequest
    asking: AskingRating | None
    refusal: policies.Refusal | None

    @property
    def may_say(self) -> bool:
        return self.refusal is None

    @property
    def until(self) -> datetime | None:
        delivered_at = self.service_request.delivered_at
        return policies.rate_until(delivered_at) if delivered_at else None


def asking_panel(person: Person, service_request: ServiceRequest, *, now: datetime | None = None) -> AskingPanel:
    """For a page of its own: also says why not now."""
    rows = AskingRating.objects.visible_to(person).select_related("supplier", "person")
    found = rows.filter(service_request=service_request).first()
    why = policies.refusal(person, service_request, taken=found is not None, now=now or timezone.now())
    return AskingPanel(service_request, found, why)


def on_request(person: Person, service_request: ServiceRequest) -> AskingPanel | None:
    """The part of the request page; None when there is nothing in it for this person, mostly without a query."""
    row, hats = service_request, standing(person)
    if row.delivered_at is None or row.customer_id == row.supplier_id:
        return None
    asked = person.pk in (row.requester_id, row.filed_by_id)
    if not asked and row.supplier_id not in hats.supplies_for and row.customer_id not in hats.head_of:
        return None
    panel = asking_panel(person, row)
    return panel if panel.asking or panel.may_say else None
