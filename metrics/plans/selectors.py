"""The four plans of one department, and of all of them, as finished pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from metrics.plans.counting import standings
from metrics.plans.states import Coverage, Plan, Standing, together
from metrics.rollups.policies import Sight, own_departments, require_company, require_sight
from requests_app.org.models import Department, Person
from requests_app.org.selectors import get_department


@dataclass(frozen=True)
class Met:
    """A department on the other side, and whether it was talked to."""

    department: Department
    is_met: bool


@dataclass(frozen=True)
class DepartmentPlans:
    """`customers` and `suppliers` are named only to whom the department is shown in full."""

    department: Department
    standing: Standing
    in_full: bool
    customers: Sequence[Met]
    suppliers: Sequence[Met]
    as_of: datetime

    @property
    def plans(self) -> list[tuple[Plan, bool]]:
        return [(plan, self.standing.done[plan]) for plan in Plan]


@dataclass(frozen=True)
class Line:
    department: Department
    standing: Standing

    @property
    def plans(self) -> list[bool]:
        return [self.standing.done[plan] for plan in Plan]


@dataclass(frozen=True)
class CompanyPlans:
    """`whole` is False where the reader sees only departments of their own."""

    lines: Sequence[Line]
    whole: bool
    as_of: datetime

    @property
    def done(self) -> tuple[int, int]:
        """(plans done, plans in all)."""
        return sum(line.standing.count for line in self.lines), len(Plan) * len(self.lines)

    @property
    def customers(self) -> tuple[int, int]:
        return together([line.standing.customers for line in self.lines])

    @property
    def suppliers(self) -> tuple[int, int]:
        return together([line.standing.suppliers for line in self.lines])


def department_plans(*, person: Person, slug: str, now: datetime | None = None) -> DepartmentPlans:
    """404 for an unknown department, NotAllowed for whom its figures are not."""
    now = now or timezone.now()
    department = get_department(person=person, slug=slug)
    in_full = require_sight(person, department) == Sight.FULL
    found = standings([department.pk], now)[department.pk]
    names = Department.objects.in_bulk(found.customers.due | found.suppliers.due) if in_full else {}
    customers, suppliers = _named(found.customers, names), _named(found.suppliers, names)
    return DepartmentPlans(department, found, in_full, customers, suppliers, now)


def _named(found: Coverage, names: Mapping[int, Department]) -> list[Met]:
    """By name; nobody where nobody is to be named."""
    rows = (Met(names[pk], pk in found.met) for pk in found.due if pk in names)
    return sorted(rows, key=lambda met: met.department.name)


def company_plans(*, person: Person, now: datetime | None = None) -> CompanyPlans:
    """NotAllowed for whom the company's figures are not; in outline, one's own departments."""
    now, whole = now or timezone.now(), require_company(person) == Sight.FULL
    rows = Department.objects.filter(is_active=True).order_by("name", "pk")
    departments = list(rows if whole else rows.filter(pk__in=own_departments(person)))
    found = standings([row.pk for row in departments], now)
    return CompanyPlans([Line(row, found[row.pk]) for row in departments], whole, now)
