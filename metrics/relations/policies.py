"""Who sees the figures between two departments: both of them, executives and auditors."""

from django.utils.translation import gettext as _

from metrics.rollups.policies import Sight, may_open_rows, may_read_answers, sight_of
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person


def reads_relation(person: Person, one: Department, other: Department) -> bool:
    """The agents and heads of either, executives and auditors."""
    return Sight.FULL in (sight_of(person, one), sight_of(person, other))


def require_relation(person: Person, one: Department, other: Department) -> None:
    """The page is the same for everybody who may open it."""
    if not reads_relation(person, one, other):
        raise NotAllowed(
            _("What is between two departments is for their agents and heads, executives and auditors."),
            needed=_("Ask the head of %(one)s or of %(other)s.") % {"one": one, "other": other},
        )


def reads_answers(person: Person, one: Department, other: Department) -> bool:
    """Sums of what people answered stand on the dashboards of both; whoever reads one of them reads them here."""
    return may_read_answers(person, one) or may_read_answers(person, other)


def opens_rows_as(person: Person, supplier: Department, customer: Department) -> tuple[str, Department] | None:
    """From which side this reader may open the requests behind a figure, and whose list that is."""
    if may_open_rows(person, supplier):
        return "supplier", supplier
    return ("customer", customer) if may_open_rows(person, customer) else None


def require_list(person: Person, department: Department) -> None:
    """All relations of a department are told to whom all its figures are."""
    if sight_of(person, department) != Sight.FULL:
        raise NotAllowed(
            _("Who asks whom is told to the department itself, executives and auditors."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )
