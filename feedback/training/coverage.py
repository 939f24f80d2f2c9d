"""How many of a department's people hold a valid certificate of a course: counts for everybody, names for its head."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone

from feedback.training import policies
from feedback.training.models import Certificate, Course
from feedback.training.selectors import courses_for
from feedback.training.states import FEWEST_SHOWN
from requests_app.org.models import Department, Membership, Person
from requests_app.org.selectors import departments_for


@dataclass(frozen=True)
class Holder:
    """Somebody of the department, for its head. `until` None: no valid certificate."""

    name: str
    until: date | None


@dataclass(frozen=True)
class Cover:
    """n of N current members. None where a count would tell others about each of a few people."""

    course: Course
    department: Department
    n: int | None
    of: int
    people: list[Holder] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        return self.n / self.of if self.n is not None and self.of else None


def coverage_of(person: Person, department: Department, today: date | None = None) -> list[Cover]:
    """Every course that is held, for one department; four queries. Its head reads the names."""
    members = _members([department.pk])[department.pk]
    courses = list(courses_for(person).order_by("name", "pk"))
    valid = _valid(courses, set(members), today or timezone.localdate())
    named = policies.reads_names_of(person, department.pk)
    return [_cover(course, department, members, valid, named) for course in courses]


def coverage_by_department(person: Person, course: Course, today: date | None = None) -> list[Cover]:
    """One course, for every department that has people; three queries, however many departments there are."""
    departments = list(departments_for(person).filter(kind="internal"))
    members = _members([one.pk for one in departments])
    everybody = {pk for people in members.values() for pk in people}
    valid = _valid([course], everybody, today or timezone.localdate())
    shown = [one for one in departments if members[one.pk]]
    return [_cover(course, one, members[one.pk], valid, policies.reads_names_of(person, one.pk)) for one in shown]


def trained_in(person: Person, department: Department, today: date | None = None) -> tuple[int, int]:
    """In how many courses somebody of the department is certified, of how many that are held; one query.

    Nothing where `coverage_of` would tell the reader no count either.
    """
    people = Membership.objects.filter(department=department, person__is_active=True)
    many = people.order_by().values("department").values_list(Count("person", distinct=True))
    valid = Certificate.objects.filter(
        course=OuterRef("pk"), person__in=people.values("person"), valid_until__gte=today or timezone.localdate()
    )
    found = courses_for(person).order_by().values_list(Exists(valid), Subquery(many))
    shown = [held for held, of in found if policies.reads_names_of(person, department.pk) or (of or 0) >= FEWEST_SHOWN]
    return sum(shown), len(shown)


def _members(departments: list[int]) -> dict[int, dict[int, str]]:
    """Department → id and name of its current people, each once however many hats they have."""
    found: dict[int, dict[int, str]] = {pk: {} for pk in departments}
    rows = Membership.objects.filter(department__in=departments, person__is_active=True)
    for department, pk, name in rows.order_by("person__name").values_list("department_id", "person_id", "person__name"):
        found[department][pk] = name
    return found


def _valid(courses: list[Course], people: set[int], today: date) -> dict[tuple[int, int], date]:
    """(course, person) → the last day of the certificate that holds longest, for those that hold today."""
    rows = Certificate.objects.filter(course__in=courses, person__in=people, valid_until__gte=today)
    found = rows.order_by("valid_until").values_list("course_id", "person_id", "valid_until")
    return {(course, person): until for course, person, until in found}


def _cover(
    course: Course, department: Department, members: dict[int, str], valid: dict[tuple[int, int], date], named: bool
) -> Cover:
    until = {pk: valid.get((course.pk, pk)) for pk in members}
    n = sum(day is not None for day in until.values())
    shown = named or len(members) >= FEWEST_SHOWN
    people = [Holder(name, until[pk]) for pk, name in members.items()] if named else []
    return Cover(course, department, n if shown else None, len(members), people)
