"""Who sees which paths: as the figures of a department, in full or in outline."""

from collections.abc import Sequence

from metrics.rollups.policies import Sight, require_narrowing, require_sight
from requests_app.org.models import Department, Person


def require_process(
    person: Person, department: Department, *, others: Sequence[int] | None = None, finer: bool = False
) -> Sight:
    """NotAllowed for whom the figures of the department are not, or not so narrowly."""
    sight = require_sight(person, department)
    require_narrowing(person, sight, others, finer=finer)
    return sight
