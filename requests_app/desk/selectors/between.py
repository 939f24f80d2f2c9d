"""Open requests between two departments, either way, as one reader may see them."""

from dataclasses import dataclass

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from requests_app.desk.models import NEVER, ServiceRequest
from requests_app.desk.selectors.my_desk import Asked, next_steps
from requests_app.desk.states import OPEN
from requests_app.org.models import Department, Person

SHOWN = 8


@dataclass(frozen=True)
class Between:
    """The first to come due, and how many there are."""

    rows: list[Asked]
    count: int


def open_between(person: Person, one: Department, other: Department) -> Between:
    pair = Q(customer=one, supplier=other) | Q(customer=other, supplier=one)
    rows = ServiceRequest.objects.visible_to(person).filter(pair, status__in=sorted(OPEN))
    found = list(rows.for_row().order_by(Coalesce("due_at", Value(NEVER)), "pk")[:SHOWN])
    return Between(next_steps(found, person), len(found) if len(found) < SHOWN else rows.count())
