"""What goes in and comes out of the addresses of joint groups."""

from typing import Any

from rest_framework import serializers

from feedback.groups import selectors
from feedback.groups.models import GroupTask
from feedback.groups.states import (
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_NAME,
    LONGEST_NOTES,
    LONGEST_PLACE,
    LONGEST_WORDS,
    MEETING_STEPS,
    MOST_WEEKS,
    STEPS,
    WALL_STEPS,
    Criterion,
    MeetingState,
    State,
    TaskState,
)
from requests_app.kernel import api
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Person


class GroupShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    goal = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    departments = serializers.ListField(child=serializers.CharField())
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    every_weeks = serializers.IntegerField(help_text="Between two meetings; 0: at will.")
    result = serializers.CharField()
    reason = serializers.CharField(help_text="Why it was given up.")
    ended_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class GroupMemberShape(api.Shape):
    id = serializers.IntegerField()
    person = serializers.EmailField()
    department = serializers.CharField()
    leads = serializers.BooleanField()


class GroupTaskShape(api.Shape):
    id = serializers.IntegerField()
    text = serializers.CharField()
    owner = serializers.EmailField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(TaskState.choices)
    meeting = serializers.IntegerField(allow_null=True, help_text="The meeting it grew out of.")
    done_at = serializers.DateTimeField(allow_null=True)


class GroupMeetingShape(api.Shape):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(MeetingState.choices)
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(help_text="How long.")
    place = serializers.CharField()
    notes = serializers.CharField(help_text="The minutes.")
    decisions = serializers.CharField(help_text="One a line.")
    reason = serializers.CharField(help_text="Why it was called off.")
    version = serializers.IntegerField()
    based_on = serializers.CharField(help_text="Send it back with the minutes, so that nobody's words are lost.")


class GroupCriterionShape(api.Shape):
    criterion = serializers.ChoiceField(Criterion.choices)
    mean = serializers.FloatField(help_text="1 to 5.")
    low = serializers.FloatField(allow_null=True, help_text="95 % interval.")
    high = serializers.FloatField(allow_null=True)
    fails = serializers.BooleanField(help_text="The whole interval lies below the middle of the scale.")
    holds = serializers.BooleanField(help_text="The whole interval lies above it.")


class GroupCheckShape(api.Shape):
    id = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    answered = serializers.BooleanField(help_text="By you.")
    n = serializers.IntegerField(help_text="How many answered.")
    criteria = GroupCriterionShape(many=True, help_text="Empty while it is open, and for fewer than five answers.")
    is_wall = serializers.BooleanField(help_text="Three or more criteria fail.")


class GroupInsideShape(api.Shape):
    tasks = GroupTaskShape(many=True)
    meetings = GroupMeetingShape(many=True)
    checks = GroupCheckShape(many=True)


class GroupPageShape(GroupShape):
    members = GroupMemberShape(many=True)
    steps = serializers.ListField(child=serializers.ChoiceField(STEPS), help_text="What you could do now.")
    inside = GroupInsideShape(allow_null=True, help_text="null: for members, their heads, executives and auditors.")


def brief(line: selectors.GroupLine) -> dict[str, Any]:
    group = line.group
    names = ("name", "goal", "state", "starts_on", "ends_on", "every_weeks", "result", "reason", "ended_at", "version")
    told = {name: getattr(group, name) for name in names}
    return {"id": group.pk, "departments": [row.slug for row in line.departments]} | told


def task_of(task: GroupTask) -> dict[str, Any]:
    return {
        "id": task.pk, "text": task.text, "owner": task.owner.person.email, "due_on": task.due_on,
        "state": task.state, "meeting": task.meeting_id, "done_at": task.done_at,
    }  # fmt: skip


def whole(person: Person, pk: int) -> dict[str, Any]:
    page = selectors.group_page(person=person, pk=pk)
    members = [
        {"id": row.pk, "person": row.person.email, "department": row.department.slug, "leads": row.leads}
        for row in page.members
    ]
    steps = [move.name for move in page.moves]
    return brief(page.line) | {
        "members": members if page.inside else [], "steps": steps,
        "inside": _inside(page.inside) if page.inside else None,
    }  # fmt: skip


def _inside(inside: selectors.Inside) -> dict[str, Any]:
    return {
        "tasks": [task_of(line.task) for column in inside.columns for line in column.tasks],
        "meetings": [_meeting(line.meeting) for line in inside.meetings],
        "checks": [_check(line) for line in inside.checks],
    }


