"""Talks of a department with all its customers, or all its suppliers: the next one, how many were held, what is late.

The lists behind the numbers are the same rows, so they are as long as they say.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from feedback.talks.models import Talk, TalkItem
from feedback.talks.selectors import with_outcomes
from feedback.talks.states import HELD, LOOK_BACK_DAYS, OPEN, Point
from requests_app.agreements.states import Side
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever

HELD_OF, LATE = "held", "late"
DAYS = LOOK_BACK_DAYS


@dataclass(frozen=True)
class Counted:
    """`planned`: talks whose time came within the last 90 days; `held` of these; `late`: open tasks past their day."""

    department: Department
    side: str
    next: Talk | None
    planned: int
    held: int
    late: int

    @property
    def days(self) -> int:
        return DAYS

    @property
    def is_supplier(self) -> bool:
        return self.side == Side.SUPPLIER

    @property
    def missed(self) -> int:
        """Called off, or their time passed and nobody began."""
        return self.planned - self.held


def counted(person: Person, department: Department, side: str, now: datetime | None = None) -> Counted | None:
    """As far as the reader may read talks; None when there is nothing to say. One query."""
    now = now or timezone.now()
    hats, since = standing(person), now - timedelta(days=DAYS)
    talks: list[Any] = _counted(
        hats.shape, side, person=hats.person_id, department=department.pk, since=since, now=now,
        today=timezone.localdate(now),
    )  # fmt: skip
    if not talks:
        return None
    came = [talk for talk in talks if since <= talk.starts_at < now]
    return Counted(
        department=department,
        side=side,
        next=next((talk for talk in talks if talk.state in OPEN and talk.starts_at >= now), None),
        planned=len(came),
        held=sum(talk.state == HELD for talk in came),
        late=sum(talk.late for talk in talks),
    )


@written_once
def _counted(
    hats: Standing, side: str, *, person: int, department: int, since: datetime, now: datetime, today: date
) -> QuerySet[Talk]:
    rows = _talks(whoever(hats, person), department, side).annotate(late=Count("items", filter=_late(today, "items__")))
    return rows.filter(Q(state__in=OPEN) | _came(since, now) | Q(late__gt=0)).order_by("starts_at", "pk")


def talks_behind(
    person: Person, department: Department, side: str, show: str, now: datetime | None = None
) -> QuerySet[Talk]:
    """The talks whose time came, or of these the held ones; the latest first."""
    now = now or timezone.now()
    rows = _talks(person, department.pk, side).filter(_came(now - timedelta(days=DAYS), now))
    return with_outcomes(rows.filter(state=HELD) if show == HELD_OF else rows)


def tasks_behind(person: Person, department: Department, side: str, now: datetime | None = None) -> QuerySet[TalkItem]:
    """The open tasks whose day is over, the oldest first."""
    late = _late(timezone.localdate(now or timezone.now()))
    rows = TalkItem.objects.filter(late, talk__in=_talks(person, department.pk, side).values("pk"))
    return rows.select_related("owner", "talk__series__supplier", "talk__series__customer")


def _talks(person: Person, department: int, side: str) -> QuerySet[Talk]:
    rows = Talk.objects.visible_to(person).filter(**{f"series__{side}_id": department})
    return rows.select_related("series__supplier", "series__customer")


def _came(since: datetime, now: datetime) -> Q:
    return Q(starts_at__gte=since, starts_at__lt=now)


def _late(today: date, prefix: str = "") -> Q:
    names = {"kind": Point.TASK, "done_at__isnull": True, "due_on__lt": today}
    return Q(**{f"{prefix}{name}": value for name, value in names.items()})
