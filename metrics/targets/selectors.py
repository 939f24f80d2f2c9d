"""What the figures of a department or of the company are to reach, and where that was set."""

from dataclasses import dataclass

from metrics.rollups.definitions import Definition
from metrics.rollups.models import FigureTarget
from metrics.targets.states import FIGURES
from requests_app.org.models import Department


@dataclass(frozen=True)
class Target:
    """`own` was set here; `otherwise` holds when nothing is: the company's, else the usual one, else nothing."""

    definition: Definition
    own: float | None
    otherwise: float | None

    @property
    def value(self) -> float | None:
        return self.otherwise if self.own is None else self.own


def own_targets(department: Department | None) -> dict[str, float]:
    """Figure → target set for this department, or for the company."""
    whose = department.pk if department else None
    return dict(FigureTarget.objects.filter(department_id=whose).values_list("figure", "value"))


def targets_of(department: Department | None) -> list[Target]:
    """Every figure that can have one. Two queries."""
    own = own_targets(department)
    company = own_targets(None) if department else {}
    return [
        Target(definition, own.get(key), company.get(key, definition.target)) for key, definition in FIGURES.items()
    ]
