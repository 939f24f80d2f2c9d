"""Absences and hours a week, as they are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.capacity.states import Kind
from requests_app.org.models import Department, Person
from requests_app.org.selectors import agents_of


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class AbsenceForm(forms.Form):
    """From when to when, and in a word why. With a department: whose."""

    first = _day(_("First day"))
    last = _day(_("Last day"))
    kind = forms.ChoiceField(label=_("What it is"), choices=Kind.choices)

    def __init__(self, data: Any = None, *, department: Department | None = None):
        super().__init__(data)
        if department is not None:
            people = agents_of(department.pk)
            self.fields["person"] = forms.ModelChoiceField(
                label=_("Who"), queryset=people, to_field_name="email", empty_label=_("Choose …")
            )
            self.order_fields(["person", "first", "last", "kind"])


class HoursForm(forms.Form):
    """Hours a week of one person, from a day on."""

    person = forms.ModelChoiceField(
        label=_("Who"), queryset=Person.objects.none(), to_field_name="email", empty_label=_("Choose …")
    )
    hours = forms.DecimalField(label=_("Hours a week"), min_value=0, max_value=168, max_digits=5, decimal_places=2)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Left empty: from today."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, department: Department):
        super().__init__(data, auto_id="hours_%s")
        self.fields["person"].queryset = agents_of(department.pk)  # type: ignore[attr-defined]

    @property
    def minutes(self) -> int:
        return round(self.cleaned_data["hours"] * 60)
