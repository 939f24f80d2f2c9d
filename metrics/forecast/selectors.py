"""The page of what is to come, read from what was computed last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from metrics.forecast.models import ExpectedNeed, Forecast
from metrics.forecast.states import AHEAD, FEWEST_ORIGINS, FEWEST_WEEKS, Point, Verdict
from metrics.rollups import policies
from requests_app.catalogue.models import Service
from requests_app.catalogue.states import NeedType
from requests_app.kernel.formats import day, number
from requests_app.org.models import Department, Person
from requests_app.org.selectors import get_department

FEWEST_KNOWN = FEWEST_WEEKS + AHEAD + FEWEST_ORIGINS - 1
SOON, LATELY = 4, 4
MOST_NEEDS = 30
WORTH_TELLING = 0.5  # requests expected in four weeks


@dataclass(frozen=True)
class Line:
    """A forecast by name. Means are requests a week: of the last four weeks, and of the next four."""

    name: str
    forecast: Forecast
    points: list[Point]

    @property
    def lately(self) -> float:
        counts = [n for _monday, n, _days in self.forecast.history[-LATELY:]]
        return sum(counts) / len(counts) if counts else 0.0

    @property
    def expected(self) -> float | None:
        return _mean([point.expected for point in self.points[:SOON]])

    @property
    def low(self) -> float | None:
        return _mean([point.low for point in self.points[:SOON]])

    @property
    def high(self) -> float | None:
        return _mean([point.high for point in self.points[:SOON]])

    @property
    def is_told(self) -> bool:
        return self.forecast.verdict == Verdict.BETTER

    @property
    def is_short(self) -> bool:
        return self.forecast.verdict == Verdict.SHORT

    @property
    def fewest(self) -> int:
        return FEWEST_KNOWN


@dataclass(frozen=True)
class NeedLine:
    """What the department will ask of a service in the next four weeks."""

    service: str
    supplier: Department
    need: ExpectedNeed


@dataclass(frozen=True)
class Outlook:
    """`whole` is None before the first computation, or while nothing was ever asked of the department."""

    department: Department
    in_full: bool
    whole: Line | None
    services: list[Line]
    need_types: list[Line]
    needs: list[NeedLine]
    chart: dict[str, Any] | None
    table: dict[str, Any] | None
    computed_at: datetime | None


def outlook_of(*, person: Person, slug: str) -> Outlook:
    """404 for an unknown department, NotAllowed for whom its figures are not. In outline only the whole is told."""
    department = get_department(person=person, slug=slug)
    in_full = policies.require_sight(person, department) == policies.Sight.FULL
    rows = Forecast.objects.filter(department_id=department.pk)
    lines = _lines(rows if in_full else rows.filter(service_id=0, need_type=""))
    whole = next((line for line in lines if not line.forecast.service_id and not line.forecast.need_type), None)
    chart, table = _drawn(whole) if whole else (None, None)
    needs = _needs(department) if in_full else []
    computed = [line.forecast.computed_at for line in lines] + [line.need.computed_at for line in needs]
    return Outlook(
        department=department,
        in_full=in_full,
        whole=whole,
        services=[line for line in lines if line.forecast.service_id],
        need_types=[line for line in lines if line.forecast.need_type],
        needs=needs,
        chart=chart,
        table=table,
        computed_at=max(computed, default=None),
    )


def _lines(rows: Iterable[Forecast]) -> list[Line]:
    """The busiest first; services that are gone from the catalogue are left out."""
    rows = list(rows)
    services = dict(Service.objects.filter(pk__in={row.service_id for row in rows}).values_list("pk", "name"))
    kinds = dict(NeedType.choices)
    lines = []
    for row in rows:
        name = services.get(row.service_id, "") if row.service_id else str(kinds.get(row.need_type, row.need_type))
        if name or not (row.service_id or row.need_type):
            lines.append(Line(name, row, [_point(*point) for point in row.points]))
    return sorted(lines, key=lambda line: (-line.lately, line.name))


def _point(monday: str, days: float, expected: float, low: int, high: int) -> Point:
    return Point(date.fromisoformat(monday), days, expected, low, high)


def _needs(department: Department) -> list[NeedLine]:
    rows = list(ExpectedNeed.objects.filter(customer_id=department.pk).order_by("-expected", "pk"))
    rows = [row for row in rows if row.expected >= WORTH_TELLING or row.recurs][:MOST_NEEDS]
    services = dict(Service.objects.filter(pk__in={row.service_id for row in rows}).values_list("pk", "name"))
    suppliers = Department.objects.in_bulk({row.supplier_id for row in rows})
    return [
        NeedLine(services[row.service_id], suppliers[row.supplier_id], row)
        for row in rows
        if row.service_id in services and row.supplier_id in suppliers
    ]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _drawn(whole: Line) -> tuple[dict[str, Any], dict[str, Any]]:
    """The weeks counted and those expected, with their interval, as a chart and as a table."""
    counted = [(date.fromisoformat(monday), n, days) for monday, n, days in whole.forecast.history]
    ahead, gap = whole.points, [None] * len(counted)
    series: list[dict[str, Any]] = [
        {"name": _("Requests"), "values": [n for _monday, n, _days in counted] + [None] * len(ahead)}
    ]
    if ahead:
        series += [
            {"name": _("Expected"), "values": gap + [round(point.expected, 1) for point in ahead]},
            {"name": _("80 %, from"), "values": gap + [point.low for point in ahead], "target": True},
            {"name": _("80 %, to"), "values": gap + [point.high for point in ahead], "target": True},
        ]
    mondays = [monday for monday, _n, _days in counted] + [point.monday for point in ahead]
    chart = {
        "label": _("Requests a week, counted and expected"), "x": [day(monday) for monday in mondays], "min": 0,
        "series": series,
    }  # fmt: skip
    head = [_("Week from"), _("Days open"), _("Requests"), _("Expected"), _("80 %% interval") % {}]
    rows = [[day(monday), number(days), number(n), "", ""] for monday, n, days in counted]
    rows += [
        [
            day(point.monday),
            number(point.days),
            "",
            number(point.expected),
            f"{number(point.low)} – {number(point.high)}",
        ]
        for point in ahead
    ]
    return chart, {"caption": _("As a table"), "head": head, "rows": rows}
