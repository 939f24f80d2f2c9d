"""Facts written straight into their table, for figures of many requests at once."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from metrics.facts.models import RequestFact
from metrics.rollups.rebuilding import rebuild_cells


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


def count(rows: Iterable[RequestFact]) -> None:
    RequestFact.objects.bulk_create(rows)
    rebuild_cells()
