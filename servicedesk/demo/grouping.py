"""Joint groups of the demo company: one at work, with a board, meetings and a wall check, and one with a result."""

from datetime import datetime, timedelta
from typing import Any

from feedback.groups.models import GroupMember, JointGroup, Meeting
from feedback.groups.selectors import members_of, next_time
from feedback.groups.services import bring_in, found, take_step
from feedback.groups.states import Criterion
from feedback.groups.working import (
    answer_check,
    close_check,
    give_task,
    move_task,
    open_check,
    plan_meeting,
    take_meeting_step,
)
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read


def group_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments are there."""
    for spec in read("groups")["group"]:
        _group(company, spec, now)


def _group(company: Company, spec: dict[str, Any], now: datetime) -> None:
    own, others = company.units[spec["department"]], [company.units[slug] for slug in spec["others"]]
    at, today = now - timedelta(days=spec["ago"]), now.date()
    group = found(
        by=own.head, department=own.row, others=[unit.row for unit in others], name=spec["name"], goal=spec["goal"],
        starts_on=today - timedelta(days=spec["ago"]), ends_on=today + timedelta(days=spec["ends_in"]), at=at,
    )  # fmt: skip
    for unit in (own, *others):
        for person in unit.members[1 : 1 + spec["each"]]:
            bring_in(by=own.head, group=group, person=person, department=unit.row, at=at)
    group = take_step(by=own.head, group=group, name="begin", at=at + timedelta(days=1))
    members = list(members_of(group))
    for told in spec.get("meeting", []):
        _hold(group, members, told, now)
    for meeting in group.meetings.filter(state="planned"):
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=next_time(group, meeting.starts_at, now))
    for place, task in enumerate(spec.get("task", [])):
        _task(group, members, place, task, at)
    _check(group, members, spec, now)
    if spec.get("result"):
        ended = now + timedelta(days=spec["ends_in"])
        take_step(by=own.head, group=group, name="finish", words=spec["result"], at=ended)


def _hold(group: JointGroup, members: list[GroupMember], told: dict[str, Any], now: datetime) -> None:
    """The rhythm plans the next one, which the next told one takes the place of."""
    starts_at = (now - timedelta(days=told["ago"])).replace(hour=9, minute=0, second=0, microsecond=0)
    meeting = group.meetings.filter(state="planned").first()
    if meeting is None:
        meeting = plan_meeting(
            by=group.founded_by, group=group, starts_at=starts_at, place=told["place"], at=starts_at - timedelta(days=3)
        )
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at)
    take_meeting_step(
        by=group.founded_by, meeting=meeting, name="hold", notes=told["notes"], decisions=told["decisions"],
        present=members[:-1], at=starts_at + timedelta(minutes=55),
    )  # fmt: skip


def _task(group: JointGroup, members: list[GroupMember], place: int, told: dict[str, Any], at: datetime) -> None:
    given = at + timedelta(days=told["after"])
    turn = members[place % len(members)]
    owner = next((row for row in members if row.person.email.partition("@")[0] == told.get("of")), turn)
    task = give_task(
        by=group.founded_by, group=group, text=told["text"], owner=owner,
        due_on=(given + timedelta(days=told["days"])).date(), at=given,
    )  # fmt: skip
    if told["state"] != "to_do":
        move_task(by=task.owner.person, task=task, state=told["state"], at=given + timedelta(days=told["days"] - 1))


def _check(group: JointGroup, members: list[GroupMember], spec: dict[str, Any], now: datetime) -> None:
    """`marks`: of each member who answers, in the order of the criteria."""
    check = spec["check"]
    at = now - timedelta(days=check["ago"])
    open_check(by=group.founded_by, group=group, at=at)
    for member, marks in zip(members, check["marks"], strict=False):
        answer_check(by=member.person, group=group, values=dict(zip(Criterion.values, marks, strict=True)))
    close_check(by=group.founded_by, group=group, at=at + timedelta(days=4))
