"""What surveys add to my desk: the ones that wait for an answer."""

from feedback.surveys.selectors import Waiting, waiting_for
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/surveys/_waiting.html", Waiting(rows)) if rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
