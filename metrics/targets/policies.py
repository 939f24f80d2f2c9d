"""Who sets what figures are to reach: sla_policy.edit, like what is promised."""

from django.utils.translation import gettext as _

from requests_app.agreements.policies import can_edit_targets
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person


def require_set(person: Person, department: Department | None) -> None:
    """Administrators the company's and everybody's, heads those of their own department."""
    if not can_edit_targets(person, department.pk if department else None):
        raise NotAllowed(
            _("Only the head of a department or an administrator sets what its figures are to reach."),
            needed=_("Ask the head of %(name)s or one of the administrators.") % {"name": department.name}
            if department
            else _("Ask one of the administrators."),
        )
