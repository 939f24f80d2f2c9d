"""Who sees a chart, and who answers for it: the department, its customers, its suppliers and its superiors see it."""

from django.utils.translation import gettext as _

from metrics.rollups.policies import own_contexts, readable_figures, require_narrowing, require_sight
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person


def require_chart(
    person: Person, department: Department, figure: str, other: Department | None, *, finer: bool
) -> None:
    """NotAllowed where the figure itself could not be read."""
    sight = require_sight(person, department)
    require_narrowing(person, sight, [other.pk] if other else None, finer=finer)
    if not readable_figures(person, department, [figure]):
        raise NotAllowed(
            _("What people answered about a department is for its agents and heads, executives and auditors."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )


def answers_for(person: Person, department: Department) -> bool:
    """Heads and deputies, also those of a department above."""
    return "SH" in own_contexts(person, department)


def require_answering(person: Person, department: Department) -> None:
    if not answers_for(person, department):
        raise NotAllowed(
            _("Only the heads of a department decide what its chart means."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )
