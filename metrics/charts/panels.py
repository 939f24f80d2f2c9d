"""What charts add to my desk, the dashboards and corrective actions: signals without an answer, the way to charts."""

from dataclasses import dataclass

from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from metrics.charts.drawing import Row, rows_of
from metrics.charts.selectors import cards_of
from metrics.charts.source import source_of
from metrics.charts.states import WATCHED
from metrics.charts.waiting import Waiting, waiting_for
from metrics.dashboards.memory import PAGES, moment
from metrics.rollups.policies import readable_figures
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person


@dataclass(frozen=True)
class OnTheDashboard:
    department: Department
    side: str
    rows: list[Row]


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel:
    now = timezone.now()
    readable = set(readable_figures(person, department, WATCHED[side]))
    keys = [key for key in WATCHED[side] if key in readable]
    remembered = (*moment(now), "charts", department.pk, department.name, side, tuple(keys))
    content = PAGES.of(
        remembered, lambda: OnTheDashboard(department, side, rows_of(cards_of(department, side, keys, now)))
    )
    return Panel("metrics/charts/_department.html", content)


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("metrics/charts/_waiting.html", Waiting(rows)) if rows else None


def on_the_action(*, person: Person, action: CorrectiveAction) -> Panel | None:
    found = source_of(person, action)
    return Panel("metrics/charts/_source.html", found) if found else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("action", on_the_action)
