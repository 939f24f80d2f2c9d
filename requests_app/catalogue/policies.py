"""Who sees and who edits services."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from requests_app.catalogue.models import Service
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


def visible_services(person: Person) -> QuerySet[Service]:
    """catalogue.view_published: everybody signed in; partners only what is opened to them; editors also drafts."""
    hats = standing(person)
    rows = Service.objects.filter(department__is_active=True)
    if not hats.is_admin:
        rows = rows.filter(Q(is_published=True) | Q(department__in=hats.head_of))
    if hats.is_partner:
        rows = rows.filter(open_to_partners=True)
    return rows


def can_edit_service(person: Person, department_id: int) -> bool:
    hats = standing(person)
    return hats.is_admin or department_id in hats.head_of


def require_edit_service(person: Person, department_id: int) -> None:
    if not can_edit_service(person, department_id):
        raise NotAllowed(
            _("Only the head of the department or an administrator changes its services."),
            needed=_("Ask the head of the department or one of the administrators."),
        )
