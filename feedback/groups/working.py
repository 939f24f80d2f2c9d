"""The work of a group: tasks on its board, meetings with minutes and decisions, wall checks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.groups import policies
from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting, WallAnswer, WallCheck
from feedback.groups.selectors import next_time, notes_values, writable
from feedback.groups.services import lock_group, note, require_going
from feedback.groups.states import (
    DONE,
    LONGEST_DAYS,
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_NOTES,
    LONGEST_PLACE,
    LONGEST_WORDS,
    MEETING_MOVES,
    MOST_TASKS,
    PLANNED,
    USUAL_MINUTES,
    Criterion,
    TaskState,
    move_of,
)
from requests_app.kernel.errors import IllegalMove, StaleVersion, WrongInput, check_text, require_text
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Person

LONGEST_AHEAD = timedelta(days=2 * 366)

# ── Tasks ────────────────────────────────────────────────────────────────────


@transaction.atomic
def give_task(
    *, by: Person, group: JointGroup, text: str, owner: GroupMember | None, due_on: date,
    meeting: Meeting | None = None, at: datetime | None = None,
) -> GroupTask:  # fmt: skip
    """A task on the board, of a member, until a day; perhaps grown out of a meeting."""
    group, now = lock_group(group.pk), at or timezone.now()
    policies.require_work(by, group)
    require_going(group)
    today = timezone.localdate(now)
    owner = _require_sound_task(group, owner, due_on, today)
    if GroupTask.objects.filter(owner__group=group).exclude(state=DONE).count() >= MOST_TASKS:
        raise IllegalMove(_("There are %(n)s open tasks on the board. Finish some first.") % {"n": MOST_TASKS})
    text = require_text("text", text, longest=LONGEST_LINE)
    task = GroupTask.objects.create(owner=owner, text=text, due_on=due_on, meeting=meeting, given_by=by, given_at=now)
    data = {"task": task.pk, "text": text, "owner": owner.person_id, "due_on": due_on.isoformat()}
    note("group.task_given", group, by, now, data)
    return task


def _require_sound_task(group: JointGroup, owner: GroupMember | None, due_on: date | None, today: date) -> GroupMember:
    """Of a member, until a day that can be met (None: until that which it has)."""
    wrong = {}
    if owner is None or owner.group_id != group.pk or owner.left_at is not None:
        wrong["owner"] = [_("Choose a member of the group.")]
    if due_on is not None and not today <= due_on <= today + timedelta(days=LONGEST_DAYS):
        wrong["due_on"] = [_("Give a day from today on, within three years.")]
    if wrong or owner is None:
        raise WrongInput(wrong)
    return owner


@transaction.atomic
def move_task(*, by: Person, task: GroupTask, state: str, at: datetime | None = None) -> GroupTask:
    """Into another column. Where it stands already it stays, and nothing is recorded."""
    if state not in TaskState.values:
        raise WrongInput({"state": [_("Choose one of: %(values)s.") % {"values": ", ".join(TaskState.values)}]})
    group, now = lock_group(task.owner.group_id), at or timezone.now()
    policies.require_work(by, group)
    require_going(group)
    task = GroupTask.objects.select_for_update(of=("self",)).select_related("owner__person").get(pk=task.pk)
    if task.state == state:
        return task
    before, task.state = task.state, state
    task.done_at = now if state == DONE else None
    task.save(update_fields=["state", "done_at"])
    data = {"task": task.pk, "before": before, "after": state, "owner": task.owner.person_id}
    note("group.task_moved", group, by, now, data)
    return task


@transaction.atomic
def pass_task(
    *, by: Person, task: GroupTask, owner: GroupMember | None = None, due_on: date | None = None,
    at: datetime | None = None,
) -> GroupTask:  # fmt: skip
    """Another member takes it over, or it gets another day, or both; what is left out, or the same, stays."""
    group, now = lock_group(task.owner.group_id), at or timezone.now()
    policies.require_work(by, group)
    require_going(group)
    task = GroupTask.objects.select_for_update(of=("self",)).select_related("owner__person").get(pk=task.pk)
    day = due_on if due_on != task.due_on else None
    owner = _require_sound_task(group, owner or task.owner, day, timezone.localdate(now))
    had, was_due = task.owner, task.due_on
    task.owner, task.due_on = owner, day or was_due
    task.late_told_at = None if day else task.late_told_at
    task.save(update_fields=["owner", "due_on", "late_told_at"])
    said = {"task": task.pk, "text": task.text, "owner": owner.person_id, "due_on": task.due_on.isoformat()}
    if owner.pk != had.pk:
        note("group.task_passed", group, by, now, said | {"before": had.person_id})
    elif day:
        note("group.task_put_off", group, by, now, said | {"before": was_due.isoformat()})
    return task


# ── Meetings ─────────────────────────────────────────────────────────────────


@transaction.atomic
def plan_meeting(
    *, by: Person, group: JointGroup, starts_at: datetime, minutes: int = USUAL_MINUTES, place: str = "",
    at: datetime | None = None,
) -> Meeting:  # fmt: skip
    """The next meeting, when none is planned."""
    group = lock_group(group.pk)
    policies.require_lead(by, group)
    require_going(group)
    if not 1 <= minutes <= LONGEST_MINUTES:
        told = _("Give a number of minutes from 1 to %(n)s.") % {"n": LONGEST_MINUTES}
        raise WrongInput({"minutes": [told]})
    place = check_text("place", place.strip(), longest=LONGEST_PLACE)
    return _plan(group, by, starts_at, at or timezone.now(), minutes=minutes, place=place)


def _plan(group: JointGroup, by: Person, starts_at: datetime, now: datetime, **more: Any) -> Meeting:
    if group.meetings.filter(state=PLANNED).exists():
        raise IllegalMove(_("A meeting is planned already. Hold it or call it off, then plan the next."))
    _require_ahead(starts_at, now)
    meeting = Meeting.objects.create(group=group, starts_at=starts_at, **more)
    note("group.meeting_planned", group, by, now, {"meeting": meeting.pk, "starts_at": starts_at.isoformat()})
    return meeting


def _require_ahead(starts_at: datetime, now: datetime) -> None:
    if not -timedelta(days=1) <= starts_at - now <= LONGEST_AHEAD:
        raise WrongInput({"starts_at": [_("Give a time from now on, within two years.")]})


@transaction.atomic
def take_meeting_step(
    *, by: Person, meeting: Meeting, name: str, starts_at: datetime | None = None, reason: str = "", notes: str = "",
    decisions: str = "", present: Iterable[GroupMember] = (), expected_version: int | None = None,
    at: datetime | None = None,
) -> Meeting:  # fmt: skip
    """Shift, hold or cancel. `starts_at`: the new time (shift) or the next meeting; without it the rhythm decides."""
    move, now = move_of(name, MEETING_MOVES), at or timezone.now()
    group = lock_group(meeting.group_id)
    policies.require_lead(by, group)
    require_going(group)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if expected_version is not None and expected_version != meeting.version:
        raise StaleVersion(_("Somebody changed this meeting since you opened it. Look at it again, then decide."))
    if meeting.state not in move.sources:
        raise IllegalMove(
            _("This is not possible, the meeting is: %(state)s.") % {"state": meeting.get_state_display()}
        )
    data = _apply(meeting, name, starts_at, reason, (notes, decisions), list(present), now)
    meeting.state, meeting.version = move.target, meeting.version + 1
    meeting.save()
    note(move.event, group, by, now, {"meeting": meeting.pk} | data)
    if meeting.state != PLANNED:
        _plan_next(group, by, meeting, starts_at, now)
    return meeting


def _apply(
    meeting: Meeting, name: str, starts_at: datetime | None, reason: str, said: tuple[str, str],
    present: list[GroupMember], now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """What the step changes besides the state; what the log keeps of it."""
    if name == "shift":
        if starts_at is None:
            raise WrongInput({"starts_at": [_("Give the new time.")]})
        _require_ahead(starts_at, now)
        before, meeting.starts_at = meeting.starts_at, starts_at
        return {"before": before.isoformat(), "starts_at": starts_at.isoformat()}
    if name == "cancel":
        meeting.reason = require_text("reason", reason, longest=LONGEST_WORDS)
        return {"reason": meeting.reason, "starts_at": meeting.starts_at.isoformat()}
    if any(member.group_id != meeting.group_id for member in present):
        raise WrongInput({"present": [_("Choose members of the group.")]})
    meeting.held_at = now
    meeting.notes = check_text("notes", said[0].strip(), longest=LONGEST_NOTES)
    meeting.decisions = check_text("decisions", said[1].strip(), longest=LONGEST_NOTES)
    meeting.present.set(present)
    return {"present": sorted(member.person_id for member in present), "decisions": meeting.decisions}


def _plan_next(group: JointGroup, by: Person, last: Meeting, starts_at: datetime | None, now: datetime) -> None:
    starts_at = starts_at or next_time(group, last.starts_at, now)
    if starts_at is not None:
        _plan(group, by, starts_at, now, minutes=last.minutes, place=last.place)


@transaction.atomic
def write_minutes(
    *, by: Person, meeting: Meeting, notes: str, decisions: str, based_on: str | None = None,
    at: datetime | None = None,
) -> Meeting:  # fmt: skip
    """Complete minutes and decisions. StaleVersion when somebody saved since `based_on` was read."""
    group, now = lock_group(meeting.group_id), at or timezone.now()
    policies.require_work(by, group)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not writable(meeting, now):
        raise IllegalMove(_("Minutes are completed in the week after the meeting was held."))
    before = notes_values(meeting)
    require_unchanged(based_on, before)
    meeting.notes = check_text("notes", notes.strip(), longest=LONGEST_NOTES)
    meeting.decisions = check_text("decisions", decisions.strip(), longest=LONGEST_NOTES)
    if notes_values(meeting) != before:
        meeting.save(update_fields=["notes", "decisions"])
        note("group.meeting_minuted", group, by, now, {"meeting": meeting.pk, "decisions": meeting.decisions})
    return meeting


# ── Wall checks ──────────────────────────────────────────────────────────────


@transaction.atomic
def open_check(*, by: Person, group: JointGroup, at: datetime | None = None) -> WallCheck:
    """Ask all members how the common work goes. When they are asked already, that round."""
    group, now = lock_group(group.pk), at or timezone.now()
    policies.require_lead(by, group)
    require_going(group)
    going = group.checks.filter(closed_at=None).first()
    if going is not None:
        return going
    check = WallCheck.objects.create(group=group, opened_at=now)
    note("group.wall_opened", group, by, now, {"check": check.pk})
    return check


@transaction.atomic
def answer_check(*, by: Person, group: JointGroup, values: dict[str, int]) -> WallAnswer:
    """A member's five numbers, once a round. The log tells that somebody answered, not what nor who."""
    group = lock_group(group.pk)
    member = policies.require_member(by, group)
    check = group.checks.filter(closed_at=None).first()
    if check is None:
        raise IllegalMove(_("No wall check is open. Ask a leader of the group to open one."))
    told = _("Choose a number from 1 to 5.")
    if wrong := {name: [told] for name in Criterion.values if values.get(name) not in range(1, 6)}:
        raise WrongInput(wrong)
    if check.answers.filter(member=member).exists():
        raise IllegalMove(_("You have answered this wall check. Each member answers once."))
    answer = WallAnswer.objects.create(
        check_round=check, member=member, **{name: values[name] for name in Criterion.values}
    )
    note("group.wall_answered", group, None, timezone.now(), {"check": check.pk})
    return answer


@transaction.atomic
def close_check(*, by: Person, group: JointGroup, at: datetime | None = None) -> WallCheck:
    """No more answers: from now on the group reads the means, if at least five answered."""
    group, now = lock_group(group.pk), at or timezone.now()
    policies.require_lead(by, group)
    check = group.checks.filter(closed_at=None).first()
    if check is None:
        raise IllegalMove(_("No wall check is open."))
    check.closed_at = now
    check.save(update_fields=["closed_at"])
    note("group.wall_closed", group, by, now, {"check": check.pk, "n": check.answers.count()})
    return check
