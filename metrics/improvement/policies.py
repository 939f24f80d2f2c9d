"""Who reads and who keeps improvement plans: as the figures of the department they are about."""

from django.db.models import Q
from django.utils.translation import gettext as _

from metrics.improvement.models import Improvement, ImprovementAction
from metrics.improvement.states import FIGURES
from metrics.rollups.policies import Sight, may_read_answers, own_contexts, sight_of, sight_of_company
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def may_lead(person: Person, department: Department) -> bool:
    """Its head or deputy, and those of departments above it."""
    return "SH" in own_contexts(person, department)


def require_lead(person: Person, department: Department) -> None:
    if not may_lead(person, department):
        raise NotAllowed(
            _("Improvement plans of %(name)s are kept by its head and deputy.") % {"name": department.name},
            needed=_("Ask the head of %(name)s.") % {"name": department.name},
        )


def may_finish(person: Person, department: Department, action: ImprovementAction) -> bool:
    """Who carries it out, and who keeps the plan."""
    return action.owner_id == person.pk or may_lead(person, department)


def require_finish(person: Person, department: Department, action: ImprovementAction) -> None:
    if not may_finish(person, department, action):
        require_lead(person, department)


def can_read(person: Person, improvement: Improvement) -> bool:
    """The department, the other side of the pair, those above both, executives and auditors."""
    sides = [improvement.department, *([improvement.other] if improvement.other else [])]
    return any(sight_of(person, side) == Sight.FULL for side in sides)


def readable_by(person: Person) -> Q:
    """The same as a condition for queries."""
    if sight_of_company(person) == Sight.FULL:
        return Q()
    hats = standing(person)
    theirs = Q(pk__in=hats.supplies_for)
    for head_of in hats.head_of:
        theirs |= Q(path__contains=f"/{head_of}/")
    own = Department.objects.filter(theirs).values("pk")
    return Q(department__in=own) | Q(other__in=own)


def reads_figure(person: Person, improvement: Improvement) -> bool:
    """Whether sums of what people answered may be shown, where the figure is one of those."""
    if not FIGURES[improvement.figure].personal:
        return True
    sides = [improvement.department, *([improvement.other] if improvement.other else [])]
    return any(may_read_answers(person, side) for side in sides)
