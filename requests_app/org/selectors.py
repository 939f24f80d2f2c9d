"""Reading departments and people."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from requests_app.org.models import ApiToken, Department, Membership, Person
from requests_app.org.policies import require_admin, standing
from requests_app.org.states import SUPPLYING_ROLES, DepartmentKind


def departments_for(person: Person) -> QuerySet[Department]:
    """The departments this person may know of: all active ones; partners know their own and internal suppliers."""
    hats = standing(person)
    rows = Department.objects.filter(is_active=True)
    if hats.is_partner:
        rows = rows.filter(Q(kind=DepartmentKind.INTERNAL) | Q(pk__in=hats.member_of))
    return rows.order_by("name", "pk")


def departments_to_edit(person: Person) -> QuerySet[Department]:
    """As `departments_for`, and for administrators also those that are closed."""
    rows = Department.objects.all() if standing(person).is_admin else departments_for(person)
    return rows.select_related("parent").order_by("name", "pk")


def get_department(*, person: Person, slug: str) -> Department:
    found = departments_for(person).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def get_department_to_edit(*, person: Person, slug: str) -> Department:
    found = departments_to_edit(person).filter(slug=slug).first()
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


def people_for(person: Person, *, q: str = "", department: str = "") -> QuerySet[Person]:
    """user.directory_search: active people, for administrators also former ones; partners find their own people."""
    hats = standing(person)
    rows = people() if hats.is_admin else people().filter(is_active=True)
    if hats.is_partner:
        rows = rows.filter(pk__in=Membership.objects.filter(department__in=hats.member_of).values("person_id"))
    if department:
        rows = rows.filter(pk__in=Membership.objects.filter(department__slug=department).values("person_id"))
    for word in q.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return rows


def get_person(*, person: Person, email: str) -> Person:
    """Somebody whom this person may find, by address, or 404."""
    found = people_for(person).filter(email__iexact=email).first()
    if found is None:
        raise Http404
    return found


def tokens_for(person: Person, *, owner: Person | None = None) -> QuerySet[ApiToken]:
    """One's own tokens; administrators see whose they are and how long they last, for anybody's."""
    rows = ApiToken.objects.select_related("person").order_by("-pk")
    if owner is None or owner.pk == person.pk:
        return rows.filter(person=person)
    require_admin(person)
    return rows.filter(person=owner)


def get_token(*, person: Person, pk: int) -> ApiToken:
    """A token of one's own (administrators: of anybody's), or 404."""
    rows = ApiToken.objects.select_related("person")
    if not standing(person).is_admin:
        rows = rows.filter(person=person)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """id → name, for events that carry only ids."""
    wanted = {pk for pk in person_ids if pk}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def below(department: Department) -> list[int]:
    """Ids of the department and everything under it in the tree."""
    path = department.path or f"/{department.pk}/"
    return list(Department.objects.filter(path__startswith=path).values_list("pk", flat=True))
