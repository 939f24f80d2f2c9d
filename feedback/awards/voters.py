"""Who may vote on an award: all who would have a choice between others, or the jury as far as none is their own."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.awards.models import Award
from feedback.awards.states import Way
from feedback.awards.units import Kinship
from requests_app.org.models import Membership, Person
from requests_app.org.states import DepartmentKind


def voters_of(award: Award) -> Iterator[int]:
    """The ids of all who may vote, in order; three queries whatever their number."""
    nominees = set(award.nominees.values_list("department_id", flat=True))
    kinship = Kinship(nominees)
    rows = Membership.objects.filter(person__is_active=True)
    if award.way == Way.JURY:
        rows = rows.filter(person__in=award.jurors.values("person_id"))
    member_of: dict[int, set[int]] = defaultdict(set)
    inside: set[int] = set()
    for person_id, department_id, kind in rows.order_by("person_id").values_list(
        "person_id", "department_id", "department__kind"
    ):
        member_of[person_id].add(department_id)
        if kind == DepartmentKind.INTERNAL:
            inside.add(person_id)
    most_own = 0 if award.way == Way.JURY else len(nominees) - 2
    return (pk for pk, mine in member_of.items() if pk in inside and len(kinship.own(mine)) <= most_own)


def count_voters(award: Award, most: int) -> int:
    """How many may vote; not counted beyond `most`."""
    return sum(1 for _pk, _n in zip(voters_of(award), range(most), strict=False))


def everybody() -> QuerySet[Person]:
    """All who may read of awards: everybody with access but those who belong to partners only."""
    hats = Membership.objects.filter(person=OuterRef("pk"))
    inside = hats.filter(department__kind=DepartmentKind.INTERNAL)
    return Person.objects.filter(Q(Exists(inside)) | ~Q(Exists(hats)), is_active=True).order_by("pk")
