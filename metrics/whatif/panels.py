"""What-if on the page of an agreement."""

from metrics.whatif.policies import can_replay
from requests_app.agreements.models import Agreement
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Person


def on_the_agreement(*, person: Person, agreement: Agreement) -> Panel | None:
    return Panel("metrics/_what_if_panel.html", agreement) if can_replay(person, agreement) else None


def register() -> None:
    """Called once, while the apps start."""
    provide("agreement", on_the_agreement)
