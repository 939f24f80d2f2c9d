"""Who reads the scorecard of a department: itself, those above it, executives and auditors, as all its figures."""

from django.utils.translation import gettext as _

from metrics.rollups.policies import Sight, sight_of
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person


def require_scorecard(person: Person, department: Department) -> None:
    """metrics.own_dept_operational; whoever sees a department in outline only does not appraise it."""
    if sight_of(person, department) != Sight.FULL:
        raise NotAllowed(
            _("The scorecard of a department is for its agents and heads, those above it, executives and auditors."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )
