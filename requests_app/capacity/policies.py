"""Whose hours and absences are whose business: the person's own, and that of the heads they work for."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from requests_app.capacity.models import Absence
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Membership, Person
from requests_app.org.policies import standing


def visible_absences(person: Person) -> QuerySet[Absence]:
    """One's own, and those of the people of departments one leads; administrators see all."""
    hats = standing(person)
    if not hats.person_id:
        return Absence.objects.none()
    if hats.is_admin:
        return Absence.objects.all()
    led = Membership.objects.filter(department_id__in=hats.head_of).values("person_id")
    return Absence.objects.filter(Q(person_id=person.pk) | Q(person_id__in=led))


def require_plan(by: Person, person: Person) -> None:
    """Only the person, the heads of their departments and administrators say when somebody is away."""
    hats = standing(by)
    if by.pk == person.pk or hats.is_admin:
        return
    if not Membership.objects.filter(person=person, department_id__in=hats.head_of).exists():
        raise NotAllowed(
            _("When somebody is away is entered by themselves or by the head of their department."),
            needed=_("Ask them, or the head of their department."),
        )
