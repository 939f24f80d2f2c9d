"""Requests found by what a program asks for: names instead of ids, and times."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.search import matching
from requests_app.org.models import Person

# What a row of a list says; texts and search words of 50 requests are not read for nothing.
SHOWN = (
    "title", "status", "hold_reason", "priority", "urgency", "impact", "created_at", "changed_at", "due_at",
    "delivered_at", "closed_at", "version", "customer__slug", "supplier__slug", "service__slug",
    "requester__email", "assignee__email",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """Any of the values of a filter will do; every filter given must hold. Departments and services by short name."""

    customer: tuple[str, ...] = ()
    supplier: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    priority: tuple[int, ...] = ()
    requester: str = ""
    assignee: str = ""  # an address, "me" or "none"
    created_from: datetime | None = None
    created_to: datetime | None = None
    overdue: bool | None = None
    mine: bool | None = None
    q: str = ""


def requests_found(person: Person, filters: Filters) -> QuerySet[ServiceRequest]:
    """What this person may see of it, for rows in a list."""
    rows = ServiceRequest.objects.visible_to(person)
    for condition in (_by_party(filters), _by_state(filters), _by_person(person, filters), _by_time(filters)):
        rows = rows.filter(condition)
    if filters.q.strip():
        rows = matching(rows, person, filters.q)
    return rows.select_related("customer", "supplier", "service", "requester", "assignee").only(*SHOWN)


def _by_party(filters: Filters) -> Q:
    condition = Q()
    if filters.customer:
        condition &= Q(customer__slug__in=filters.customer)
    if filters.supplier:
        condition &= Q(supplier__slug__in=filters.supplier)
    if filters.service:
        condition &= Q(service__slug__in=filters.service)
    return condition


def _by_state(filters: Filters) -> Q:
    condition = Q()
    if filters.status:
        condition &= Q(status__in=filters.status)
    if filters.priority:
        condition &= Q(priority__in=filters.priority)
    if filters.overdue is not None:
        late = Q(due_at__lt=timezone.now())
        condition &= late if filters.overdue else Q(due_at=None) | ~late
    return condition


def _by_person(person: Person, filters: Filters) -> Q:
    condition = Q()
    if filters.requester:
        condition &= _is(person, "requester", filters.requester)
    if filters.assignee:
        condition &= _is(person, "assignee", filters.assignee)
    if filters.mine is not None:
        mine = Q(requester_id=person.pk) | Q(filed_by_id=person.pk) | Q(assignee_id=person.pk)
        condition &= mine if filters.mine else Q(pk__in=ServiceRequest.objects.exclude(mine).values("pk"))
    return condition


def _is(person: Person, role: str, who: str) -> Q:
    if who == "none":
        return Q((f"{role}_id", None))
    if who == "me":
        return Q((f"{role}_id", person.pk))
    return Q((f"{role}__email__iexact", who))


def _by_time(filters: Filters) -> Q:
    """Half-open, so that the end of one stretch is the beginning of the next."""
    condition = Q()
    if filters.created_from:
        condition &= Q(created_at__gte=filters.created_from)
    if filters.created_to:
        condition &= Q(created_at__lt=filters.created_to)
    return condition
