"""What joint groups add to my desk, to dashboards and to the page of two departments."""

from feedback.groups.glances import on_desk
from feedback.groups.policies import can_found
from feedback.groups.selectors import between, of_department
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def on_my_desk(*, person: Person) -> Panel | None:
    found = on_desk(person)
    return Panel("feedback/groups/_waiting.html", found) if found else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier":
        return None
    found = of_department(person, department)
    return Panel("feedback/groups/_department.html", found) if found.rows else None


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    """Also where there is none: heads of either found one from here."""
    found = between(person, one, other)
    partner = other if one.pk in standing(person).head_of else one
    own = {one.pk, other.pk} & standing(person).head_of
    return Panel(
        "feedback/groups/_pair.html",
        {"rows": found.rows, "partner": partner, "may_found": bool(own) and can_found(person)},
    )


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
