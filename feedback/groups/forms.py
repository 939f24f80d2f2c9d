"""Joint groups, their tasks, meetings and wall checks as they are typed on pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.groups.models import GroupTask, JointGroup, Meeting
from feedback.groups.selectors import may_join, members_of
from feedback.groups.states import (
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_NAME,
    LONGEST_NOTES,
    LONGEST_PLACE,
    LONGEST_WORDS,
    MOST_WEEKS,
    USUAL_MINUTES,
    Criterion,
    Move,
    State,
)
from feedback.talks.forms import WallTimeField
from requests_app.events.forms import OnceForm
from requests_app.kernel.forms import EditForm
from requests_app.org.models import Membership

USUAL_DAYS, USUAL_TASK_DAYS = 90, 14
NOTES = {
    "finish": (_("The result"), _("What is true now; it stands beside the goal, for everybody to read.")),
    "give_up": (_("Why it is given up"), _("Everybody reads this.")),
}


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _area(label: Any, rows: int, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **more)


class GroupForm(OnceForm):
    """A group: what for, for how long; a new one also of which departments."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    goal = _area(
        _("The goal"), 4, LONGEST_WORDS,
        help_text=_(
            "What all sides want to be true afterwards, so that one can see whether it is. Everybody reads it."
        ),
    )  # fmt: skip
    starts_on = _day(_("From"))
    ends_on = _day(_("Until"))
    every_weeks = forms.IntegerField(
        label=_("Meets every how many weeks"), min_value=0, max_value=MOST_WEEKS, initial=2,
        help_text=_("0: at will; you plan each meeting by itself."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict | None = None, own: Any = None, others: Any = None):
        today = timezone.localdate()
        first = {"starts_on": today, "ends_on": today + timedelta(days=USUAL_DAYS)}
        super().__init__(data, initial=first | (initial or {}))
        if own is not None:
            self.fields["department"] = forms.ModelChoiceField(
                label=_("Your department"), queryset=own, to_field_name="slug", empty_label=None
            )
            self.fields["others"] = forms.ModelMultipleChoiceField(
                label=_("Together with"), queryset=others, to_field_name="slug", widget=forms.CheckboxSelectMultiple,
                help_text=_("The head of each sits in the group from the start. You choose the others on its page."),
            )  # fmt: skip


class StepForm(forms.Form):
    """A step of the group, with the words that it asks for."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, move: Move, group: JointGroup):
        super().__init__(data, auto_id=f"id_{move.name}_%s", initial={"version": group.version})
        self.move = move
        if move.note:
            label, help_text = NOTES[move.name]
            self.fields["note"] = _area(label, 3, LONGEST_WORDS, help_text=help_text)


class SeatChoice(forms.ModelChoiceField):
    def label_from_instance(self, seat: Membership) -> str:
        return f"{seat.person.name} · {seat.department.name}"


class JoinForm(forms.Form):
    """Somebody of the departments that sit in the group."""

    def __init__(self, data: Any = None, *, group: JointGroup):
        super().__init__(data, auto_id="id_join_%s")
        self.fields["seat"] = SeatChoice(label=_("Who"), queryset=may_join(group), empty_label=_("Choose …"))
        self.fields["leads"] = forms.BooleanField(label=_("Leads the group too"), required=False)


class BringForm(forms.Form):
    """Another department, through its head."""

    def __init__(self, data: Any = None, *, departments: Any):
        super().__init__(data, auto_id="id_bring_%s")
        self.fields["department"] = forms.ModelChoiceField(
            label=_("Department"), queryset=departments, to_field_name="slug", empty_label=_("Choose …"),
            help_text=_("Its head sits in the group then, and can be followed by others."),
        )  # fmt: skip


class OwnerChoice(forms.ModelChoiceField):
    def label_from_instance(self, member: Any) -> str:
        return f"{member.person.name} · {member.department.name}"


class TaskForm(OnceForm):
    text = forms.CharField(label=_("What is to be done"), max_length=LONGEST_LINE)

    def __init__(self, data: Any = None, *, group: JointGroup):
        super().__init__(data, auto_id="id_task_%s")
        self.fields["owner"] = OwnerChoice(label=_("By whom"), queryset=members_of(group), empty_label=_("Choose …"))
        self.fields["due_on"] = _day(
            _("Until when"), initial=lambda: timezone.localdate() + timedelta(days=USUAL_TASK_DAYS)
        )


class PassForm(forms.Form):
    """Who has a task from now on, and until when."""

    def __init__(self, data: Any = None, *, task: GroupTask):
        super().__init__(data)
        members = members_of(task.owner.group)
        self.fields["owner"] = OwnerChoice(
            label=_("By whom"), queryset=members, initial=task.owner_id, empty_label=None,
            help_text=_("Whoever takes it over is told by mail."),
        )  # fmt: skip
        self.fields["due_on"] = _day(_("Until when"), initial=task.due_on)


class PlanForm(forms.Form):
    """When the group meets."""

    def __init__(self, data: Any = None, *, group: JointGroup):
        super().__init__(data, auto_id="id_plan_%s")
        said = _("On the clocks of %(zone)s.") % {"zone": group.zone}
        self.fields["starts_at"] = WallTimeField(label=_("When"), zone=group.zone, help_text=said)
        self.fields["minutes"] = forms.IntegerField(
            label=_("Minutes"), min_value=1, max_value=LONGEST_MINUTES, initial=USUAL_MINUTES
        )
        self.fields["place"] = forms.CharField(
            label=_("Where"), required=False, max_length=LONGEST_PLACE, help_text=_("A room, or a link to a call.")
        )


class MeetingStepForm(forms.Form):
    """One step of a meeting; which fields it has, the step says."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, move: Move, meeting: Meeting, suggested: Any = None):
        super().__init__(data, auto_id=f"id_{move.name}_%s", initial={"version": meeting.version})
        self.move, zone = move, meeting.group.zone
        said = _("On the clocks of %(zone)s.") % {"zone": zone}
        if move.name == "cancel":
            self.fields["reason"] = forms.CharField(label=_("Why it is called off"), max_length=LONGEST_LINE)
        if move.name == "shift":
            self.fields["starts_at"] = WallTimeField(label=_("When"), zone=zone, help_text=said)
            self.initial["starts_at"] = meeting.starts_at
        if move.name == "hold":
            self.fields["present"] = forms.ModelMultipleChoiceField(
                label=_("Who was there"), queryset=members_of(meeting.group), required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
            self.fields["present"].label_from_instance = lambda member: member.person.name
            self.fields["notes"] = _area(pgettext_lazy("talk", "Minutes"), 5, LONGEST_NOTES, required=False)
            self.fields["decisions"] = _area(
                _("Decisions"), 3, LONGEST_NOTES, required=False, help_text=_("One a line.")
            )
            self.fields["starts_at"] = WallTimeField(
                label=_("Next meeting"), zone=zone, required=False,
                help_text=_("On the clocks of %(zone)s. Left empty, the rhythm says when.") % {"zone": zone},
            )  # fmt: skip
            self.initial |= {"starts_at": suggested, "present": list(members_of(meeting.group))}


class MinutesForm(EditForm):
    notes = _area(pgettext_lazy("talk", "Minutes"), 8, LONGEST_NOTES, required=False)
    decisions = _area(_("Decisions"), 4, LONGEST_NOTES, required=False, help_text=_("One a line."))


class WallForm(forms.Form):
    """The five criteria, 1 to 5."""

    def __init__(self, data: Any = None):
        super().__init__(data, auto_id="id_wall_%s")
        scale = [("", _("Choose …")), *((value, str(value)) for value in range(1, 6))]
        for code, words in Criterion.choices:
            self.fields[code] = forms.TypedChoiceField(label=words, choices=scale, coerce=int)


class FilterForm(forms.Form):
    """Which, as it stands in the address."""

    state = forms.ChoiceField(choices=[("", ""), *State.choices], required=False)
    department = forms.SlugField(required=False, max_length=80)
    cursor = forms.CharField(required=False, max_length=1000)
