"""Asking for a report by mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.dashboards.states import SPAN_WORDS
from metrics.reports.states import Form, Rhythm


class SubscribeForm(forms.Form):
    """`timeless` pages have days of their own, so none are asked for."""

    rhythm = forms.ChoiceField(label=_("When"), choices=Rhythm.choices, initial=Rhythm.WEEKLY)
    span = forms.ChoiceField(label=_("About the last"), choices=list(SPAN_WORDS.items()), initial="30")
    form = forms.ChoiceField(label=_("Kind of file"), choices=Form.choices, initial=Form.PDF)

    def __init__(self, *args: Any, timeless: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if timeless:
            del self.fields["span"]
