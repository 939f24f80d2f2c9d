"""Over which past an agreement is replayed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LAST = 182  # days that are offered at first


class PeriodForm(forms.Form):
    first = forms.DateField(label=_("Filed from"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Filed until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any = None):
        today = timezone.localdate()
        super().__init__(data, initial={"first": today - timedelta(days=LAST), "last": today})

    def clean(self) -> dict[str, Any]:
        for name in ("first", "last"):
            day: date | None = self.cleaned_data.get(name)
            if day and not 1900 <= day.year < 2200:
                self.add_error(name, _("Give a date from 1900 to 2199."))
        return self.cleaned_data
