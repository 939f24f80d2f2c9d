"""What heads say of a chart."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.charts.states import LONGEST_REASON, LONGEST_TITLE, RULE_WORDS, Answer
from metrics.charts.statistics import RULES
from requests_app.org.models import Department


class AnswerForm(forms.Form):
    """An answer to one signal, named by its week and rule; or the week from which a new phase begins."""

    do = forms.ChoiceField(choices=Answer.choices)
    week = forms.DateField()
    rule = forms.TypedChoiceField(
        coerce=int, empty_value=None, choices=[(rule, rule) for rule in RULES], required=False
    )
    reason = forms.CharField(label=_("What it was"), max_length=LONGEST_REASON, required=False)
    title = forms.CharField(label=_("What is to be put right"), max_length=LONGEST_TITLE, required=False)
    customer = forms.ModelChoiceField(
        Department.objects.none(), label=_("Who says whether it worked"), to_field_name="slug", required=False
    )

    def __init__(self, *args: Any, departments: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["customer"].queryset = departments

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("do") != Answer.PHASE and values.get("rule") is None and "rule" not in self.errors:
            self.add_error("rule", _("Say which signal is meant: its week and its rule."))
        return values


class RulesForm(forms.Form):
    """Which rules judge a chart; at least one."""

    rules = forms.TypedMultipleChoiceField(
        label=_("Rules"), coerce=int, choices=list(RULE_WORDS.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one rule.")},
    )  # fmt: skip
