"""Saying how it was asked, once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from feedback.asking import policies
from feedback.asking.models import AskingRating
from feedback.asking.states import LONGEST_NOTE, Asking
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import lock_request
from requests_app.events.services import record
from requests_app.kernel.errors import check_text
from requests_app.org.models import Person


@transaction.atomic
def rate_asking(
    *, by: Person, service_request: ServiceRequest, asking: Asking, now: datetime | None = None
) -> AskingRating:
    """Keep it, or raise: what one said already is never replaced, by nobody. The request is locked, then looked at."""
    row = lock_request(service_request.pk)
    now = now or timezone.now()
    taken = AskingRating.objects.filter(service_request=row).exists()
    policies.require_may_say(by, row, taken=taken, now=now)
    answers = {"complete": asking.complete, "in_time": asking.in_time, "right_place": asking.right_place}
    found = AskingRating.objects.create(
        service_request=row, supplier_id=row.supplier_id, customer_id=row.customer_id, person=by, at=now,
        note=check_text("note", asking.note.strip(), longest=LONGEST_NOTE), **answers,
    )  # fmt: skip
    parties = {"customer": row.customer_id, "supplier": row.supplier_id, "department": row.supplier_id}
    record(
        kind="asking.rated", subject_kind="request", subject_id=row.pk, by=by, at=now,
        data={"asking": found.pk, "person": by.pk, **answers, **parties},
    )  # fmt: skip
    return found
