"""The line of a point in the reader's language, and where it leads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback.actions.states import State as ActionState
from feedback.talks.agenda import Topic
from feedback.talks.models import TalkSeries
from feedback.talks.states import ICONS, Kind, Point
from feedback.voice.states import Kind as VoiceKind
from requests_app.kernel.formats import day, moment, number

Words = Callable[[dict[str, Any]], tuple[str, str]]
MORE: dict[str, Words] = {}


def word_with(kind: str, words: Words) -> None:
    """Upper apps say the points they add: data → (line, address)."""
    MORE[kind] = words


@dataclass(frozen=True)
class Line:
    """A point as it is read: what it is, its words, more about it, and where it leads (or nothing)."""

    kind: str
    label: str
    icon: str
    text: str
    more: str
    url: str
    item_id: int | None = None


def title_of(series: TalkSeries) -> str:
    """Who talks to whom, in the reader's language."""
    names = {"supplier": series.supplier.name, "customer": series.customer.name}
    if series.kind == Kind.CUSTOMER:
        return _("%(supplier)s asks its customer %(customer)s") % names
    return _("%(customer)s talks to its supplier %(supplier)s") % names


def line_of(topic: Topic, item_id: int | None = None) -> Line:
    kind = Point(topic.kind)
    text, more, url = _said(topic)
    return Line(str(kind), str(kind.label), ICONS[kind], text, more, url, item_id)


def _said(topic: Topic) -> tuple[str, str, str]:
    """The line, more about it, and its address."""
    data = topic.data
    if topic.kind in MORE:
        text, url = MORE[topic.kind](data)
        return text, "", url
    if topic.kind == Point.OVERDUE:
        return f"{data['number']}: {data['title']}", _due(data), reverse("desk:request", args=[data["number"]])
    if topic.kind == Point.VOICE:
        return data["title"], str(VoiceKind(data["kind"]).label), reverse("voice:voice", args=[topic.subject_id])
    if topic.kind == Point.RATING:
        return _ratings(data), "", ""
    if topic.kind == Point.ACTION:
        more = _joined(str(ActionState(data["state"]).label), _due(data))
        return data["title"], more, reverse("actions:action", args=[topic.subject_id])
    if topic.kind == Point.AGREEMENT:
        more = _("ends %(day)s") % {"day": _day(data["due"])}
        return data["title"] or _("All services"), more, reverse("agreements:agreement", args=[topic.subject_id])
    if topic.kind == Point.TASK_LEFT:
        return topic.text, _joined(data["owner"], _due(data)), ""
    return topic.text, "", ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _due(data: dict[str, Any]) -> str:
    return _("due %(day)s") % {"day": _day(data["due"])} if data["due"] else ""


def _day(text: str) -> str:
    """Of an instant the day on the reader's clocks, of a date the date."""
    instant = parse_datetime(text) if "T" in text else None
    return moment(instant, style="date").text if instant else day(date.fromisoformat(text))


def _ratings(data: dict[str, Any]) -> str:
    return _("%(low)s of %(n)s ratings of the last 90 days are low; the mean is %(mean)s of 5 (n = %(n)s).") % {
        "low": data["low"], "n": data["n"], "mean": number(data["mean"], 1),
    }  # fmt: skip
