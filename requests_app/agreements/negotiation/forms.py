"""What is typed when a proposal leaves the table, or an agreement ends."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.kernel.forms import LONGEST_TEXT


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), help_text=_("The other side reads this."), max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class EndForm(ReasonForm):
    at = forms.DateField(
        label=_("On"), help_text=_("Empty: now."), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_at(self) -> datetime | None:
        """Midnight at the beginning of that day, in the reader's zone."""
        day = self.cleaned_data["at"]
        return timezone.make_aware(datetime.combine(day, time())) if day else None
