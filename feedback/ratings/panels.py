"""What ratings add to my desk and to the request page."""

from feedback.ratings.selectors import Waiting, rating_panel, waiting_ratings
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_ratings(person)
    return Panel("feedback/ratings/_waiting.html", Waiting(rows)) if rows else None


def on_the_request(*, person: Person, service_request: ServiceRequest) -> Panel | None:
    found = rating_panel(person, service_request)
    return Panel("feedback/ratings/_panel.html", found) if found else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("request", on_the_request)
