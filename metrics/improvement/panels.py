"""What waits of improvements on my desk, and running ones on the dashboard of a department and on the page of two."""

from feedback.needs.plans import known_by
from metrics.improvement.selectors import improvements_for, of_department, of_pair
from metrics.improvement.waiting import waiting_for
from metrics.rollups.policies import sight_of
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    found = waiting_for(person)
    return Panel("metrics/_improvements_waiting.html", found) if found.count else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    """For who leads the department also without one, because there they begin."""
    found = of_department(person, department, side, sight_of(person, department))
    return Panel("metrics/_improvements_panel.html", found) if found.lines or found.may_lead else None


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    found = of_pair(person, one, other)
    return Panel("metrics/_improvements_panel.html", found) if found.lines else None


def is_readable(person: Person, pk: int) -> bool:
    return improvements_for(person).filter(pk=pk).exists()


def register() -> None:
    """Called once, while the apps start."""
    known_by(is_readable)
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
