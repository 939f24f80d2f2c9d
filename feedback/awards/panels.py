"""What awards add to my desk and to the dashboard of a supplier."""

from django.utils import timezone

from feedback.awards.selectors import waiting_for, won_by
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def on_my_desk(*, person: Person) -> Panel | None:
    if standing(person).is_partner:
        return None
    found = waiting_for(person, timezone.now())
    return Panel("feedback/awards/_waiting.html", found) if found.count else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier" or standing(person).is_partner:
        return None
    found = won_by(department)
    return Panel("feedback/awards/_won.html", found) if found.rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
