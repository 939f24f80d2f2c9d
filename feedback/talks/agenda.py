"""What there is to talk about: points written from the data, and which of them a reader may see.

Confidential requests are left out altogether, whoever reads: the page is one for both departments.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import DONE, ENDED, OF_REQUESTS, VERIFIED
from feedback.ratings.models import Rating
from feedback.talks import policies
from feedback.talks.models import TalkItem, TalkSeries
from feedback.talks.states import (
    ACTION_DAYS,
    LEAST_RESPONDENTS,
    LOOK_BACK_DAYS,
    LOW_RATING,
    MOST_POINTS,
    RENEWAL_DAYS,
    Point,
)
from feedback.voice.models import Voice
from feedback.voice.states import ANSWERED, TAKEN_UP, Kind
from feedback.voice.states import OPEN as VOICE_OPEN
from requests_app.agreements.models import Agreement
from requests_app.agreements.states import Life
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import OPEN as OPEN_REQUESTS
from requests_app.org.models import Person


@dataclass(frozen=True)
class Topic:
    """A point of the agenda. `data` is JSON: what its line says; `subject_id` the row it is about."""

    kind: str
    subject_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict, compare=False)
    text: str = ""


Source = Callable[[TalkSeries, datetime], list[Topic]]
Sight = Callable[[Person, TalkSeries, list[Topic]], list[Topic]]
SOURCES: dict[str, tuple[Source, Sight]] = {}


def provide_topics(kind: str, source: Source, sight: Sight) -> None:
    """Upper apps add points: `source` finds them, `sight` leaves those that the person may see. While apps start."""
    SOURCES[kind] = (source, sight)


def points(series: TalkSeries, now: datetime) -> list[Topic]:
    """What the data say should be talked about, at most ten of a kind; the same for every reader."""
    found = [
        *_overdue(series, now), *_voices(series), *_ratings(series, now), *_actions(series, now),
    ]  # fmt: skip
    for source, _sight in SOURCES.values():
        found += source(series, now)[:MOST_POINTS]
    return [*found, *_agreements(series, now), *_left(series)]


def _overdue(series: TalkSeries, now: datetime) -> list[Topic]:
    rows = ServiceRequest.objects.filter(
        supplier_id=series.supplier_id, customer_id=series.customer_id, status__in=OPEN_REQUESTS, due_at__lt=now
    ).exclude(privacy=Privacy.CONFIDENTIAL)
    rows = rows.order_by("due_at", "pk").only("title", "due_at")[:MOST_POINTS]
    return [
        Topic(Point.OVERDUE, row.pk, {"title": row.title, "number": row.number, "due": row.due_at.isoformat()})
        for row in rows
        if row.due_at
    ]


def _voices(series: TalkSeries) -> list[Topic]:
    rows = Voice.objects.filter(
        department_id=series.supplier_id, customer_id=series.customer_id, state__in=[VOICE_OPEN, ANSWERED, TAKEN_UP]
    )
    rows = rows.exclude(kind=Kind.PRAISE).exclude(service_request__privacy=Privacy.CONFIDENTIAL)
    return [
        Topic(Point.VOICE, row.pk, {"title": row.title, "kind": row.kind}) for row in rows.order_by("pk")[:MOST_POINTS]
    ]


def _ratings(series: TalkSeries, now: datetime) -> list[Topic]:
    """One line of sums, when some are low and at least five people rated. Confidential ones count as in the figures of
    the two, so that no difference tells of them.
    """
    since = now - timedelta(days=LOOK_BACK_DAYS)
    rows = Rating.objects.filter(
        supplier_id=series.supplier_id, service_request__customer_id=series.customer_id, counted_at__gte=since
    )
    sums = rows.aggregate(
        n=Count("pk"), people=Count("person", distinct=True), mean=Avg("overall"),
        low=Count("pk", filter=Q(overall__lte=LOW_RATING)),
    )  # fmt: skip
    if sums["people"] < LEAST_RESPONDENTS or not sums["low"]:
        return []
    return [Topic(Point.RATING, None, {"n": sums["n"], "mean": round(float(sums["mean"]), 1), "low": sums["low"]})]


def _actions(series: TalkSeries, now: datetime) -> list[Topic]:
    """Due soon or late, waiting for the customer's word, or to be looked at again."""
    today = timezone.localdate(now)
    soon = Q(due_on__lte=today + timedelta(days=ACTION_DAYS)) & ~Q(state__in=[*ENDED, VERIFIED])
    rows = CorrectiveAction.objects.filter(supplier_id=series.supplier_id, customer_id=series.customer_id)
    rows = rows.filter(soon | Q(state=DONE) | Q(state=VERIFIED, check_on__lte=today))
    secret = ServiceRequest.objects.filter(privacy=Privacy.CONFIDENTIAL, customer_id=series.customer_id)
    rows = rows.exclude(source_kind__in=OF_REQUESTS, source_id__in=secret.values("pk"))
    return [
        Topic(
            Point.ACTION,
            row.pk,
            {"title": row.title, "state": row.state, "due": row.due_on.isoformat() if row.due_on else None},
        )
        for row in rows.order_by("due_on", "pk")[:MOST_POINTS]
    ]