def _meeting(row: Any) -> dict[str, Any]:
    names = ("state", "starts_at", "minutes", "place", "notes", "decisions", "reason", "version")
    told = {name: getattr(row, name) for name in names}
    return {"id": row.pk} | told | {"based_on": fingerprint(selectors.notes_values(row))}


def _check(line: selectors.CheckLine) -> dict[str, Any]:
    told = line.result.told if line.result else []
    criteria = [
        {"criterion": one.criterion, "mean": one.mean.value, "low": one.mean.low, "high": one.mean.high,
         "fails": one.fails, "holds": one.holds}
        for one in told
    ]  # fmt: skip
    return {
        "id": line.check.pk, "opened_at": line.check.opened_at, "closed_at": line.check.closed_at,
        "answered": line.answered, "n": line.n, "criteria": criteria,
        "is_wall": bool(line.result and line.result.is_wall),
    }  # fmt: skip


class GroupsQuery(api.PageQuery):
    state = serializers.ChoiceField(State.choices, required=False)
    department = api.Slug(required=False, help_text="Groups in which it sits.")


class GroupChangeBody(api.StrictSerializer):
    name = api.Text(max_length=LONGEST_NAME)
    goal = api.Text(max_length=LONGEST_WORDS, help_text="What is to be true afterwards.")
    starts_on = api.Day()
    ends_on = api.Day(help_text="The last day.")
    every_weeks = api.WholeNumber(min_value=0, max_value=MOST_WEEKS, required=False)


class FoundBody(GroupChangeBody):
    department = api.Slug(help_text="One that you lead.")
    others = serializers.ListField(child=api.Slug(), min_length=1, max_length=20)


class GroupStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(STEPS)
    note = api.Text(max_length=LONGEST_WORDS, required=False, allow_blank=True)


class MemberBody(api.StrictSerializer):
    department = api.Slug()
    person = serializers.EmailField(required=False, help_text="Left out: the head of the department.")
    leads = api.YesOrNo(required=False)


class GroupTaskBody(api.StrictSerializer):
    text = api.Text(max_length=LONGEST_LINE)
    owner = serializers.EmailField(help_text="Of a member.")
    due_on = api.Day()
    meeting = api.WholeNumber(min_value=1, max_value=10**15, required=False, help_text="That it grew out of.")


class TaskMoveBody(api.StrictSerializer):
    state = serializers.ChoiceField(TaskState.choices, required=False)
    owner = serializers.EmailField(required=False, help_text="Who takes it over.")
    due_on = api.Day(required=False, help_text="Another day.")


class PlanBody(api.StrictSerializer):
    starts_at = api.Moment()
    minutes = api.WholeNumber(min_value=1, max_value=LONGEST_MINUTES, required=False)
    place = api.Text(max_length=LONGEST_PLACE, required=False, allow_blank=True)


class StepOfMeetingBody(api.StrictSerializer):
    step = serializers.ChoiceField(MEETING_STEPS)
    starts_at = api.Moment(required=False, help_text="shift: the new time; hold, cancel: when the next meeting is.")
    reason = api.Text(max_length=LONGEST_WORDS, required=False, help_text="Needed to cancel.")
    present = serializers.ListField(child=serializers.EmailField(), required=False, max_length=100)
    notes = api.Text(max_length=LONGEST_NOTES, required=False, allow_blank=True)
    decisions = api.Text(max_length=LONGEST_NOTES, required=False, allow_blank=True)


class MinutesBody(api.StrictSerializer):
    notes = api.Text(max_length=LONGEST_NOTES, allow_blank=True)
    decisions = api.Text(max_length=LONGEST_NOTES, allow_blank=True)
    based_on = api.Text(max_length=64, required=False)


class CheckBody(api.StrictSerializer):
    step = serializers.ChoiceField(WALL_STEPS)


class WallBody(api.StrictSerializer):
    budget = api.WholeNumber(min_value=1, max_value=5)
    schedule = api.WholeNumber(min_value=1, max_value=5)
    specification = api.WholeNumber(min_value=1, max_value=5)
    customer = api.WholeNumber(min_value=1, max_value=5)
    goals = api.WholeNumber(min_value=1, max_value=5)
