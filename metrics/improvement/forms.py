"""A plan as it is typed, one of its actions, and the words of a move."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.improvement.models import Improvement, ImprovementAction
from metrics.improvement.states import FIGURES, FREE, LONGEST_NAME, LONGEST_TEXT, Plan, Scale, scale_of
from metrics.rollups.policies import readable_figures
from metrics.rollups.states import Side
from requests_app.catalogue.selectors import services_for
from requests_app.org.models import Department, Person
from requests_app.org.selectors import agents_of, departments_for

SIDES = [(Side.SUPPLIER, _("as supplier")), (Side.CUSTOMER, _("as customer"))]
IN_QUERY = {"figure": "figure", "side": "side", "other": "other", "service": "service", "on": "effective_on"}


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class PlanForm(forms.Form):
    """Everything a plan settles. Of a running one only what may still be said otherwise is asked."""

    name = forms.CharField(
        label=_("What is done, in a few words"), max_length=LONGEST_NAME, help_text=_("Stands on the chart.")
    )
    goal = forms.CharField(
        label=_("What it is for"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    side = forms.ChoiceField(label=_("Which side"), choices=SIDES)
    figure = forms.ChoiceField(label=_("Which figure shall be better"))
    expected = forms.FloatField(
        label=_("Expected change"), widget=forms.NumberInput(attrs={"step": "any"}),
        help_text=_(
            "With its sign. Times in percent: −20 is a fifth less. Shares in points: 5. Else in its unit: 0.3."
        ),
    )  # fmt: skip
    effective_on = _day(_("From which day on it acts"))
    triggered_from = _day(
        _("Since when it was bad"),
        _("Weeks from that day on gave rise to the plan, so they are no baseline: bad times often end by themselves."),
        required=False,
    )  # fmt: skip
    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, person: Person, department: Department, stands: Improvement | None = None,
        initial: dict[str, Any] | None = None,
    ):  # fmt: skip
        super().__init__(data, initial=initial)
        self.department, self.stands = department, stands
        choices = [(key, FIGURES[key].label) for key in readable_figures(person, department, FIGURES)]
        self.fields["figure"].choices = sorted(choices, key=lambda choice: str(choice[1]))
        departments = departments_for(person).exclude(pk=department.pk)
        choose = {"to_field_name": "slug", "required": False}
        self.fields["other"] = forms.ModelChoiceField(
            label=_("Only with which department"), queryset=departments, empty_label=_("all of them"), **choose
        )
        self.fields["service"] = forms.ModelChoiceField(
            label=_("Only for which service"), queryset=services_for(person), empty_label=_("all of them"), **choose
        )
        self.fields["comparison"] = forms.ModelChoiceField(
            label=_("Compared with which department"), queryset=departments, empty_label=_("none"),
            help_text=_("One without this action: what changed there as well was not the action."), **choose,
        )  # fmt: skip
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("Who sees to it"), queryset=agents_of(department.pk), empty_label=_("Choose …")
        )
        if stands is not None:
            self._show(stands)

    def _show(self, row: Improvement) -> None:
        percent = scale_of(FIGURES[row.figure]) != Scale.PLAIN
        self.initial = {name: getattr(row, name) for name in ("name", "goal", "side", "figure", "effective_on",
                        "triggered_from", "version", "owner")}  # fmt: skip
        self.initial["expected"] = round(row.expected * 100, 6) if percent else row.expected
        for name in ("other", "service", "comparison"):
            found = getattr(row, name)
            self.initial[name] = found.slug if found else ""
        self.initial["owner"] = row.owner_id
        if row.state != "planned":
            for name in set(self.fields) - {*FREE, "version"}:
                del self.fields[name]

    def plan(self) -> Plan:
        """As services take it; the form is valid. What is not asked stays as it stands."""
        clean, row = self.cleaned_data, self.stands
        if "figure" not in self.fields and row is not None:
            settled = {name: getattr(row, name) for name in ("side", "figure", "expected", "effective_on", "other",
                       "service", "comparison", "triggered_from")}  # fmt: skip
            return Plan(**settled, **{name: clean[name] for name in FREE})
        percent = scale_of(FIGURES[clean["figure"]]) != Scale.PLAIN
        values = {name: value for name, value in clean.items() if name != "version"}
        return Plan(**values | {"expected": clean["expected"] / 100 if percent else clean["expected"]})


def asked_for(given: Any, today: date, person: Person) -> dict[str, Any]:
    """What a link from a chart fills in; what it cannot mean is left out."""
    found = {name: given[key] for key, name in IN_QUERY.items() if given.get(key)}
    if "effective_on" in found:
        try:
            found["effective_on"] = date.fromisoformat(found["effective_on"])
        except ValueError:
            del found["effective_on"]
    return {"effective_on": today, "owner": person.pk} | found


class ActionForm(forms.Form):
    """One thing to do."""

    what = forms.CharField(label=_("What is to do"), max_length=LONGEST_NAME * 2)
    due_on = _day(_("Until when"))

    def __init__(self, data: Any = None, *, department: Department, stands: ImprovementAction | None = None):
        initial = {name: getattr(stands, name) for name in ("what", "owner", "due_on")} if stands else {}
        super().__init__(data, auto_id="id_action_%s", initial=initial)
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("Who carries it out"), queryset=agents_of(department.pk), empty_label=_("Choose …")
        )


NOTES = {
    "judge": (
        _("What you make of it"),
        _("Beside what was counted: what was done besides, what else changed, what follows."),
    ),
    "cancel": (_("Why it is cancelled"), ""),
}  # fmt: skip


class MoveForm(forms.Form):
    """The words of one move; moves without words have a button only."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, move: Any, version: int):
        super().__init__(data, auto_id=f"id_{move.name}_%s", initial={"version": version})
        self.move = move
        if move.needs_note:
            label, help_text = NOTES[move.name]
            self.fields["note"] = forms.CharField(
                label=label, help_text=help_text, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
            )

    def fields_shown(self) -> list[forms.BoundField]:
        return self.visible_fields()
