"""What training adds to my desk, to the dashboard of a supplier and to the page of two departments."""

from feedback.training.selectors import recommended_between, recommended_to, waiting_for
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def on_my_desk(*, person: Person) -> Panel | None:
    found = waiting_for(person)
    return Panel("feedback/training/_waiting.html", found) if found.rows else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier" or standing(person).is_partner:
        return None
    found = recommended_to([department.pk])
    return Panel("feedback/training/_recommended.html", found) if found.rows else None


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    if standing(person).is_partner:
        return None
    found = recommended_between(one, other)
    return Panel("feedback/training/_recommended.html", found) if found.rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
