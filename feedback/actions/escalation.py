"""A target of an agreement ran so far that a corrective action was agreed on: it is opened, once for each request."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.actions.models import CorrectiveAction
from feedback.actions.services import open_action
from feedback.actions.states import SourceKind
from requests_app.agreements.states import Measure, Step
from requests_app.desk.models import ServiceRequest
from requests_app.events.models import Event


def open_after(events: list[Event]) -> None:
    """What follows a step of escalation that asks for it. Safe to run twice, late and in any order."""
    for event in events:
        if event.data["step"] == Step.ACTION:
            _open(event)


def _open(event: Event) -> CorrectiveAction | None:
    """None within one department: nobody could confirm it. The title names no word of the request."""
    rows = ServiceRequest.objects.select_related("customer", "supplier", "service").defer("search")
    service_request = rows.get(pk=event.subject_id)
    supplier, customer = service_request.supplier, service_request.customer
    if supplier.pk == customer.pk:
        return None
    service = service_request.service
    with override(supplier.language or None):
        measure = Measure(event.data["measure"]).label
        title = _("%(number)s: %(percent)s %% of the time used (%(measure)s)") % {
            "number": service_request.number, "percent": event.data["percent"], "measure": measure,
        }  # fmt: skip
    return open_action(
        source_kind=SourceKind.ESCALATION,
        source_id=service_request.pk,
        supplier=supplier,
        customer=customer,
        service=service if service.department_id == supplier.pk else None,
        title=title,
        at=event.at,
    )
