"""Who sees what is said of a department: who sees its figures in full; themes, who reads sums of answers about it."""

from django.utils.translation import gettext as _

from metrics.rollups.policies import Sight, may_open_rows, may_read_answers, sight_of
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person

__all__ = ["can_see", "may_open_rows", "may_read_answers", "require_themes"]


def can_see(person: Person, department: Department) -> bool:
    return sight_of(person, department) == Sight.FULL


def require_themes(person: Person, department: Department) -> None:
    if not can_see(person, department):
        raise NotAllowed(
            _("What is said of a department, and what it is asked again and again, is for its own agents and heads, "
              "executives and auditors."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )  # fmt: skip
