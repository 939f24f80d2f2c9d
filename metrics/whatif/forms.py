"""Over which past an agreement is replayed, beside which other one; and what was suggested, as the next text."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from metrics.whatif.states import months_before
from requests_app.agreements.forms.targets import ProposalForm
from requests_app.agreements.models import Agreement
from requests_app.agreements.states import PRIORITY, Targets
from requests_app.agreements.terms import Terms

MONTHS = (3, 6, 12)


class PeriodForm(forms.Form):
    """Two days, both included, or `months` back from today; `others` are (id, words) of what may stand beside."""

    first = forms.DateField(label=_("Filed from"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    last = forms.DateField(label=_("Filed until"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    months = forms.TypedChoiceField(choices=[(n, n) for n in MONTHS], coerce=int, empty_value=None, required=False)
    compare_with = forms.TypedChoiceField(label=_("Compare with"), coerce=int, empty_value=None, required=False)

    def __init__(self, data: Any = None, *, others: Sequence[tuple[int, str]] = (), **shown: Any):
        today = timezone.localdate()
        super().__init__(data, initial={"first": months_before(today, MONTHS[1]), "last": today} | shown)
        self.fields["compare_with"].choices = [("", _("nothing else")), *others]

    def clean(self) -> dict[str, Any]:
        months = self.cleaned_data.get("months")
        if months:
            today = timezone.localdate()
            return self.cleaned_data | {"first": months_before(today, months), "last": today}
        for name in ("first", "last"):
            day: date | None = self.cleaned_data.get(name)
            if name not in self.errors and (day is None or not 1900 <= day.year < 2200):
                self.add_error(name, _("Give a date from 1900 to 2199."))
        return self.cleaned_data

    def asked(self) -> dict[str, Any]:
        """As `services.ask` takes it."""
        return {name: self.cleaned_data[name] for name in ("first", "last", "compare_with")}


def next_text(agreement: Agreement, suggested: dict[str, Any], share: str) -> ProposalForm:
    """The text of this agreement with the suggested targets in place of its own, to be sent on as a preview."""
    terms = Terms.of(agreement)
    form = ProposalForm(
        versions=(),
        otherwise={priority: {} for priority in PRIORITY},
        stands=terms.changed(targets=_replaced(terms.targets, suggested, share)),
    )
    form.auto_id = False
    form.initial["version"] = str(agreement.round)
    return form


def _replaced(targets: Targets, suggested: dict[str, Any], share: str) -> Targets:
    """Where so many would have met a time, that time; everything else as it stands."""
    found = {measure: dict(by_priority) for measure, by_priority in targets.items()}
    for measure, by_priority in suggested.items():
        for priority, row in by_priority.items():
            if row["targets"][share]:
                found.setdefault(measure, {})[int(priority)] = row["targets"][share]
    return found
