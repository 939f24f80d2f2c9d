"""The chart that a corrective action came of, for whoever may open it."""

from dataclasses import dataclass
from datetime import date

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import SourceKind
from metrics.charts.models import Chart, Signal
from metrics.charts.policies import require_chart
from metrics.charts.waiting import address_of
from metrics.rollups.definitions import DEFINITIONS
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person


@dataclass(frozen=True)
class Source:
    """`week`: of the signal."""

    label: str
    week: date
    url: str


def source_of(person: Person, action: CorrectiveAction) -> Source | None:
    """None for what came of something else; one query for the others."""
    if action.source_kind != SourceKind.SIGNAL or action.source_id is None:
        return None
    rows = Signal.objects.select_related("chart__department", "chart__other", "chart__service")
    found = rows.filter(pk=action.source_id).first()
    if found is None or not _may_open(person, found.chart):
        return None
    return Source(str(DEFINITIONS[found.chart.figure].label), found.week, address_of(found.chart))


def _may_open(person: Person, chart: Chart) -> bool:
    try:
        require_chart(person, chart.department, chart.figure, chart.other, finer=chart.service is not None)
    except NotAllowed:
        return False
    return True
