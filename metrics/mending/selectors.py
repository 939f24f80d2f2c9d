"""The recurrence rate of a department from the log, and the actions behind it as one reader may name them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from metrics.mending.states import Confirmed, Recurrence, Told, confirmations, recurrence_of
from metrics.rollups import policies
from requests_app.events.models import Event
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

KINDS = ("action.opened", "action.verified", "action.reopened")


def recurrence(department: Department, side: str, *, now: datetime | None = None) -> Recurrence:
    """Of the actions that the department and those below it owed (supplier) or were owed (customer); two queries."""
    rows = Event.objects.filter(subject_kind="action", kind__in=KINDS, **{f"data__{side}__in": below(department)})
    told = rows.order_by("at", "id").values_list("subject_id", "kind", "at", "data")
    return recurrence_of(confirmations(Told(*row) for row in told), now or timezone.now())


@dataclass(frozen=True)
class Line:
    """A confirmation behind the figure; `action` only for who may read it."""

    confirmed: Confirmed
    action: CorrectiveAction | None


@dataclass(frozen=True)
class RecurrencePage:
    """The figure with what is behind it."""

    department: Department
    side: str
    figure: Recurrence
    lines: list[Line]


def recurrence_page(*, person: Person, slug: str, side: str, now: datetime | None = None) -> RecurrencePage:
    """404 for an unknown department, NotAllowed for whom its figures are not."""
    department = get_department(person=person, slug=slug)
    policies.require_sight(person, department)
    figure = recurrence(department, side, now=now)
    readable = CorrectiveAction.objects.visible_to(person).select_related("supplier", "customer", "cause")
    known = readable.in_bulk([row.action for row in figure.rows]) if figure.rows else {}
    return RecurrencePage(department, side, figure, [Line(row, known.get(row.action)) for row in figure.rows])
