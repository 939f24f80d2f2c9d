"""Facts written straight into their table, for figures of many requests at once."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.rebuilding import rebuild_cells
from requests_app.org.models import Department
from tests.factories.company import Company


def fact(number: int, day: date, *, customer: int, supplier: int, **more) -> RequestFact:
    """A request filed at noon of that day, technical and of priority 3 unless said otherwise."""
    at = datetime.combine(day, time(12), UTC)
    usual = {
        "first_supplier_id": supplier, "priority": 3, "need_type": "technical", "customer_kind": "employee",
        "channel": "web", "confidential": False, "outcome": "open", "service_id": None,
    }  # fmt: skip
    return RequestFact(
        request_id=number, customer_id=customer, supplier_id=supplier, created_at=at, created_day=day, **usual | more
    )


def decided(
    company: Company, supplier: Department, good: int, n: int, start: int, *, ago: int
) -> Iterator[RequestFact]:
    """So many decided requests of a supplier so many days ago, the first of them kept."""
    day = timezone.now().date() - timedelta(days=ago)
    for place in range(n):
        kept = place < good
        values = {
            "resolution_kept": kept, "resolution_decided_day": day, "outcome": "delivered", "first_delivered_day": day,
            "left_at": datetime(day.year, day.month, day.day, 13, tzinfo=UTC), "left_day": day,
            "resolution_ws": 3600 if kept else 36000, "resolution_cs": 3600,
        }  # fmt: skip
        yield fact(start + place, day, customer=company.sales.pk, supplier=supplier.pk, **values)


def count(rows: Iterable[RequestFact]) -> None:
    RequestFact.objects.bulk_create(rows)
    rebuild_cells()
