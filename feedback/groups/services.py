"""Founding a joint group, who sits in it, its way to a result; each locks the group, checks, changes and records."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.groups import policies
from feedback.groups.models import GroupMember, GroupTask, JointGroup
from feedback.groups.states import (
    CANCELLED,
    DONE,
    GOING,
    LEAST_DEPARTMENTS,
    LONGEST_DAYS,
    LONGEST_NAME,
    LONGEST_WORDS,
    MOST_MEMBERS,
    MOST_WEEKS,
    PLANNED,
    move_of,
)
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, StaleVersion, WrongInput, require_text
from requests_app.org.models import Department, Membership, Person
from requests_app.org.policies import standing
from requests_app.org.states import LEADING_ROLES


@transaction.atomic
def found(
    *,
    by: Person,
    department: Department,
    others: Sequence[Department],
    name: str,
    goal: str,
    starts_on: date,
    ends_on: date,
    every_weeks: int = 2,
    at: datetime | None = None,
) -> JointGroup:
    """A group of the founder's department and others. The founder leads; the other heads sit in it from the start."""
    policies.require_found(by)
    if department.pk not in standing(by).head_of:
        raise WrongInput({"department": [_("Choose a department that you lead.")]})
    now = at or timezone.now()
    group = JointGroup(zone=department.time_zone, founded_by=by, founded_at=now)
    _set_words(group, name, goal, starts_on, ends_on, every_weeks)
    heads = [(row, _head_of(row)) for row in dict.fromkeys(others) if row.pk != department.pk]
    if not heads:
        raise WrongInput({"others": [_("Choose at least one other department.")]})
    group.save()
    GroupMember.objects.create(group=group, person=by, department=department, leads=True, joined_at=now)
    for row, head in heads:
        if head.pk != by.pk:
            GroupMember.objects.get_or_create(group=group, person=head, defaults={"department": row, "joined_at": now})
    _require_sound(group, "others")
    note("group.founded", group, by, now, {"name": group.name, "members": _people(group)})
    return group


def _head_of(department: Department) -> Person:
    """The head who speaks for it, or WrongInput: a group needs somebody of each department."""
    hats = Membership.objects.filter(department=department, role__in=LEADING_ROLES, person__is_active=True)
    first = hats.select_related("person").order_by("-role", "pk").first()  # head before deputy
    if first is None:
        told = _("%(name)s has no head who could sit in the group. Choose another department.")
        raise WrongInput({"others": [told % {"name": department.name}]})
    return first.person


def _set_words(group: JointGroup, name: str, goal: str, starts_on: date, ends_on: date, every_weeks: int) -> None:
    wrong: dict[str, list[str]] = {}
    if ends_on < starts_on:
        wrong["ends_on"] = [_("The last day cannot lie before the first. Choose a later one.")]
    elif (ends_on - starts_on).days > LONGEST_DAYS:
        wrong["ends_on"] = [_("A group works three years at most. Choose an earlier last day.")]
    if not 0 <= every_weeks <= MOST_WEEKS:
        wrong["every_weeks"] = [_("Give a number of weeks from 0 to %(n)s; 0 is at will.") % {"n": MOST_WEEKS}]
    if wrong:
        raise WrongInput(wrong)
    group.name = require_text("name", name, longest=LONGEST_NAME)
    group.goal = require_text("goal", goal, longest=LONGEST_WORDS)
    group.starts_on, group.ends_on, group.every_weeks = starts_on, ends_on, every_weeks


@transaction.atomic
def change_group(*, by: Person, group: JointGroup, expected_version: int | None = None, **words: Any) -> JointGroup:
    """Another name, goal, period or rhythm: name, goal, starts_on, ends_on, every_weeks; what is left out stays."""
    group = lock_group(group.pk)
    policies.require_lead(by, group)
    require_going(group)
    require_version(group, expected_version)
    names = ("name", "goal", "starts_on", "ends_on", "every_weeks")
    before = {name: getattr(group, name) for name in names}
    after = before | words
    _set_words(group, **after)
    changed = [name for name in names if getattr(group, name) != before[name]]
    if changed:
        group.version += 1
        group.save()
        note("group.changed", group, by, timezone.now(), {"fields": changed, "goal_before": before["goal"]})
    return group


