"""What a figure is to reach."""

from django.db.models import F, Q

from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.models import FigureTarget


def usual_targets() -> dict[str, float]:
    """Figure → target where nobody has set one."""
    return {key: definition.target for key, definition in DEFINITIONS.items() if definition.target is not None}


def targets_by_department() -> dict[int | None, dict[str, float]]:
    """What has been set: department (None for the company) → figure → target. One query."""
    found: dict[int | None, dict[str, float]] = {}
    for department_id, figure, value in FigureTarget.objects.values_list("department_id", "figure", "value"):
        found.setdefault(department_id, {})[figure] = value
    return found


def targets_for(department_id: int | None) -> dict[str, float]:
    """Figure → target: the department's own, else the company's, else the usual one. One query."""
    found = usual_targets()
    rows = FigureTarget.objects.filter(Q(department_id=None) | Q(department_id=department_id))
    return found | dict(rows.order_by(F("department_id").asc(nulls_first=True)).values_list("figure", "value"))
