"""Who decides an appeal: somebody above the department that answered, whom the complaint does not concern."""

from feedback.voice.models import Voice
from requests_app.org.models import Department, Membership, Person
from requests_app.org.states import LEADING_ROLES


def arbiter_of(voice: Voice) -> int | None:
    """A head of the nearest department above; without any an executive, then an administrator; None: nobody is left."""
    barred = _concerned(voice)
    seen: set[int] = set()
    above = voice.department.parent_id
    while above is not None and above not in seen:  # a tree by its forms, but nothing in the database forbids a ring
        seen.add(above)
        heads = Membership.objects.filter(department_id=above, role__in=LEADING_ROLES, person__is_active=True)
        found = heads.exclude(person_id__in=barred).order_by("person_id").values_list("person_id", flat=True).first()
        if found is not None:
            return found
        above = Department.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    people = Person.objects.filter(is_active=True).exclude(pk__in=barred).order_by("pk").values_list("pk", flat=True)
    return people.filter(is_executive=True).first() or people.filter(is_admin=True).first()


def _concerned(voice: Voice) -> set[int]:
    """Who complained, who answered, whom it is about, and the heads of both sides."""
    sides = [pk for pk in (voice.department_id, voice.customer_id) if pk is not None]
    heads = Membership.objects.filter(department_id__in=sides, role__in=LEADING_ROLES)
    found = set(heads.values_list("person_id", flat=True)) | {voice.author_id}
    accused = voice.service_request.assignee_id if voice.service_request else None
    return found | {pk for pk in (voice.owner_id, accused) if pk is not None}
