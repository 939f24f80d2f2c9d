"""Signals on the charts of a supplier as points of the agenda of its talks."""

from datetime import datetime
from typing import Any

from django.db.models import Q
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


def open_signals(series: TalkSeries, now: datetime) -> list[Topic]:
    """For the worse and answered by nobody yet: of the supplier as a whole, or as far as this customer goes."""
    of_both = Q(chart__other=None) | Q(chart__other=series.customer_id)
    rows = Signal.objects.filter(
        of_both, chart__department=series.supplier_id, chart__side="supplier", chart__service=None,
        state=SignalState.OPEN, verdict=Verdict.WORSE, week__lte=timezone.localdate(now),
    )  # fmt: skip
    rows = rows.select_related("chart__department").order_by("-week", "pk")[:MOST_POINTS]
    return [
        Topic(
            Point.SIGNAL,
            row.pk,
            {"figure": row.chart.figure, "week": row.week.isoformat(), "department": row.chart.department.slug},
        )
        for row in rows
    ]


def seen_signals(person: Person, series: TalkSeries, topics: list[Topic]) -> list[Topic]:
    """Those of figures that the reader may see."""
    readable = set(readable_figures(person, series.supplier, {topic.data["figure"] for topic in topics}))
    return [topic for topic in topics if topic.data["figure"] in readable]


def said(data: dict[str, Any]) -> tuple[str, str]:
    week = parse_date(data["week"])
    words = {"figure": DEFINITIONS[data["figure"]].label, "day": day(week) if week else ""}
    address = reverse("charts:chart", args=[data["department"], data["figure"]])
    return _("%(figure)s is worse than chance explains, week of %(day)s") % words, address


def register() -> None:
    """Called once, while the apps start."""
    provide_topics(Point.SIGNAL, open_signals, seen_signals)
    word_with(Point.SIGNAL, said)
