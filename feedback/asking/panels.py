"""What the rating of the asking adds to the request page."""

from feedback.asking.selectors import on_request
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Person


def on_the_request(*, person: Person, service_request: ServiceRequest) -> Panel | None:
    found = on_request(person, service_request)
    return Panel("feedback/asking/_panel.html", found) if found else None


def register() -> None:
    """Called once, while the apps start."""
    provide("request", on_the_request)
