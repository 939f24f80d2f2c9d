"""What talks add to my desk, dashboards, the page of two departments and corrective actions that came of them."""

from feedback.actions.models import CorrectiveAction
from feedback.talks.counting import counted
from feedback.talks.glances import between, on_desk, source_talk
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    found = on_desk(person)
    return Panel("feedback/talks/_waiting.html", found) if found else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    found = counted(person, department, side)
    return Panel("feedback/talks/_department.html", found) if found else None


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    found = between(person, one, other)
    return Panel("feedback/talks/_pair.html", found) if found.rows or found.may_arrange else None


def on_the_action(*, person: Person, action: CorrectiveAction) -> Panel | None:
    found = source_talk(person, action)
    return Panel("feedback/talks/_source.html", found) if found else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
    provide("action", on_the_action)
