"""Which promise holds, and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement, PriorityMatrix, Target
from requests_app.agreements.states import DEFAULT_MATRIX, DEFAULT_PAUSING, Measure


@dataclass(frozen=True)
class Promised:
    """One target as it holds for one request."""

    measure: str
    seconds: int
    agreement_id: int
    version: int
    pausing: tuple[str, ...]
    acceptance_days: int
    customer_id: int | None
    supplier_id: int | None
    service_id: int | None

    @property
    def rule(self) -> str:
        """Why this target, in words; the order of the lines is the order in which the more specific wins."""
        if self.service_id and self.customer_id:
            return _("agreed between these two departments for this service")
        if self.service_id:
            return _("agreed with all customers for this service")
        if self.customer_id and self.supplier_id:
            return _("agreed between these two departments")
        if self.supplier_id:
            return _("the supplier's own default")
        return _("the company's default")


def specificity(*, customer_id: int | None, supplier_id: int | None, service_id: int | None) -> int:
    """Service beats customer beats supplier beats company: 7 service and customer … 0 company default."""
    return 4 * bool(service_id) + 2 * bool(customer_id) + bool(supplier_id)


def promise_for(
    *, customer_id: int, supplier_id: int, service_id: int, priority: int, at: datetime
) -> dict[str, Promised]:
    """measure → the most specific target in force at `at`; a measure nobody promised is absent. One query."""
    rows = (
        Target.objects.filter(
            Q(agreement__customer_id=customer_id) | Q(agreement__customer_id=None),
            Q(agreement__supplier_id=supplier_id) | Q(agreement__supplier_id=None),
            Q(agreement__service_id=service_id) | Q(agreement__service_id=None),
            Q(agreement__valid_to__gt=at) | Q(agreement__valid_to=None),
            agreement__valid_from__lte=at,
            priority=priority,
        )
        .annotate(
            version=F("agreement__version"), pausing=F("agreement__pausing"), days=F("agreement__acceptance_days"),
            customer=F("agreement__customer_id"), supplier=F("agreement__supplier_id"), service=F("agreement__service_id"),
        )
        .values_list(
            "measure", "seconds", "agreement_id", "version", "pausing", "days", "customer", "supplier", "service"
        )
    )  # fmt: skip
    best: dict[str, Promised] = {}
    for row in rows:
        found = Promised(*row[:4], tuple(row[4]), *row[5:])
        held = best.get(found.measure)
        if held is None or _rank(found) > _rank(held):
            best[found.measure] = found
    return best


def _rank(found: Promised) -> int:
    return specificity(
        customer_id=found.customer_id, supplier_id=found.supplier_id, service_id=found.service_id
    )


def pausing_reasons(promise: dict[str, Promised]) -> tuple[str, ...]:
    resolution = promise.get(Measure.RESOLUTION)
    return resolution.pausing if resolution else DEFAULT_PAUSING


def priority_of(*, supplier_id: int, urgency: int, impact: int) -> int:
    """Looked up in the supplier's own matrix, else the company's, else the usual one."""
    rows = PriorityMatrix.objects.filter(Q(department_id=supplier_id) | Q(department_id=None))
    cells = {row.department_id: row.cells for row in rows}
    matrix = cells.get(supplier_id) or cells.get(None)
    if matrix:
        return int(matrix[str(urgency)][str(impact)])
    return DEFAULT_MATRIX[urgency][impact]


def agreements_in_force(*, at: datetime):
    """For the settings page and the API: what holds now, company default first."""
    return (
        Agreement.objects.filter(Q(valid_to__gt=at) | Q(valid_to=None), valid_from__lte=at)
        .select_related("customer", "supplier", "service")
        .prefetch_related("targets")
        .order_by(F("supplier__name").asc(nulls_first=True), F("customer__name").asc(nulls_first=True), "service__name", "pk")
    )
