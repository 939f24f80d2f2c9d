"""What is said adds to my desk, to the request page and to the page of two departments."""

from feedback.voice.selectors import Waiting, between, on_request, waiting_for
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/voice/_waiting.html", Waiting(rows)) if rows else None


def on_the_request(*, person: Person, service_request: ServiceRequest) -> Panel | None:
    found = on_request(person, service_request)
    return Panel("feedback/voice/_request.html", found) if found else None


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    found = between(person, one, other)
    return Panel("feedback/voice/_pair.html", found) if found.rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("request", on_the_request)
    provide("relation", on_the_relation)
