"""What people say, on the dashboard of the department that they say it of."""

from metrics.rollups.states import Side
from metrics.themes.selectors import on_the_dashboard
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_a_department(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != Side.SUPPLIER:
        return None
    found = on_the_dashboard(person, department)
    return Panel("metrics/_themes_panel.html", found) if found else None


def register() -> None:
    """Called once, while the apps start."""
    provide("department", on_a_department)