def _agreements(series: TalkSeries, now: datetime) -> list[Topic]:
    rows = Agreement.objects.filter(
        supplier_id=series.supplier_id, customer_id=series.customer_id, life=Life.SIGNED, valid_from__lte=now,
        valid_to__gt=now, valid_to__lte=now + timedelta(days=RENEWAL_DAYS),
    )  # fmt: skip
    rows = rows.select_related("service").order_by("valid_to", "pk")[:MOST_POINTS]
    return [
        Topic(
            Point.AGREEMENT,
            row.pk,
            {"title": row.service.name if row.service else "", "due": row.valid_to.isoformat() if row.valid_to else ""},
        )
        for row in rows
    ]


def _left(series: TalkSeries) -> list[Topic]:
    rows = TalkItem.objects.filter(talk__series=series, kind=Point.TASK, done_at=None).select_related("owner")
    return [
        Topic(
            Point.TASK_LEFT,
            row.pk,
            {"owner": row.owner.name if row.owner else "", "due": row.due_on.isoformat() if row.due_on else None},
            row.text,
        )
        for row in rows.order_by("due_on", "pk")[: 2 * MOST_POINTS]
    ]


def seen_by(person: Person, series: TalkSeries, topics: Iterable[Topic]) -> list[Topic]:
    """Those whose rows this person may see, in their order; one query for each kind that is there."""
    of_kind: dict[str, list[Topic]] = defaultdict(list)
    topics = list(topics)
    for topic in topics:
        of_kind[topic.kind].append(topic)
    kept = {kind: _seen(person, series, kind, there) for kind, there in of_kind.items()}
    return [topic for topic in topics if any(topic is one for one in kept[topic.kind])]


def _seen(person: Person, series: TalkSeries, kind: str, topics: list[Topic]) -> list[Topic]:
    if kind == Point.RATING:
        return topics if policies.reads_ratings(person, series) else []
    if kind in SOURCES:
        return SOURCES[kind][1](person, series, topics)
    ids = [topic.subject_id for topic in topics]
    rows: QuerySet[Any]
    if kind == Point.OVERDUE:
        rows = ServiceRequest.objects.visible_to(person).exclude(privacy=Privacy.CONFIDENTIAL)
    elif kind == Point.VOICE:
        rows = Voice.objects.visible_to(person).exclude(service_request__privacy=Privacy.CONFIDENTIAL)
    elif kind == Point.ACTION:
        secret = ServiceRequest.objects.filter(privacy=Privacy.CONFIDENTIAL, customer_id=series.customer_id)
        rows = CorrectiveAction.objects.visible_to(person)
        rows = rows.exclude(source_kind__in=OF_REQUESTS, source_id__in=secret.values("pk"))
    else:  # signed agreements are everybody's, tasks of talks and typed points those of the talk's readers
        return topics if kind != Point.SIGNAL else []
    there = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
    return [topic for topic in topics if topic.subject_id in there]
