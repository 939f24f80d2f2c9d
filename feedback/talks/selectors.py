"""Reading talks: the list of series, the page of a series, the page of a talk, what my desk says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Prefetch,
    Q,
    QuerySet,
)
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from feedback.talks import policies
from feedback.talks.agenda import Topic, points, seen_by
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.states import AGENDA, BEGUN, HELD, MEANING, OPEN, PLANNED, WRITING_DAYS, Point, next_start
from feedback.talks.wording import Line, line_of, title_of
from requests_app.agreements.states import Side
from requests_app.events.models import Event
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Membership, Person
from requests_app.org.states import LEADING_ROLES

MOST_ON_DESK, MOST_BETWEEN = 20, 6


def series_for(person: Person) -> QuerySet[TalkSeries]:
    """The series the person may read, those that go on first."""
    rows = TalkSeries.objects.visible_to(person).select_related("supplier", "customer")
    return rows.order_by("-is_active", "-pk")


def get_series(*, person: Person, pk: int) -> TalkSeries:
    found = series_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def talks_for(person: Person, *, series: TalkSeries | None = None, state: str = "") -> QuerySet[Talk]:
    """Talks the person may read, the latest first."""
    rows = Talk.objects.visible_to(person).select_related("series__supplier", "series__customer")
    if series is not None:
        rows = rows.filter(series=series)
    return rows.filter(state=state) if state else rows


def get_talk(*, person: Person, pk: int) -> Talk:
    found = talks_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_item(*, person: Person, pk: int) -> TalkItem:
    rows = TalkItem.objects.filter(talk__in=Talk.objects.visible_to(person)).select_related("talk")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def people_of(series: TalkSeries) -> QuerySet[Person]:
    """Whom one can invite, and give tasks: active people of the two departments, by name."""
    hats = Membership.objects.filter(department_id__in=[series.supplier_id, series.customer_id])
    return Person.objects.filter(is_active=True, pk__in=hats.values("person_id")).order_by("name", "pk")


def attending(series: TalkSeries) -> list[Person]:
    """Who is asked to come: the invited, and the heads and deputies of both."""
    heads = Membership.objects.filter(
        department_id__in=[series.supplier_id, series.customer_id], role__in=LEADING_ROLES
    )
    invited = TalkSeries.people.through.objects.filter(talkseries_id=series.pk)
    rows = Person.objects.filter(is_active=True)
    rows = rows.filter(Q(pk__in=heads.values("person_id")) | Q(pk__in=invited.values("person_id")))
    return list(rows.order_by("name", "pk"))


def leader_of(series: TalkSeries) -> Person:
    """The head of the department that asks for the talks; where there is none, whoever arranged them."""
    hats = Membership.objects.filter(department_id=series.leader.pk, role__in=LEADING_ROLES, person__is_active=True)
    first = hats.select_related("person").order_by("-role", "person__name", "person_id").first()
    return first.person if first else series.created_by


def series_values(series: TalkSeries) -> dict[str, Any]:
    """What can be changed of a series, as it is compared and kept in the log."""
    names = ("every_weeks", "weekday", "at_time", "zone", "minutes", "place", "is_active")
    people = sorted(series.people.values_list("pk", flat=True)) if series.pk else []
    return {name: getattr(series, name) for name in names} | {"people": people}


def notes_values(talk: Talk, side: str) -> dict[str, str]:
    return {"side": side, "text": talk.notes_of(side)}


@dataclass(frozen=True)
class SeriesLine:
    """A series in a list: with the talk that is planned or under way, if there is one."""

    series: TalkSeries
    next: Talk | None

    @property
    def title(self) -> str:
        return title_of(self.series)

    @property
    def meaning(self) -> str:
        return MEANING[self.next.state] if self.next else ""


def series_lines(rows: Iterable[TalkSeries]) -> list[SeriesLine]:
    """One query for all."""
    rows = list(rows)
    nexts = {talk.series_id: talk for talk in Talk.objects.filter(series__in=rows, state__in=OPEN)}
    return [SeriesLine(row, nexts.get(row.pk)) for row in rows]


@dataclass(frozen=True)
class TalkLine:
    talk: Talk
    meaning: str
    items: list[TalkItem]

    @property
    def title(self) -> str:
        return title_of(self.talk.series)


@dataclass(frozen=True)
class SeriesPage:
    series: TalkSeries
    next: Talk | None
    talks: list[TalkLine]
    tasks: list[TalkItem]
    people: list[Person]
    may_lead: bool
    me: int

    @property
    def title(self) -> str:
        return title_of(self.series)


def series_page(*, person: Person, pk: int, talks: list[Talk] | None = None) -> SeriesPage:
    """All talks of a series with what was decided, and the tasks that are open."""
    series = get_series(person=person, pk=pk)
    rows = talks if talks is not None else []
    tasks = TalkItem.objects.filter(talk__series=series, kind=Point.TASK, done_at=None).select_related("owner", "talk")
    return SeriesPage(
        series=series,
        next=series.talks.filter(state__in=OPEN).first(),
        talks=[TalkLine(talk, MEANING[talk.state], list(talk.items.all())) for talk in rows],
        tasks=list(tasks.order_by("due_on", "pk")),
        people=attending(series),
        may_lead=policies.leads(person, series),
        me=person.pk,
    )


def with_outcomes(rows: QuerySet[Talk]) -> QuerySet[Talk]:
    """With their decisions, tasks and corrective actions: one query for all."""
    kinds = [Point.DECISION, Point.TASK, Point.CORRECTION]
    outcomes = TalkItem.objects.filter(kind__in=kinds).select_related("owner").order_by("pk")
    return rows.prefetch_related(Prefetch("items", queryset=outcomes))


@dataclass(frozen=True)
class TalkPage:
    """A talk as one reader sees it. `agenda`: before it begins what the data say now, after that what they said."""

    talk: Talk
    series: TalkSeries
    meaning: str
    agenda: list[Line]
    agenda_items: list[TalkItem]
    outcomes: list[TalkItem]
    invited: list[Person]
    present: list[Person]
    sides: list[Side]
    may_lead: bool
    written: bool
    suggested: datetime | None
    me: int

    @property
    def title(self) -> str:
        return title_of(self.series)

    @property
    def ends_at(self) -> datetime:
        return self.talk.starts_at + timedelta(minutes=self.series.minutes)

    @property
    def mark(self) -> str:
        """Changes with everything on the page that somebody else than its reader may have written."""
        return _mark(self.talk, self.sides, [*self.agenda_items, *self.outcomes])

    @property
    def is_early(self) -> bool:
        """Whoever begins it now moves it to another day."""
        here = ZoneInfo(self.series.zone)
        is_later = timezone.localdate(self.talk.starts_at, here) > timezone.localdate(timezone=here)
        return self.may_lead and self.talk.state == PLANNED and is_later

    @property
    def is_live(self) -> bool:
        """While others may still write."""
        return self.talk.state == PLANNED or writable(self.talk, timezone.now())

    @property
    def open_for_points(self) -> bool:
        return self.talk.state in OPEN and bool(self.sides)


def talk_page(*, person: Person, pk: int, now: datetime | None = None) -> TalkPage:
    """The page, or 404."""
    talk, now = get_talk(person=person, pk=pk), now or timezone.now()
    series = talk.series
    items = list(talk.items.select_related("owner", "by").order_by("pk"))
    sides = policies.sides_of(person, series)
    return TalkPage(
        talk=talk,
        series=series,
        meaning=MEANING[talk.state],
        agenda=_agenda(person, talk, items, now),
        agenda_items=[item for item in items if item.kind in AGENDA],
        outcomes=[item for item in items if item.kind not in AGENDA],
        invited=attending(series),
        present=list(talk.present.order_by("name", "pk")) if talk.state == HELD else [],
        sides=sides,
        may_lead=policies.leads(person, series),
        written=bool(sides) and writable(talk, now),
        suggested=suggested_next(series, talk, now) if talk.state == BEGUN else None,
        me=person.pk,
    )


def mark_of(person: Person, talk: Talk) -> str:
    """What `TalkPage.mark` is, at the cost of one query."""
    items = list(talk.items.only("pk", "done_at", "kind"))
    return _mark(talk, policies.sides_of(person, talk.series), items)


def _mark(talk: Talk, sides: list[Side], items: list[TalkItem]) -> str:
    notes = {side: talk.notes_of(side) for side in Side.values if side not in sides}
    lines = sorted((item.pk, str(item.done_at)) for item in items)
    return fingerprint({"version": talk.version, "state": talk.state, "notes": notes, "lines": lines})


def writable(talk: Talk, now: datetime) -> bool:
    """While it is held, and some days after."""
    if talk.state == BEGUN:
        return True
    return talk.state == HELD and talk.ended_at is not None and now <= talk.ended_at + timedelta(days=WRITING_DAYS)


def _agenda(person: Person, talk: Talk, items: list[TalkItem], now: datetime) -> list[Line]:
    kept = [(Topic(item.kind, item.subject_id, item.data, item.text), item.pk) for item in items if item.kind in AGENDA]
    topics = [topic for topic, _pk in kept]
    if talk.state == PLANNED:
        topics = [*points(talk.series, now), *topics]
    ids = {id(topic): pk for topic, pk in kept}
    return [line_of(topic, ids.get(id(topic))) for topic in seen_by(person, talk.series, topics)]


def planned_for(talk: Talk) -> datetime:
    """When the talk was to be by its plan: what the rhythm counts from. A talk begun early moved; the log knows."""
    if talk.begun_at is None or talk.begun_at - talk.starts_at >= timedelta(minutes=1):
        return talk.starts_at
    rows = Event.objects.filter(subject_kind="talk", subject_id=talk.pk, kind="meeting.begun")
    before = rows.values_list("data__before", flat=True).first()
    return (parse_datetime(before) if before else None) or talk.starts_at


def suggested_next(series: TalkSeries, talk: Talk, now: datetime) -> datetime | None:
    """When the next talk is by the rhythm, on the clocks of the series; None at will."""
    if not series.every_weeks or series.weekday is None or series.at_time is None:
        return None
    found = next_start(
        now, weekday=series.weekday, clock=series.at_time, zone=series.zone, every_weeks=series.every_weeks,
        last=planned_for(talk),
    )  # fmt: skip
    return found.astimezone(ZoneInfo(series.zone))
