"""What a figure is to reach."""

from django.db.models import F, Q

from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.models import FigureTarget


def targets_for(department_id: int | None) -> dict[str, float]:
    """Figure → target: the department's own, else the company's, else the usual one. One query."""
    found = {key: definition.target for key, definition in DEFINITIONS.items() if definition.target is not None}
    rows = FigureTarget.objects.filter(Q(department_id=None) | Q(department_id=department_id))
    return found | dict(rows.order_by(F("department_id").asc(nulls_first=True)).values_list("figure", "value"))
