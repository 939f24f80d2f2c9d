"""The past that is replayed, and the runs there were."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.whatif.models import WhatIf
from metrics.whatif.states import Past
from requests_app.agreements.clockwork import Gauge
from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import gauge_of
from requests_app.agreements.terms import Terms
from requests_app.calendars.selectors import current_version_id
from requests_app.catalogue.models import Service

CHUNK = 5000


def facts_between(agreement: Agreement, first: date, last: date) -> QuerySet[RequestFact]:
    """The requests this agreement would have covered: filed by its customer with its supplier, for its service."""
    zone = timezone.get_default_timezone()
    midnight = partial(datetime, tzinfo=zone)
    begins = midnight(first.year, first.month, first.day)
    after = last + timedelta(days=1)
    covered = Q(created_at__gte=begins, created_at__lt=midnight(after.year, after.month, after.day))
    parties = {"customer_id": agreement.customer_id, "first_supplier_id": agreement.supplier_id}
    parties |= {"service_id": agreement.service_id}
    for name, value in parties.items():
        if value is not None:
            covered &= Q(**{name: value})
    return RequestFact.objects.filter(covered)


def pasts(rows: QuerySet[RequestFact]) -> Iterator[tuple[Past, ...]]:
    """In chunks, as plain tuples by the order of requests; memory stays flat however many there are."""
    found = map(Past._make, rows.order_by("request_id").values_list(*Past._fields).iterator(chunk_size=CHUNK))
    while chunk := tuple(islice(found, CHUNK)):
        yield chunk


def gauges_for(agreement: Agreement, terms: Terms) -> Callable[[int | None], Gauge]:
    """By the calendar the terms name; else by the one a request was measured by; else by the supplier's of now."""
    named = current_version_id(terms.calendar.pk) if terms.calendar else None
    supplier = agreement.supplier.calendar_id if agreement.supplier else None

    def find(version_id: int | None) -> Gauge:
        return gauge_of(named or version_id or current_version_id(supplier))

    return find


def get_run(*, agreement: Agreement, pk: int) -> WhatIf:
    found = WhatIf.objects.filter(agreement_id=agreement.pk, pk=pk).first()
    if found is None:
        raise Http404
    return found


def service_names(service_ids: list[int]) -> dict[int, str]:
    return dict(Service.objects.filter(pk__in=service_ids).values_list("pk", "name"))
