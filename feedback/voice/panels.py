"""What is said adds to my desk, to pages of requests and of two departments, and to actions that came of it."""

from feedback.actions.models import CorrectiveAction
from feedback.voice.selectors import Waiting, between, on_request, source_voice, waiting_for
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


def on_the_action(*, person: Person, action: CorrectiveAction) -> Panel | None:
    found = source_voice(person, action)
    return Panel("feedback/voice/_source.html", found) if found else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("request", on_the_request)
    provide("relation", on_the_relation)
    provide("action", on_the_action)
