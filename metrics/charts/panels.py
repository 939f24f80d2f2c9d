"""What charts add to my desk, the dashboards and corrective actions: signals without an answer, the way to charts."""

from dataclasses import dataclass

from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import SourceKind
from metrics.charts.drawing import Row, rows_of
from metrics.charts.policies import require_chart
from metrics.charts.selectors import cards_of
from metrics.charts.states import WATCHED
from metrics.charts.waiting import Source, Waiting, source_of, waiting_for
from metrics.dashboards.memory import PAGES, moment
from metrics.rollups.policies import readable_figures
from requests_app.kernel.errors import NotAllowed
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
    """The chart whose signal it came of, for whoever may open that."""
    found = source_of(action.source_id) if action.source_kind == SourceKind.SIGNAL and action.source_id else None
    return Panel("metrics/charts/_source.html", found) if found and _may_open(person, found) else None


def _may_open(person: Person, source: Source) -> bool:
    chart = source.chart
    try:
        require_chart(person, chart.department, chart.figure, chart.other, finer=chart.service is not None)
    except NotAllowed:
        return False
    return True


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("action", on_the_action)
