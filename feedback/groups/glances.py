"""What of joint groups waits on my desk, belongs into a calendar, and stands on the pages of departments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting, WallAnswer, WallCheck
from feedback.groups.selectors import MOST_SHOWN, GroupLine, groups_for, lines_of, with_people_of
from feedback.groups.states import AT_WORK, DONE, FINISHED, GOING, PLANNED
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever

MOST_ON_DESK, DESK_DAYS = 20, 7
MOST_IN_CALENDAR, CALENDAR_DAYS = 500, 92


@dataclass(frozen=True)
class OnDesk:
    """Tasks due within a week, meetings of today, wall checks to answer."""

    tasks: list[GroupTask]
    meetings: list[Meeting]
    checks: list[JointGroup]
    today: date

    @property
    def count(self) -> int:
        return len(self.tasks) + len(self.meetings) + len(self.checks)


def on_desk(person: Person, now: datetime | None = None) -> OnDesk | None:
    """One query for whoever sits in no group, two otherwise."""
    now = now or timezone.now()
    evening = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    seats: list[Any] = list(_seats(person=standing(person).person_id))
    if not seats:
        return None
    today = timezone.localdate(now)
    soon = today + timedelta(days=DESK_DAYS)
    tasks = list(_tasks(seats=[seat.pk for seat in seats], soon=soon)) if any(seat.tasks_open for seat in seats) else []
    meetings = [
        Meeting(pk=seat.meeting_id, starts_at=seat.meeting_at, group=seat.group)
        for seat in seats if seat.meeting_id and seat.meeting_at < evening
    ]  # fmt: skip
    found = OnDesk(tasks, meetings, [seat.group for seat in seats if seat.to_answer], today)
    return found if found.count else None


@written_once
def _seats(*, person: int) -> QuerySet[GroupMember]:
    planned = Meeting.objects.filter(group_id=OuterRef("group_id"), state=PLANNED)
    answered = WallAnswer.objects.filter(check_round_id=OuterRef("pk"), member_id=OuterRef(OuterRef("pk")))
    rounds = WallCheck.objects.filter(group_id=OuterRef("group_id"), closed_at__isnull=True)
    mine = GroupTask.objects.filter(owner_id=OuterRef("pk")).exclude(state=DONE)
    rows = GroupMember.objects.filter(left_at__isnull=True, person_id=person, group__state__in=GOING)
    rows = rows.select_related("group").annotate(
        meeting_id=Subquery(planned.values("pk")[:1]),
        meeting_at=Subquery(planned.values("starts_at")[:1]),
        to_answer=Exists(rounds.filter(~Exists(answered))),
        tasks_open=Exists(mine),
    )
    return rows.order_by("pk")[:MOST_ON_DESK]


@written_once
def _tasks(*, seats: list[int], soon: date) -> QuerySet[GroupTask]:
    rows = GroupTask.objects.filter(owner_id__among=seats, due_on__lte=soon).exclude(state=DONE)
    return rows.select_related("owner__group").order_by("due_on", "pk")[:MOST_ON_DESK]


def meetings_of(person: Person) -> list[Meeting]:
    """The meetings that belong into a member's calendar: of the last three months and to come, called off too."""
    seats = GroupMember.objects.current().filter(person_id=standing(person).person_id)
    rows = Meeting.objects.filter(group__in=seats.values("group_id"))
    rows = rows.filter(starts_at__gte=timezone.now() - timedelta(days=CALENDAR_DAYS))
    return list(rows.select_related("group").order_by("starts_at", "pk")[:MOST_IN_CALENDAR])


def sits_in(person: Person, department: Department) -> tuple[int, int]:
    """In how many groups at work people of the department sit, and in how many that have finished; one query."""
    members = GroupMember.objects.current().filter(department=department).values("group_id")
    found = (
        JointGroup.objects.listed_for(person)
        .filter(pk__in=members)
        .order_by()
        .aggregate(at_work=Count("pk", filter=Q(state=AT_WORK)), finished=Count("pk", filter=Q(state=FINISHED)))
    )
    return found["at_work"], found["finished"]


# ── On pages of departments ──────────────────────────────────────────────────


@dataclass(frozen=True)
class Shown:
    """Groups on other pages."""

    rows: list[GroupLine]


def of_department(person: Person, department: Department) -> Shown:
    """Those at work first, then results, the newest first; two queries."""
    hats = standing(person)
    return Shown(lines_of(_of_department(hats.shape, person=hats.person_id, department=department.pk)))


@written_once
def _of_department(hats: Standing, *, person: int, department: int) -> QuerySet[JointGroup]:
    rows = groups_for(whoever(hats, person)).filter(pk__in=with_people_of(department)).exclude(state="given_up")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:MOST_SHOWN]


def between(person: Person, one: Department, other: Department) -> Shown:
    """Groups in which both sit; two queries."""
    rows = groups_for(person, department=one).filter(pk__in=with_people_of(other.pk)).exclude(state="given_up")
    return Shown(lines_of(rows.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:MOST_SHOWN]))
