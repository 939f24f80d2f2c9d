"""Who changes targets and matrices."""

from django.utils.translation import gettext as _

from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


def can_edit_targets(person: Person, supplier_id: int | None) -> bool:
    """sla_policy.edit: admins everything; heads the defaults of their own department as supplier."""
    hats = standing(person)
    return hats.is_admin or (supplier_id is not None and supplier_id in hats.head_of)


def require_edit_targets(person: Person, supplier_id: int | None) -> None:
    if not can_edit_targets(person, supplier_id):
        raise NotAllowed(
            _("Only the head of the supplying department or an administrator sets its targets."),
            needed=_("Ask the head of the supplying department or one of the administrators."),
        )
