"""What the forum adds to my desk and to the dashboard of a department."""

from feedback.forum.selectors import Shown, of_department, waiting_for
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/forum/_waiting.html", Shown(rows)) if rows else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier":
        return None
    found = of_department(person, department)
    return Panel("feedback/forum/_department.html", found) if found.rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
