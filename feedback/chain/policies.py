"""Who says what a department's suppliers and customers are, and who reads it."""

from django.utils.translation import gettext as _

from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def can_declare(person: Person, department: Department) -> bool:
    """A department speaks through its head or a deputy; nobody else speaks for it, administrators neither."""
    return department.pk in standing(person).head_of


def require_declare(person: Person, department: Department) -> None:
    if not can_declare(person, department):
        raise NotAllowed(
            _("Only its head says who the suppliers and customers of a department are."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )


def can_read(person: Person, department: Department) -> bool:
    """The whole of what a department says is for its own agents and heads, executives and auditors."""
    hats = standing(person)
    return department.pk in hats.supplies_for or hats.is_executive or hats.is_auditor


def require_read(person: Person, department: Department) -> None:
    if not can_read(person, department):
        raise NotAllowed(
            _("What a department says of its suppliers and customers is for its agents and heads, executives and "
              "auditors; what is said of two departments stands on their common page."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )  # fmt: skip
