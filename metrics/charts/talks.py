"""Signals on the charts of a supplier as points of the agenda of its talks."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from feedback.talks.agenda import Topic, provide_topics
from feedback.talks.models import TalkSeries
from feedback.talks.states import MOST_POINTS, Point
from feedback.talks.wording import word_with
from metrics.charts.models import Signal
from metrics.charts.states import SignalState, Verdict
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.policies import readable_figures
from requests_app.kernel.formats import day
from requests_app.org.models import Person

LOOK_BACK = timedelta(weeks=8)


def open_signals(series: TalkSeries, now: datetime) -> list[Topic]:
    """For the worse, of the last weeks and answered by nobody yet: of the supplier as a whole, or as far as this
    customer goes. What both charts say of one figure and week is told of the customer only.
    """
    of_both, today = Q(chart__other=None) | Q(chart__other=series.customer_id), timezone.localdate(now)
    rows = Signal.objects.filter(
        of_both, chart__department=series.supplier_id, chart__side="supplier", chart__service=None,
        state=SignalState.OPEN, verdict=Verdict.WORSE, week__range=(today - LOOK_BACK, today),
    )  # fmt: skip
    found: dict[tuple[str, date], Signal] = {}
    for row in rows.select_related("chart__department", "chart__other").order_by(
        F("chart__other").asc(nulls_last=True), "pk"
    ):
        found.setdefault((row.chart.figure, row.week), row)
    latest = sorted(found.values(), key=lambda row: (-row.week.toordinal(), row.pk))[:MOST_POINTS]
    return [Topic(Point.SIGNAL, row.pk, _told(row)) for row in latest]


def _told(row: Signal) -> dict[str, str]:
    told = {"figure": row.chart.figure, "week": row.week.isoformat(), "department": row.chart.department.slug}
    other = row.chart.other
    return told | {"other": other.slug, "name": other.name} if other else told


def seen_signals(person: Person, series: TalkSeries, topics: list[Topic]) -> list[Topic]:
    """Those of figures that the reader may see."""
    readable = set(readable_figures(person, series.supplier, {topic.data["figure"] for topic in topics}))
    return [topic for topic in topics if topic.data["figure"] in readable]


def said(data: dict[str, Any]) -> tuple[str, str]:
    week = parse_date(data["week"])
    words = {"figure": DEFINITIONS[data["figure"]].label, "day": day(week) if week else ""}
    address = reverse("charts:chart", args=[data["department"], data["figure"]])
    if "other" in data:
        words["name"] = data["name"]
        sentence = _("%(figure)s for %(name)s is worse than chance explains, week of %(day)s")
        return sentence % words, f"{address}?{urlencode({'other': data['other']})}"
    return _("%(figure)s as a whole is worse than chance explains, week of %(day)s") % words, address


def register() -> None:
    """Called once, while the apps start."""
    provide_topics(Point.SIGNAL, open_signals, seen_signals)
    word_with(Point.SIGNAL, said)
