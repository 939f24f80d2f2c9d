"""Who takes the facts of a department with them: who sees its figures in full and may open the requests behind them."""

from django.utils.translation import gettext as _

from metrics.rollups.policies import Sight, may_open_rows, sight_of
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person


def can_export(person: Person, department: Department) -> bool:
    return sight_of(person, department) == Sight.FULL and may_open_rows(person, department)


def require_export(person: Person, department: Department) -> None:
    if not can_export(person, department):
        raise NotAllowed(
            _("The facts of a department are exported by its agents and heads, and by auditors."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )
