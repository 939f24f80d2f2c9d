"""Who sees whose figures: metrics.* of the permission matrix."""

from collections.abc import Iterable
from enum import IntEnum

from django.utils.translation import gettext as _

from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Scope
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, best_code, contexts_without_object, standing

OWN, OTHERS = "metrics.own_dept_operational", "metrics.cross_department_named"


class Sight(IntEnum):
    """How much of a department's figures somebody sees.

    In outline: the department as a whole, without what people answered, and by the other side only where that is a
    department of the reader's own.
    """

    NOTHING = 0
    OUTLINE = 1
    FULL = 2


def own_contexts(person: Person, department: Department) -> frozenset[str]:
    """The letters under which the reader belongs to the department; who leads one above it leads it too."""
    hats = standing(person)
    above = {int(part) for part in department.path.split("/") if part} | {department.pk}
    found = set(hats.global_contexts)
    if hats.head_of & above:
        found.add("SH")
    if department.pk in hats.agent_of:
        found.add("SA")
    if department.pk in hats.member_of:
        found.add("CC")
    return frozenset(found)


def sight_of(person: Person, department: Department) -> Sight:
    if best_code(OWN, own_contexts(person, department)) == "Y":
        return Sight.FULL
    return sight_of_company(person)


def sight_of_company(person: Person) -> Sight:
    """What the reader sees of departments that are not theirs. Partners see themselves only."""
    if standing(person).is_partner:
        return Sight.NOTHING
    code = best_code(OTHERS, contexts_without_object(person))
    return Sight.FULL if code == "Y" else Sight.OUTLINE if code in ALLOWED_CODES else Sight.NOTHING


def require_sight(person: Person, department: Department) -> Sight:
    found = sight_of(person, department)
    if not found:
        raise NotAllowed(
            _("The figures of a department are for its agents and heads, for those of other departments, executives "
              "and auditors."),
            needed=_("Ask the head of %(department)s.") % {"department": department.name},
        )  # fmt: skip
    return found


def require_company(person: Person) -> Sight:
    found = sight_of_company(person)
    if not found:
        raise NotAllowed(
            _("The figures of the company are for agents and heads of departments, executives and auditors."),
            needed=_("Ask the head of your department."),
        )
    return found


def may_read_answers(person: Person, department: Department) -> bool:
    """Whether sums of what people answered about this department are for the reader; never below five people."""
    contexts = own_contexts(person, department)
    return best_code("feedback.view_aggregate", contexts) in ALLOWED_CODES


def may_open_rows(person: Person, department: Department) -> bool:
    """Whether a list behind a figure would show this reader anything."""
    return best_code("metrics.drilldown_rows", own_contexts(person, department)) in ALLOWED_CODES


def readable_figures(person: Person, department: Department, keys: Iterable[str] = DEFINITIONS) -> list[str]:
    """The figures of the department that the reader may see."""
    answers = may_read_answers(person, department)
    return [key for key in keys if answers or not DEFINITIONS[key].personal]


def own_departments(person: Person) -> frozenset[int]:
    """The departments whose part in the figures of others is the reader's business."""
    return standing(person).supplies_for


def require_narrowing(person: Person, sight: Sight, other_ids: Iterable[int] | None, *, finer: bool) -> None:
    """In outline one may narrow to a department of one's own, and no further."""
    if sight == Sight.FULL:
        return
    if finer or (other_ids is not None and not set(other_ids) <= own_departments(person)):
        raise NotAllowed(
            _("Of other departments you see the whole, and the part that your own department has in it."),
            needed=_("Their agents and heads, executives and auditors see more."),
        )


def may_count(person: Person, sight: Sight, scope: Scope, *, personal: bool) -> bool:
    """Whether it is told how many requests stand behind a figure of this scope, as far as the pages tell it.

    In outline the company's page tells the sums, and each pair; answers only to the departments of the pair.
    """
    if sight != Sight.OUTLINE:
        return sight == Sight.FULL
    if scope.service_id is not None or scope.priority is not None or scope.kinds:
        return False
    named = {*(scope.department_ids or ()), *(scope.other_ids or ())}
    return not personal or bool(own_departments(person) & named)
