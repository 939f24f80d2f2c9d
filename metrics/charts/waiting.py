"""What waits for the heads of a department: charts with news that nobody has said anything of yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from metrics.charts.models import Chart, Signal
from metrics.charts.services import is_news
from metrics.charts.states import SignalState
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Side
from requests_app.org.models import Person
from requests_app.org.policies import standing


def address_of(chart: Chart) -> str:
    """Its page; `department`, `other` and `service` of the chart are loaded."""
    narrowed = {"other": chart.other and chart.other.slug, "service": chart.service and chart.service.slug}
    asked = {"side": chart.side if chart.side != Side.SUPPLIER else ""} | narrowed
    query = urlencode({name: value for name, value in asked.items() if value})
    page = reverse("charts:chart", args=[chart.department.slug, chart.figure])
    return f"{page}?{query}" if query else page


@dataclass(frozen=True)
class Item:
    """A chart once, with its newest signal and how many wait in all."""

    signal: Signal
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Waiting:
    """The items of my desk."""

    rows: Sequence[Item]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person) -> list[Item]:
    """For heads and deputies, of the departments they lead themselves. One query, none for anybody else."""
    led = standing(person).head_of
    if not led:
        return []
    rows = Signal.objects.filter(state=SignalState.OPEN, chart__department__in=led, chart__department__is_active=True)
    rows = rows.select_related("chart__department", "chart__other", "chart__service").order_by("-week", "rule")
    by_chart: dict[int, list[Signal]] = {}
    for row in rows:
        if is_news(row.week, timezone.localdate(row.seen_at)):
            by_chart.setdefault(row.chart_id, []).append(row)
    return [_item(found) for found in by_chart.values()]


def _item(signals: Sequence[Signal]) -> Item:
    chart = signals[0].chart
    return Item(signals[0], str(DEFINITIONS[chart.figure].label), len(signals), address_of(chart))


def besides_of(charts: Sequence[Chart]) -> list[tuple[str, str]]:
    """Charts as links: what they are of, and where they are."""
    return [(" · ".join(_parts(chart)), address_of(chart)) for chart in charts]


def _parts(chart: Chart) -> list[str]:
    return [str(DEFINITIONS[chart.figure].label), *(row.name for row in (chart.other, chart.service) if row)]
