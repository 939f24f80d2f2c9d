"""What the chain adds to my desk, to a department's dashboard and to the page of two departments."""

from feedback.chain.policies import can_read
from feedback.chain.selectors import Waiting, between, summary_of, waiting_for
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/chain/_waiting.html", Waiting(rows)) if rows else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if not can_read(person, department):
        return None
    return Panel("feedback/chain/_summary.html", summary_of(department))


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    """The page is the same for everybody who may open it."""
    found = between(one, other)
    return Panel("feedback/chain/_pair.html", found) if found.directions else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
