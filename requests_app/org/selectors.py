"""Reading departments and people."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from requests_app.org.models import Department, Membership, Person
from requests_app.org.policies import standing
from requests_app.org.states import SUPPLYING_ROLES


def departments_for(person: Person) -> QuerySet[Department]:
    """The departments this person may know of: all active ones; partners know their own and internal suppliers."""
    return Department.objects.filter(is_active=True).order_by("name", "pk")


def get_department(*, person: Person, slug: str) -> Department:
    found = departments_for(person).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def supplied_departments(person: Person) -> list[Department]:
    """Where the person works as agent, head or deputy."""
    return list(departments_for(person).filter(pk__in=standing(person).supplies_for))


def agents_of(department_id: int) -> QuerySet[Person]:
    """Active people who supply for the department."""
    hats = Membership.objects.filter(department_id=department_id, role__in=SUPPLYING_ROLES)
    return Person.objects.filter(is_active=True, pk__in=hats.values("person_id")).order_by("name", "pk")


def people() -> QuerySet[Person]:
    hats = Membership.objects.select_related("department").order_by("department__name", "role")
    return Person.objects.prefetch_related(Prefetch("memberships", queryset=hats)).order_by("name", "pk")


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """id → name, for events that carry only ids."""
    wanted = {pk for pk in person_ids if pk}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def below(department: Department) -> list[int]:
    """Ids of the department and everything under it in the tree."""
    return list(Department.objects.filter(path__startswith=department.path or f"/{department.pk}/").values_list("pk", flat=True))