@transaction.atomic
def take_step(
    *, by: Person, group: JointGroup, name: str, words: str = "", expected_version: int | None = None,
    at: datetime | None = None,
) -> JointGroup:  # fmt: skip
    """Begin, finish (with its result) or give up (with the reason), or raise a DomainError and change nothing."""
    move, now = move_of(name), at or timezone.now()
    group = lock_group(group.pk)
    policies.require_lead(by, group)
    require_version(group, expected_version)
    if group.state not in move.sources:
        raise IllegalMove(
            _("This is not possible while it stands at: %(state)s.") % {"state": group.get_state_display()}
        )
    if move.note:
        setattr(group, move.note, require_text("note", words, longest=LONGEST_WORDS))
    group.state, group.version = move.target, group.version + 1
    if group.state not in GOING:
        group.ended_at = now
        group.meetings.filter(state=PLANNED).update(
            state=CANCELLED, reason=_("The group has ended."), version=F("version") + 1
        )
        group.checks.filter(closed_at=None).update(closed_at=now)
    group.save()
    note(move.event, group, by, now, {"note": getattr(group, move.note) if move.note else ""})
    return group


@transaction.atomic
def bring_in(
    *, by: Person, group: JointGroup, person: Person | None, department: Department, leads: bool = False,
    at: datetime | None = None,
) -> GroupMember:  # fmt: skip
    """Somebody sits in the group for a department; without a person its head. Once more changes whether they lead."""
    group, now = lock_group(group.pk), at or timezone.now()
    policies.require_lead(by, group)
    require_going(group)
    person = person or _head_of(department)
    if not Membership.objects.filter(person=person, department=department, person__is_active=True).exists():
        told = _("Choose somebody of %(name)s.") % {"name": department.name}
        raise WrongInput({"person": [told]})
    if group.members.current().count() >= MOST_MEMBERS:
        raise IllegalMove(_("A group has at most %(n)s members.") % {"n": MOST_MEMBERS})
    member = group.members.filter(person=person).first() or GroupMember(group=group, person=person)
    same = member.pk and member.left_at is None and (member.department_id, member.leads) == (department.pk, leads)
    if same:
        return member
    is_new = member.pk is None or member.left_at is not None
    member.department, member.leads, member.left_at = department, leads, None
    member.joined_at = now if is_new else member.joined_at
    member.save()
    _require_sound(group, "person")
    data = {"person": person.pk, "department": department.pk, "leads": leads}
    note("group.joined" if is_new else "group.lead_changed", group, by, now, data)
    return member


@transaction.atomic
def let_go(*, by: Person, group: JointGroup, member: GroupMember, at: datetime | None = None) -> GroupMember:
    """Somebody leaves: by a leader's hand or their own. Said again it changes nothing."""
    group, now = lock_group(group.pk), at or timezone.now()
    member = group.members.select_for_update(of=("self",)).get(pk=member.pk)
    if member.person_id != by.pk:
        policies.require_lead(by, group)
    if member.left_at is not None:
        return member
    require_going(group)
    if GroupTask.objects.filter(owner=member).exclude(state=DONE).exists():
        raise IllegalMove(_("There are open tasks of theirs on the board. Give them to others first."))
    member.left_at, member.leads = now, False
    member.save()
    _require_sound(group, None)
    note("group.left", group, by, now, {"person": member.person_id, "department": member.department_id})
    return member


def _require_sound(group: JointGroup, field: str | None) -> None:
    """Several departments and a leader; the database holds the same at the end of the transaction."""
    rows = list(group.members.current().values_list("department_id", "leads"))
    wrong = ""
    if len({department for department, _leads in rows}) < LEAST_DEPARTMENTS:
        wrong = _("A joint group has members of at least two departments.")
    elif not any(leads for _department, leads in rows):
        wrong = _("A joint group has a leader. Name another one first.")
    if wrong and field:
        raise WrongInput({field: [wrong]})
    if wrong:
        raise IllegalMove(wrong)


def lock_group(pk: int) -> JointGroup:
    return JointGroup.objects.select_for_update(of=("self",)).get(pk=pk)


def require_version(group: JointGroup, expected: int | None) -> None:
    if expected is not None and expected != group.version:
        raise StaleVersion(_("Somebody changed this group since you opened it. Look at it again, then decide."))


def require_going(group: JointGroup) -> None:
    if group.state not in GOING:
        raise IllegalMove(_("This group has ended. Found a new one to go on."))


def _people(group: JointGroup) -> list[int]:
    return sorted(group.members.current().values_list("person_id", flat=True))


def note(kind: str, group: JointGroup, by: Person | None, at: datetime, more: dict[str, Any] | None = None) -> None:
    """Append to the log, with the departments that sit in the group."""
    sitting = sorted(set(group.members.current().values_list("department_id", flat=True)))
    data = {"group": group.pk, "departments": sitting} | (more or {})
    record(kind=kind, subject_kind="joint_group", subject_id=group.pk, by=by, at=at, data=data)
