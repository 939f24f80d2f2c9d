"""The chart of an improvement: its weekly points before and after, and the table beside it."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from metrics.improvement.models import Improvement
from metrics.improvement.states import FEWEST_IN_A_WEEK, FIGURES, WEEK, Horizon, Week, begins_on, monday_of
from metrics.rollups.definitions import Definition, Unit
from requests_app.kernel import formats

HOUR = 3600


@dataclass(frozen=True)
class Drawing:
    chart: dict[str, Any]
    table: dict[str, Any]


def drawing_of(row: Improvement) -> Drawing | None:
    """None when no week has enough to show."""
    definition = FIGURES[row.figure]
    weeks = [Week.from_json(week) for week in row.weeks]
    fewest = max(definition.fewest, FEWEST_IN_A_WEEK)
    shown = {week.monday: week.value for week in weeks if week.value is not None and week.n >= fewest}
    if not shown:
        return None
    parts = {week.monday: _part(row, week.monday) for week in weeks}
    return Drawing(_chart(row, definition, weeks, shown, parts), _table(definition, weeks, shown, parts, fewest))


def _part(row: Improvement, monday: date) -> str:
    if monday < monday_of(min(row.triggered_from or row.effective_on, row.effective_on)):
        return "before"
    return "after" if monday >= begins_on(row.effective_on, Horizon.FIRST) else "between"


def _plain(definition: Definition, value: float) -> float:
    """Hours, percent, or the value itself."""
    if definition.unit == Unit.SECONDS:
        return round(value / HOUR, 2)
    return round(value * 100, 1) if definition.unit == Unit.SHARE else round(value, 2)


def _chart(
    row: Improvement, definition: Definition, weeks: list[Week], shown: dict[date, float], parts: dict[date, str]
) -> dict[str, Any]:
    names = {"before": _("Before"), "between": _("Not counted"), "after": _("After")}
    series: list[dict[str, Any]] = []
    for part, name in names.items():
        values = [_plain(definition, shown[day]) if parts[day] == part and day in shown else None for day in parts]
        if any(value is not None for value in values):
            series.append({"name": name, "values": values})
    for part, name in (("before", _("Median before")), ("after", _("Median after"))):
        known = [_plain(definition, value) for day, value in shown.items() if parts[day] == part]
        if known:
            middle = round(median(known), 2)
            line = [middle if parts[day] == part else None for day in parts]
            series.append({"name": name, "values": line, "target": True})
    top = max(_plain(definition, value) for value in shown.values())
    share = definition.unit == Unit.SHARE
    label = _("%(figure)s by week, before and after %(day)s.") % {
        "figure": definition.label, "day": formats.day(row.effective_on),
    }  # fmt: skip
    return {
        "label": label,
        "x": [formats.day(week.monday) for week in weeks],
        "series": series,
        "min": 0,
        "max": 100 if share and top > 50 else ceil(top * 1.1) or 1,
        "unit": {Unit.SECONDS: f"{formats.NBSP}{_('h')}", Unit.SHARE: f"{formats.NBSP}%"}.get(definition.unit, ""),
    }


def _table(
    definition: Definition, weeks: list[Week], shown: dict[date, float], parts: dict[date, str], fewest: int
) -> dict[str, Any]:
    words = {"before": _("before"), "between": _("not counted"), "after": _("after")}
    few = _("fewer than %(n)s") % {"n": fewest}
    return {
        "caption": _("The weeks as a table"),
        "head": [_("Week from"), str(definition.label), _("n"), _("Side")],
        "rows": [
            [
                formats.day(week.monday),
                formats.amount(shown[week.monday], definition.unit.value) if week.monday in shown else few,
                str(week.n),
                words[parts[week.monday]],
            ]
            for week in weeks
        ],
    }


def last_week(row: Improvement) -> date | None:
    """The Sunday up to which there are points."""
    return date.fromisoformat(row.weeks[-1][0]) + WEEK if row.weeks else None
