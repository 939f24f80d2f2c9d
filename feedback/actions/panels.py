"""What corrective actions add to my desk, to the request page, the dashboards and the page of two departments."""

from feedback.actions.causes import CausesWaiting, causes_waiting_for
from feedback.actions.proposals import Proposals, proposals_for
from feedback.actions.requests import of_request
from feedback.actions.selectors import Waiting, of_department, of_pair, waiting_for
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/actions/_waiting.html", Waiting(rows)) if rows else None


def proposed_on_my_desk(*, person: Person) -> Panel | None:
    rows = proposals_for(person)
    return Panel("feedback/actions/_proposed.html", Proposals(rows)) if rows else None


def causes_on_my_desk(*, person: Person) -> Panel | None:
    rows = causes_waiting_for(person)
    return Panel("feedback/actions/_causes_waiting.html", CausesWaiting(rows)) if rows else None


def on_the_request(*, person: Person, service_request: ServiceRequest) -> Panel | None:
    found = of_request(person, service_request)
    return Panel("feedback/actions/_request.html", found) if found else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    found = of_department(person, department, side)
    return Panel("feedback/actions/_department.html", found) if found.rows else None


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    found = of_pair(person, one, other)
    return Panel("feedback/actions/_pair.html", found) if found.rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("home", proposed_on_my_desk)
    provide("home", causes_on_my_desk)
    provide("request", on_the_request)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
