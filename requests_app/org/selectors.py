"""Reading departments and people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404

from requests_app.kernel.written import written_once
from requests_app.org.models import ApiToken, Department, Membership, Person
from requests_app.org.policies import Standing, require_admin, standing, whoever
from requests_app.org.states import LEADING_ROLES, SUPPLYING_ROLES, DepartmentKind, Who

MOST_WORDS = 8  # of a search; the rest is not looked for


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
    hats = standing(person)
    found = _by_slug(hats.shape, person=hats.person_id, slug=slug)
    if not found:
        raise Http404
    return found[0]


def departments_by_slug(person: Person, wanted: Mapping[str, Any], *names: str) -> dict[str, Department | None]:
    """The departments whose slugs stand under these names: None where none does, 404 for a stranger to one."""
    return {name: get_department(person=person, slug=wanted[name]) if wanted.get(name) else None for name in names}


@written_once
def _by_slug(hats: Standing, *, person: int, slug: str) -> QuerySet[Department]:
    return departments_for(whoever(hats, person)).filter(slug=slug)


@written_once
def _choices(hats: Standing, *, person: int) -> QuerySet:
    return departments_for(whoever(hats, person)).values_list("slug", "name")


def department_choices(person: Person) -> list[tuple[str, str]]:
    """Slug and name of each department the person may know of."""
    hats = standing(person)
    return _choices(hats.shape, person=hats.person_id)


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


@written_once
def agents_by_name(*, department_id: int) -> QuerySet[Person]:
    """The same, with what tells them apart and nothing else."""
    return agents_of(department_id).only("name", "email")


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
    return _with_words(rows, q.split()[:MOST_WORDS])


def _with_words(rows: QuerySet[Person], words: Iterable[str]) -> QuerySet[Person]:
    for word in words:
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return rows


@written_once
def _named(hats: Standing, most: int, *, person: int, **words: str) -> QuerySet[Department]:
    rows = departments_for(whoever(hats, person))
    for word in words.values():
        rows = rows.filter(Q(name__icontains=word) | Q(slug=Lower(word)))
    return rows[:most]


@written_once
def _found(hats: Standing, most: int, *, person: int, **words: str) -> QuerySet[Person]:
    found = _with_words(people_for(whoever(hats, person)), words.values())
    return found.filter(is_active=True)[:most]


def departments_named(person: Person, q: str, *, most: int) -> list[Department]:
    """The first departments that the person may know of, with every word in their name."""
    hats = standing(person)
    return _named(hats.shape, most, person=hats.person_id, **words_of(q))


def people_found(person: Person, q: str, *, most: int) -> list[Person]:
    """The first active people whom the person may find by every word."""
    hats = standing(person)
    return _found(hats.shape, most, person=hats.person_id, **words_of(q))


def words_of(q: str) -> dict[str, str]:
    """The first words of what was typed, each under a name of its own."""
    return {f"word{place}": word for place, word in enumerate(q.split()[:MOST_WORDS])}


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


def get_token_of(owner: Person, *, pk: int) -> ApiToken:
    """A token of just this person, or 404."""
    found = ApiToken.objects.filter(person=owner, pk=pk).first()
    if found is None:
        raise Http404
    return found


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """id → name, for events that carry only ids."""
    wanted = {pk for pk in person_ids if pk}
    return dict(_names(pks=wanted)) if wanted else {}


@written_once
def _names(*, pks: list[int]) -> QuerySet:
    return Person.objects.filter(pk__among=pks).order_by().values_list("pk", "name")


def below(department: Department) -> list[int]:
    """Ids of the department and everything under it in the tree."""
    return list(slugs_below(department))


def slugs_below(department: Department) -> dict[int, str]:
    """The same with their slugs."""
    path = department.path or f"/{department.pk}/"
    return dict(Department.objects.filter(path__startswith=path).values_list("pk", "slug"))


@dataclass(frozen=True)
class Branch:
    """A department as a line of the tree: how deep it lies, who leads it, how many people are in it."""

    department: Department
    depth: int
    heads: tuple[str, ...]
    people: int


def department_tree(person: Person) -> list[Branch]:
    """What this person may set up: administrators every department, heads their own. Parents stand before children."""
    rows = departments_to_edit(person)
    if not standing(person).is_admin:
        rows = rows.filter(pk__in=standing(person).head_of)
    departments = list(rows)
    heads, people = _heads_by_department(), _people_by_department()
    return [
        Branch(department, depth, heads.get(department.pk, ()), people.get(department.pk, 0))
        for department, depth in _in_tree_order(departments)
    ]


def _in_tree_order(departments: list[Department]) -> list[tuple[Department, int]]:
    shown = {department.pk for department in departments}
    below_of: dict[int | None, list[Department]] = defaultdict(list)
    for department in departments:
        below_of[department.parent_id if department.parent_id in shown else None].append(department)
    ordered: list[tuple[Department, int]] = []
    waiting = [(department, 0) for department in reversed(below_of[None])]
    while waiting:
        department, depth = waiting.pop()
        ordered.append((department, depth))
        waiting += [(child, depth + 1) for child in reversed(below_of[department.pk])]
    return ordered


def _heads_by_department() -> dict[int, tuple[str, ...]]:
    hats = Membership.objects.filter(role__in=LEADING_ROLES, person__is_active=True).order_by("-role", "person__name")
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for department_id, name in hats.values_list("department_id", "person__name"):
        found[department_id] += (name,)
    return found


def _people_by_department() -> dict[int, int]:
    counted = Membership.objects.filter(person__is_active=True).values("department_id")
    return dict(counted.annotate(n=Count("person", distinct=True)).values_list("department_id", "n"))


def held_roles(person: Person, department: Department) -> set[str]:
    """What the person is in the department now."""
    rows = Membership.objects.filter(person=person, department=department)
    return set(rows.values_list("role", flat=True))


@dataclass(frozen=True)
class Hats:
    """What one person is in one department."""

    person: Person
    department: Department
    roles: tuple[str, ...]
    home: bool


def hats_in(department: Department) -> list[Hats]:
    """Everybody who has a hat in the department, by name."""
    rows = Membership.objects.filter(department=department).select_related("person", "department")
    return _grouped(rows.order_by("person__name", "person_id", "role"))


def hats_of(person: Person) -> list[Hats]:
    """Where the person belongs, the home first."""
    rows = Membership.objects.filter(person=person).select_related("person", "department")
    return sorted(_grouped(rows.order_by("department__name", "role")), key=lambda hats: not hats.home)


def _grouped(rows: QuerySet[Membership]) -> list[Hats]:
    found: dict[tuple[int, int], list[Membership]] = defaultdict(list)
    for row in rows:
        found[row.person_id, row.department_id].append(row)
    return [
        Hats(hats[0].person, hats[0].department, tuple(hat.role for hat in hats), any(hat.home for hat in hats))
        for hats in found.values()
    ]


def people_in_settings(person: Person, *, q: str = "", department: str = "", who: str = "") -> QuerySet[Person]:
    """user.manage_any: administrators only. `who` is one of states.Who; without it whoever is here now."""
    require_admin(person)
    rows = people_for(person, q=q, department=department)
    if who == Who.FORMER:
        return rows.filter(is_active=False)
    flags = {Who.ADMINS: "is_admin", Who.EXECUTIVES: "is_executive", Who.AUDITORS: "is_auditor"}
    return rows.filter(is_active=True, **({flags[Who(who)]: True} if who else {}))


def get_person_to_edit(*, person: Person, pk: int) -> Person:
    """Anybody, for administrators."""
    require_admin(person)
    found = people().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
