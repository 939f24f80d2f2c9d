"""Who answers, and who decides an appeal: never somebody it is about.

A complaint is answered by a head of the department. Where it is about the only one, or there is none, somebody above
stands in. An appeal, and a complaint that got no answer, goes to somebody above whom it does not concern.
"""

from collections.abc import Collection

from feedback.voice.models import Voice
from feedback.voice.states import Kind
from requests_app.messaging.selectors import heads_of
from requests_app.org.models import Department, Membership, Person
from requests_app.org.states import LEADING_ROLES


def owner_of(voice: Voice) -> tuple[int | None, bool]:
    """Who owes the answer, and whether they stand in for the heads of the department; None: nobody is left.

    Who owes it already keeps it, as long as they may answer.
    """
    if voice.kind != Kind.COMPLAINT:
        heads = heads_of(voice.department_id)
        return (heads[0] if heads else None), False
    heads = _heads(voice.department_id, barred={voice.author_id, accused_of(voice)})
    if heads:
        return (voice.owner_id if voice.owner_id in heads else heads[0]), False
    if voice.stands_in and voice.owner is not None and voice.owner.is_active and voice.owner_id != accused_of(voice):
        return voice.owner_id, True
    found = _somebody_above(voice, _concerned(voice))
    return found, found is not None


def arbiter_of(voice: Voice) -> int | None:
    """Who decides when the answer does not hold or does not come; None: nobody is left."""
    return _somebody_above(voice, _concerned(voice) | ({voice.owner_id} if voice.owner_id else set()))


def accused_of(voice: Voice) -> int | None:
    """Whose work it is about."""
    return voice.service_request.assignee_id if voice.service_request else None


def _somebody_above(voice: Voice, barred: Collection[int | None]) -> int | None:
    """A head of the nearest department above; without any an executive, then an administrator."""
    seen: set[int] = set()
    above = voice.department.parent_id
    while above is not None and above not in seen:  # a tree by its forms, but nothing in the database forbids a ring
        seen.add(above)
        heads = _heads(above, barred)
        if heads:
            return heads[0]
        above = Department.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    people = Person.objects.filter(is_active=True).exclude(pk__in=[pk for pk in barred if pk is not None])
    found = people.order_by("pk").values_list("pk", flat=True)
    return found.filter(is_executive=True).first() or found.filter(is_admin=True).first()


def _heads(department_id: int, barred: Collection[int | None]) -> list[int]:
    hats = Membership.objects.filter(department_id=department_id, role__in=LEADING_ROLES, person__is_active=True)
    found = hats.order_by("person_id").values_list("person_id", flat=True).distinct()
    return [pk for pk in found if pk not in barred]


def _concerned(voice: Voice) -> set[int]:
    """Who complained, whom it is about, and the heads of both sides.

    A confidential complaint names no side of who complained: all their departments are kept out.
    """
    sides = {pk for pk in (voice.department_id, voice.customer_id) if pk is not None}
    if voice.confidential:
        sides |= set(Membership.objects.filter(person_id=voice.author_id).values_list("department_id", flat=True))
    heads = Membership.objects.filter(department_id__in=sides, role__in=LEADING_ROLES)
    found = set(heads.values_list("person_id", flat=True)) | {voice.author_id}
    accused = accused_of(voice)
    return found | ({accused} if accused else set())
