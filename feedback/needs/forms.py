"""Needs, their steps, sources and ratings as they are typed on pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.needs.models import Need
from feedback.needs.states import (
    HIGHEST,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WORDS,
    LOWEST,
    Importance,
    Move,
    SourceKind,
    State,
    Urgency,
    Words,
)
from requests_app.org.models import Department
from requests_app.org.selectors import agents_of

NOTES = {
    "analyse": (_("What is behind it"), _("Who has it, how often, what it costs them today.")),
    "decide": (_("The solution"), _("What will be done, in words that the customers understand.")),
    "carry_out": (_("What was done"), ""),
    "evaluate": (_("What effect it had"), _("How it was, how it is now, and how you know.")),
    "reopen": (_("What is still missing"), ""),
    "set_aside": (_("Why"), _("The customers read this.")),
    "take_back_up": (_("What has changed"), ""),
}
USUAL_DAYS = 30  # between the decision and its day
TEXT = {"max_length": LONGEST_TEXT}


class NeedForm(forms.Form):
    """What is needed. With `departments` also of whom; `customers` to choose from only for whoever works there."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any] | None = None, departments: Any = None, customers: Any = None
    ):
        super().__init__(data, initial=initial)
        if departments is not None:
            self.fields["department"] = forms.ModelChoiceField(
                label=_("Of which department"), queryset=departments, to_field_name="slug", empty_label=_("Choose …")
            )
        self.fields["title"] = forms.CharField(label=_("What is needed, in one line"), max_length=LONGEST_TITLE)
        self.fields["text"] = forms.CharField(
            label=_("In your words"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("What it is for, and what is done without it today."), **TEXT,
        )  # fmt: skip
        if customers is not None:
            self.fields["customers"] = forms.ModelMultipleChoiceField(
                label=_("Who needs it"), queryset=customers, to_field_name="slug", required=departments is None,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("None chosen: your own department.") if departments is not None
                else "",
            )  # fmt: skip


class StepForm(forms.Form):
    """The words of one step; which fields it has, the table of steps says."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, move: Move, need: Need):
        super().__init__(data, auto_id=f"id_{move.name}_%s")
        self.move, self.need = move, need
        self.initial["version"] = need.version
        label, help_text = NOTES[move.name]
        self.fields["note"] = forms.CharField(
            label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}), **TEXT
        )
        if "urgency" in move.needs:
            self._add_weights()
        if "owner" in move.needs:
            self._add_plan()
        if "link" in move.needs:
            self.fields["link"] = forms.CharField(
                label=_("Improvement plan that measures it"), required=False, max_length=300,
                help_text=_("Its address, such as /improvements/12/. Leave it empty when there is none."),
            )  # fmt: skip

    def _add_weights(self) -> None:
        for name, scale, label in (("urgency", Urgency, _("Urgency")), ("importance", Importance, _("Importance"))):
            choices = [(value, f"{value} · {words}") for value, words in reversed(scale.choices)]
            self.fields[name] = forms.TypedChoiceField(label=label, choices=choices, coerce=int)
            self.initial[name] = getattr(self.need, name) or 2
        self.initial["note"] = self.need.analysis

    def _add_plan(self) -> None:
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("Who carries it out"), queryset=agents_of(self.need.department_id), empty_label=_("Choose …")
        )
        self.fields["due_on"] = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}))
        self.initial |= {
            "note": self.need.solution, "owner": self.need.owner_id,
            "due_on": self.need.due_on or timezone.localdate() + timedelta(days=USUAL_DAYS),
        }  # fmt: skip

    def words(self) -> Words:
        """What a service takes. Call on a valid form."""
        return Words(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


class SourceForm(forms.Form):
    """Where it was heard of."""

    kind = forms.ChoiceField(label=_("Heard of in"), choices=SourceKind.choices)
    text = forms.CharField(
        label=_("Number, or words"), max_length=LONGEST_WORDS,
        help_text=_("Of a request, of something said or of a survey its number; of a talk who and when."),
    )  # fmt: skip


class RatingForm(forms.Form):
    """How much it counts and how well it is met, for one department."""

    def __init__(self, data: Any = None, *, need: Need, departments: list[Department]):
        super().__init__(data, auto_id="id_rate_%s")
        if len(departments) > 1:
            self.fields["department"] = forms.ModelChoiceField(
                label=_("For which department"), to_field_name="slug", empty_label=None,
                queryset=Department.objects.filter(pk__in=[row.pk for row in departments]).order_by("name"),
            )  # fmt: skip
        scale = [(value, str(value)) for value in range(LOWEST, HIGHEST + 1)]
        given = {row.department_id: row for row in need.ratings.all()}
        mine = given.get(departments[0].pk) if departments else None
        for name, label, help_text in (
            ("importance", _("How much it counts for you"), _("1 hardly, 5 very much")),
            ("satisfaction", _("How well it is met today"), _("1 not at all, 5 fully")),
        ):
            self.fields[name] = forms.TypedChoiceField(label=label, help_text=help_text, choices=scale, coerce=int)
            self.initial[name] = getattr(mine, name) if mine else 3


class FilterForm(forms.Form):
    """Which, as it stands in the address."""

    department = forms.SlugField(required=False, max_length=80)
    customer = forms.SlugField(required=False, max_length=80)
    state = forms.ChoiceField(choices=[("", ""), *State.choices], required=False)
    mine = forms.ChoiceField(choices=[("", ""), ("yes", "yes")], required=False)
    cursor = forms.CharField(required=False, max_length=1000)
