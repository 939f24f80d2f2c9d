"""The past that is replayed, the runs there were, and what they found."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from metrics.facts.models import RequestFact
from metrics.whatif.engine import GaugeAt
from metrics.whatif.models import FlippedRequest, WhatIf
from metrics.whatif.policies import can_replay
from metrics.whatif.states import Past
from requests_app.agreements.clockwork import Gauge
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.selectors import agreements_seen
from requests_app.agreements.selectors import gauge_of
from requests_app.agreements.terms import Terms
from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.selectors import current_version_id
from requests_app.catalogue.models import Service
from requests_app.org.models import Person

CHUNK = 5000


def facts_between(agreement: Agreement, first: date, last: date) -> QuerySet[RequestFact]:
    """The requests this agreement would have covered: filed by its customer with its supplier, for its service.

    Filed on these days, both included, as the figures date a filing. Who holds a request now does not matter: the
    promise is that of the department it was filed with.
    """
    covered = Q(created_day__gte=first, created_day__lte=last)
    parties = {
        "customer_id": agreement.customer_id,
        "first_supplier_id": agreement.supplier_id,
        "service_id": agreement.service_id,
    }
    for name, value in parties.items():
        if value is not None:
            covered &= Q(**{name: value})
    return RequestFact.objects.filter(covered)


def pasts(rows: QuerySet[RequestFact]) -> Iterator[list[Past]]:
    """In chunks, as plain tuples by the order of requests; memory stays flat however many there are."""
    after = 0
    while True:
        found = rows.filter(request_id__gt=after).order_by("request_id").values_list(*Past._fields)[:CHUNK]
        chunk = list(map(Past._make, found))
        if chunk:
            yield chunk
        if len(chunk) < CHUNK:
            return
        after = chunk[-1].request_id


def gauges_for(agreement: Agreement, terms: Terms) -> GaugeAt:
    """By the calendar that the terms name, in its version of then; else by the one that a request was measured by.

    A request of which that is not known is measured by the supplier's calendar of now.
    """
    gauge = lru_cache(maxsize=None)(gauge_of)
    if terms.calendar:
        return _by_calendar(terms.calendar.pk, gauge)
    supplier = agreement.supplier.calendar_id if agreement.supplier else None
    usual = current_version_id(supplier)
    return lambda version_id, at: gauge(version_id or usual)


def _by_calendar(calendar_id: int, gauge: Callable[[int], Gauge]) -> GaugeAt:
    versions = CalendarVersion.objects.filter(calendar_id=calendar_id).order_by("effective_from")
    since, ids = zip(*versions.values_list("effective_from", "pk"), strict=True)

    def find(version_id: int | None, at: datetime) -> Gauge:
        return gauge(ids[max(bisect_right(since, at) - 1, 0)])

    return find


def get_run(*, agreement: Agreement, pk: int) -> WhatIf:
    found = WhatIf.objects.filter(agreement_id=agreement.pk, pk=pk).first()
    if found is None:
        raise Http404
    return found


def comparable(person: Person, agreement: Agreement) -> QuerySet[Agreement]:
    """Other versions between the same departments that this person reads, for any or no service; newest first."""
    parties = {"customer": agreement.customer_id, "supplier": agreement.supplier_id}
    return agreements_seen(person).filter(**parties).exclude(pk=agreement.pk)


def get_compared(*, person: Person, pk: int) -> Agreement | None:
    """Another version to replay beside; None where this person reads none of that number, or may not replay it."""
    found = agreements_seen(person).filter(pk=pk).first()
    return found if found and can_replay(person, found) else None


def flips_of(run: WhatIf, would: bool | None = None) -> QuerySet[FlippedRequest]:
    """The requests that flip, or only those that would be kept, or missed; none of them confidential."""
    rows = FlippedRequest.objects.filter(run=run)
    return rows if would is None else rows.filter(would=would)


def flips_counted(run: WhatIf) -> dict[bool, int]:
    """How many stand in the list, by what would have come out. One query."""
    return dict(flips_of(run).values_list("would").annotate(n=Count("request_id")).order_by())


def services_named(service_ids: list[int]) -> dict[int, tuple[str, str]]:
    """id → slug and name."""
    rows = Service.objects.filter(pk__in=service_ids).values_list("pk", "slug", "name")
    return {pk: (slug, name) for pk, slug, name in rows}
