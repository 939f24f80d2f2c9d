"""The recurrence rate on the dashboard of a department."""

from dataclasses import dataclass

from metrics.mending.selectors import recurrence
from metrics.mending.states import FORMULA, Recurrence
from metrics.rollups.policies import sight_of
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


@dataclass(frozen=True)
class Block:
    department: Department
    side: str
    figure: Recurrence

    @property
    def formula(self) -> str:
        return str(FORMULA)


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    """None where nothing was ever confirmed."""
    if not sight_of(person, department):
        return None
    found = Block(department, side, recurrence(department, side))
    return Panel("metrics/_recurrence.html", found) if found.figure.n or found.figure.early else None


def register() -> None:
    """Called once, while the apps start."""
    provide("department", on_the_dashboard)
