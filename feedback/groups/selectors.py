"""Reading joint groups: the list of all, the page of one as far as the reader sees it, a meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from feedback.groups import policies
from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting, WallAnswer, WallCheck
from feedback.groups.states import (
    DONE,
    GOING,
    HELD,
    MEANING,
    MEETING_MEANING,
    MOVES,
    PLANNED,
    WRITING_DAYS,
    Criterion,
    Move,
    State,
    TaskState,
    WallResult,
    wall_of,
)
from requests_app.desk.selectors.search import LONGEST
from requests_app.org.models import Department, Membership, Person
from requests_app.org.policies import standing

NEWEST = ("-pk",)
MOST_SHOWN = 5


def groups_for(person: Person, *, state: str = "", department: Department | None = None) -> QuerySet[JointGroup]:
    """What everybody reads of groups: one state, or (without one) all."""
    rows = _with_members(JointGroup.objects.listed_for(person))
    if state:
        rows = rows.filter(state=state)
    return rows.filter(pk__in=with_people_of(department.pk)) if department else rows


def groups_named(person: Person, q: str, *, most: int) -> list[JointGroup]:
    """Groups the person may know of whose name or goal holds all the words, those still going first; two queries."""
    rows = JointGroup.objects.listed_for(person)
    for word in q[:LONGEST].split():
        rows = rows.filter(Q(name__icontains=word) | Q(goal__icontains=word))
    return list(_with_members(rows.order_by(F("ended_at").desc(nulls_first=True), "-pk"))[:most])


def _with_members(rows: QuerySet[JointGroup]) -> QuerySet[JointGroup]:
    members = GroupMember.objects.current().select_related("department", "person")
    return rows.prefetch_related(Prefetch("members", members.order_by("-leads", "person__name", "pk")))


def _now(group: JointGroup) -> list[GroupMember]:
    """Who sits in it now, leaders first; they came along with the group."""
    return list(group.members.all())


def with_people_of(department: int) -> QuerySet:
    return GroupMember.objects.current().filter(department_id=department).values("group_id")


def get_group(*, person: Person, pk: int) -> JointGroup:
    """The group as everybody reads it, or 404."""
    found = groups_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_whole(*, person: Person, pk: int) -> JointGroup:
    """For what is done inside a group: 404 where it is not there, NotAllowed for whoever is not of it."""
    group = get_group(person=person, pk=pk)
    if not _is_inside(person, group):
        policies.require_work(person, group)
    return group


def _is_inside(person: Person, group: JointGroup) -> bool:
    """The same answer as `visible_to`, of a group whose members came along."""
    hats = standing(person)
    looks_on = hats.is_auditor or hats.is_executive
    return looks_on or any(row.person_id == hats.person_id or row.department_id in hats.head_of for row in _now(group))


def get_meeting(*, person: Person, pk: int) -> Meeting:
    inside = JointGroup.objects.visible_to(person).values("pk")
    found = Meeting.objects.filter(group__in=inside).select_related("group").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_task(*, person: Person, pk: int) -> GroupTask:
    inside = JointGroup.objects.visible_to(person).values("pk")
    rows = GroupTask.objects.filter(owner__group__in=inside).select_related("owner__group", "owner__person")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def may_join(group: JointGroup) -> QuerySet[Membership]:
    """People of the departments that sit in the group, but for who is in it: a row for each of their departments."""
    departments = GroupMember.objects.current().filter(group=group).values("department_id")
    here = GroupMember.objects.current().filter(group=group).values("person_id")
    rows = Membership.objects.filter(department_id__in=departments, person__is_active=True)
    rows = rows.exclude(person_id__in=here)
    first = rows.order_by("person_id", "department_id", "pk").distinct("person_id", "department_id")
    found = Membership.objects.filter(pk__in=first.values("pk")).select_related("person", "department")
    return found.order_by("department__name", "person__name", "pk")


def members_of(group: JointGroup) -> QuerySet[GroupMember]:
    """Who sits in it now, leaders first."""
    rows = group.members.current().select_related("person", "department")
    return rows.order_by("-leads", "person__name", "pk")


def get_member(group: JointGroup, pk: int) -> GroupMember:
    """Somebody who sits or sat in the group, or 404."""
    found = group.members.select_related("group").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# ── Lists ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class GroupLine:
    """A group in a list, as everybody reads it."""

    group: JointGroup
    state: str
    meaning: str
    departments: list[Department]
    leaders: list[str]
    late: bool

    @property
    def names(self) -> str:
        return " · ".join(row.name for row in self.departments)


def line_of(group: JointGroup, today: date) -> GroupLine:
    """Asks nothing: the members came along."""
    return GroupLine(
        group, str(State(group.state).label), MEANING[group.state], departments_of(group),
        [row.person.name for row in _now(group) if row.leads],
        group.state in GOING and group.ends_on < today,
    )  # fmt: skip


def departments_of(group: JointGroup) -> list[Department]:
    """Those that sit in it now, by name; asks nothing where the members came along."""
    departments = {row.department_id: row.department for row in _now(group)}
    return sorted(departments.values(), key=lambda row: (row.name, row.pk))


def lines_of(rows: Iterable[JointGroup]) -> list[GroupLine]:
    today = timezone.localdate()
    return [line_of(row, today) for row in rows]


# ── The page of a group ──────────────────────────────────────────────────────


@dataclass(frozen=True)
class TaskLine:
    task: GroupTask
    late: bool
    moves: list[tuple[str, str]]  # columns to which it can go: code and word


@dataclass(frozen=True)
class Column:
    state: str
    words: str
    tasks: list[TaskLine]


@dataclass(frozen=True)
class CheckLine:
    """A round of the wall check. `result` is None while it is open."""

    check: WallCheck
    n: int
    answered: bool
    result: WallResult | None


@dataclass(frozen=True)
class MeetingLine:
    meeting: Meeting
    meaning: str


@dataclass(frozen=True)
class Inside:
    """What only those of the group see, executives and auditors beside them."""

    columns: list[Column]
    meetings: list[MeetingLine]
    checks: list[CheckLine]
    may_join: bool

    @property
    def open_check(self) -> CheckLine | None:
        return next((line for line in self.checks if line.result is None), None)

    @property
    def open_tasks(self) -> int:
        return sum(len(column.tasks) for column in self.columns if column.state != DONE)

    @property
    def next_meeting(self) -> Meeting | None:
        return next((line.meeting for line in self.meetings if line.meeting.state == PLANNED), None)


@dataclass(frozen=True)
class GroupPage:
    group: JointGroup
    line: GroupLine
    members: list[GroupMember]
    inside: Inside | None
    me: GroupMember | None
    may_lead: bool
    may_work: bool
    moves: list[Move]

    @property
    def is_going(self) -> bool:
        return self.group.state in GOING


def group_page(*, person: Person, pk: int) -> GroupPage:
    """The page, or 404. Outsiders get goal, departments and result, and no more."""
    group = get_group(person=person, pk=pk)
    hats, members = standing(person), _now(group)
    me = next((row for row in members if row.person_id == hats.person_id), None)
    may_lead = bool(me and me.leads) or any(row.department_id in hats.head_of for row in members)
    going = group.state in GOING
    return GroupPage(
        group=group,
        line=line_of(group, timezone.localdate()),
        members=members,
        inside=_inside(group, me, works=going and (may_lead or me is not None)) if _is_inside(person, group) else None,
        me=me,
        may_lead=may_lead,
        may_work=may_lead or me is not None,
        moves=[move for move in MOVES.values() if may_lead and group.state in move.sources],
    )


def _inside(group: JointGroup, me: GroupMember | None, *, works: bool) -> Inside:
    meetings = [MeetingLine(row, MEETING_MEANING[row.state]) for row in group.meetings.order_by("-starts_at", "-pk")]
    return Inside(_columns(group, works=works), meetings, check_lines(group, me), works)


def _columns(group: JointGroup, *, works: bool) -> list[Column]:
    """The board; one query."""
    today = timezone.localdate()
    tasks = GroupTask.objects.filter(owner__group=group).select_related("owner__person").order_by("due_on", "pk")
    lines = [TaskLine(task, task.state != DONE and task.due_on < today, _ways(task) if works else []) for task in tasks]
    return [
        Column(code, str(words), [line for line in lines if line.task.state == code])
        for code, words in TaskState.choices
    ]


def _ways(task: GroupTask) -> list[tuple[str, str]]:
    return [(code, str(words)) for code, words in TaskState.choices if code != task.state]


def check_lines(group: JointGroup, me: GroupMember | None) -> list[CheckLine]:
    """Rounds, the newest first. Figures of closed ones only, so that no single answer can be told from a difference."""
    rows = list(group.checks.order_by("-pk"))
    answers: dict[int, list[WallAnswer]] = {row.pk: [] for row in rows}
    for answer in WallAnswer.objects.filter(check_round__in=rows):
        answers[answer.check_round_id].append(answer)
    return [_check_line(row, answers[row.pk], me) for row in rows]


def _check_line(check: WallCheck, answers: list[WallAnswer], me: GroupMember | None) -> CheckLine:
    answered = me is not None and any(answer.member_id == me.pk for answer in answers)
    return CheckLine(check, len(answers), answered, _result(answers) if check.closed_at else None)


def _result(answers: Iterable[WallAnswer]) -> WallResult:
    return wall_of([getattr(answer, name) for name in Criterion.values] for answer in answers)


def closed_checks(person: Person, *, first: date, end: date) -> list[WallCheck]:
    """Of each group that the person sees from inside the newest round that was closed from `first` until before `end`.

    The groups come along with their members; one query when there is none, two otherwise.
    """
    rows = WallCheck.objects.filter(group__in=JointGroup.objects.visible_to(person).values("pk"))
    rows = rows.filter(closed_at__date__gte=first, closed_at__date__lt=end).select_related("group")
    members = GroupMember.objects.current().select_related("department", "person")
    rows = rows.prefetch_related(Prefetch("group__members", members))
    return list(rows.order_by("group_id", "-closed_at", "-pk").distinct("group_id"))


def results_of(checks: Sequence[WallCheck]) -> list[tuple[WallCheck, WallResult]]:
    """What closed rounds say; one query, none of nothing."""
    answers: dict[int, list[WallAnswer]] = {check.pk: [] for check in checks}
    for answer in WallAnswer.objects.filter(check_round__in=answers) if answers else ():
        answers[answer.check_round_id].append(answer)
    return [(check, _result(answers[check.pk])) for check in checks]


# ── The page of a meeting ────────────────────────────────────────────────────


@dataclass(frozen=True)
class MeetingPage:
    meeting: Meeting
    group: JointGroup
    meaning: str
    present: list[GroupMember]
    tasks: list[GroupTask]
    may_lead: bool
    may_work: bool
    writable: bool
    suggested: datetime | None

    @property
    def ends_at(self) -> datetime:
        return self.meeting.starts_at + timedelta(minutes=self.meeting.minutes)


def meeting_page(*, person: Person, pk: int, now: datetime | None = None) -> MeetingPage:
    """The page, or 404."""
    meeting, now = get_meeting(person=person, pk=pk), now or timezone.now()
    may_lead = policies.leads(person, meeting.group)
    may_work = may_lead or policies.member_of(person, meeting.group) is not None
    going = meeting.group.state in GOING
    return MeetingPage(
        meeting=meeting,
        group=meeting.group,
        meaning=MEETING_MEANING[meeting.state],
        present=list(meeting.present.select_related("person", "department").order_by("person__name", "pk")),
        tasks=list(meeting.tasks.select_related("owner__person").order_by("due_on", "pk")),
        may_lead=may_lead and going,
        may_work=may_work and going,
        writable=may_work and writable(meeting, now),
        suggested=next_time(meeting.group, meeting.starts_at, now) if meeting.state == PLANNED else None,
    )


def writable(meeting: Meeting, now: datetime) -> bool:
    """Minutes are completed for some days after the meeting was held."""
    held = meeting.held_at
    return meeting.state == HELD and held is not None and now <= held + timedelta(days=WRITING_DAYS)


def next_time(group: JointGroup, last: datetime, now: datetime) -> datetime | None:
    """The first time later than now at the same wall time in whole rhythms after the last; None at will."""
    if not group.every_weeks:
        return None
    local, zone = last.astimezone(ZoneInfo(group.zone)), ZoneInfo(group.zone)
    day = local.date()
    while (found := datetime.combine(day, local.time(), zone)) <= max(now, last):
        day += timedelta(weeks=group.every_weeks)
    return found


def notes_values(meeting: Meeting) -> dict[str, str]:
    return {"notes": meeting.notes, "decisions": meeting.decisions}
