"""What other places say of talks: my desk, the page of two departments, the feed of a calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import SourceKind
from feedback.talks import policies
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.selectors import TalkLine, talks_for, with_outcomes
from feedback.talks.states import MEANING, OPEN, Point
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

MOST_ON_DESK, MOST_BETWEEN = 20, 6


@dataclass(frozen=True)
class OnDesk:
    """The block of my desk: talks of today, and tasks that are due."""

    talks: list[TalkLine]
    tasks: list[TalkItem]

    @property
    def count(self) -> int:
        return len(self.talks) + len(self.tasks)


def on_desk(person: Person, now: datetime | None = None) -> OnDesk | None:
    """One query. A talk that has begun stays until it is ended; tasks show from a day before they are due."""
    hats, now = standing(person), now or timezone.now()
    if not hats.person_id:
        return None
    evening = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    rows: list[Any] = _on_desk(hats.head_of, person=hats.person_id, evening=evening, tomorrow=tomorrow)
    talks = {row.pk: TalkLine(row, MEANING[row.state], []) for row in rows if row.is_today}
    tasks = [TalkItem(pk=row.task_id, text=row.task_text, due_on=row.task_due, talk=row) for row in rows if row.task_id]
    return OnDesk(list(talks.values()), tasks) if rows else None


@written_once
def _on_desk(head_of: frozenset[int], *, person: int, evening: datetime, tomorrow: date) -> QuerySet[Talk]:
    invited = TalkSeries.people.through.objects.filter(person_id=person, talkseries_id=OuterRef("series_id"))
    mine = Q(Exists(invited))
    if head_of:
        mine |= Q(series__supplier_id__in=head_of) | Q(series__customer_id__in=head_of)
    today = Q(state__in=OPEN, starts_at__lt=evening) & mine
    task = FilteredRelation(
        "items",
        condition=Q(
            items__owner_id=person, items__kind=Point.TASK, items__done_at__isnull=True, items__due_on__lte=tomorrow
        ),
    )
    rows = Talk.objects.annotate(task=task).annotate(
        is_today=ExpressionWrapper(today, output_field=BooleanField()),
        task_id=F("task__pk"), task_text=F("task__text"), task_due=F("task__due_on"),
    )  # fmt: skip
    rows = rows.filter(today | Q(task__isnull=False)).select_related("series__supplier", "series__customer")
    return rows.order_by("starts_at", "pk", "task__pk")[:MOST_ON_DESK]


@dataclass(frozen=True)
class Between:
    """The block of the page of two departments: their talks, those to come first."""

    rows: list[TalkLine]
    one: Department
    other: Department
    may_arrange: bool
    partner: Department


def between(person: Person, one: Department, other: Department) -> Between:
    pair = Q(series__supplier=one, series__customer=other) | Q(series__supplier=other, series__customer=one)
    rows = with_outcomes(talks_for(person).filter(pair)).order_by("-starts_at", "-pk")[:MOST_BETWEEN]
    lines = [TalkLine(talk, MEANING[talk.state], list(talk.items.all())) for talk in rows]
    partner = other if one.pk in standing(person).head_of else one
    return Between(lines, one, other, policies.can_arrange(person, one, other), partner)


def feed_of(person: Person) -> list[Talk]:
    """The talks that belong into the person's calendar: of the last three months and all to come."""
    hats = standing(person)
    mine = Q(series__supplier_id__in=hats.head_of) | Q(series__customer_id__in=hats.head_of)
    invited = TalkSeries.people.through.objects.filter(person_id=hats.person_id)
    rows = Talk.objects.visible_to(person).filter(mine | Q(series__in=invited.values("talkseries_id")))
    rows = rows.filter(starts_at__gte=timezone.now() - timedelta(days=92))
    return list(rows.select_related("series__supplier", "series__customer").order_by("starts_at", "pk")[:500])


def source_talk(person: Person, action: CorrectiveAction) -> Talk | None:
    """The talk at which a corrective action was agreed on, for who may read that."""
    if action.source_kind != SourceKind.TALK:
        return None
    return Talk.objects.visible_to(person).filter(items__corrective_action=action).first()
