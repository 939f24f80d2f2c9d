"""What the figures between two departments add to their talks."""

from metrics.relations.selectors import tiles_for_a_talk
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_the_talk(*, person: Person, supplier: Department, customer: Department) -> Panel | None:
    tiles = tiles_for_a_talk(person, supplier, customer)
    return Panel("metrics/_talk.html", tiles) if tiles else None


def register() -> None:
    """Called once, while the apps start."""
    provide("talk", on_the_talk)
