"""Facts of many weeks without their requests: what figures say of a year, made in a moment."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from metrics.facts.models import RequestFact
from metrics.facts.states import Outcome
from metrics.rollups.rebuilding import rebuild_cells
from requests_app.org.models import Department

WEEK = timedelta(days=7)


def delivered_weeks(
    supplier: Department,
    customer: Department,
    hours: Sequence[float],
    *,
    last: date,
    each: int = 6,
    kept: Sequence[int] = (),
    first_id: int = 1_000_000,
    service_id: int | None = None,
) -> None:
    """`each` requests a week, delivered after about so many hours; the last week begins with the Monday `last`.

    `kept`: how many of a week's requests were in time; all, where it says nothing.
    """
    rows = []
    for place, level in enumerate(hours):
        day = last - WEEK * (len(hours) - 1 - place) + timedelta(days=2)
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        for one in range(each):
            seconds = round(level * 3600 * (0.8 + 0.4 * one / max(each - 1, 1)))
            in_time = one < kept[place] if place < len(kept) else True
            rows.append(
                RequestFact(
                    request_id=first_id + len(rows), customer_id=customer.pk, supplier_id=supplier.pk,
                    first_supplier_id=supplier.pk, service_id=service_id, priority=3, need_type="technical",
                    customer_kind="employee", channel="web", confidential=False, outcome=Outcome.CLOSED,
                    created_at=at, first_delivered_at=at, delivered_at=at, left_at=at, created_day=day,
                    first_delivered_day=day, delivered_day=day, left_day=day, resolution_decided_day=day,
                    resolution_ws=seconds, resolution_cs=seconds, resolution_kept=in_time,
                )
            )  # fmt: skip
    RequestFact.objects.bulk_create(rows)
    rebuild_cells()
