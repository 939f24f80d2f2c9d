"""What a department says of another, as a head types it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.chain.states import OUTSIDE, Side
from requests_app.kernel.forms import long_text


class DeclareForm(forms.Form):
    """One supplier or customer. `number` is the version that was read, 0 for none; `about` says of which."""

    side = forms.ChoiceField(label=_("To us it is a"), choices=Side.choices, widget=forms.RadioSelect)
    other = forms.ChoiceField(label=_("Department"))
    products = long_text(_("What is passed on or received"), _("Things, information, decisions."))
    demands = long_text(_("What is required of it"), _("Content, form, time, quality."))
    troubles = long_text(_("Troubles with it"))
    gone = forms.BooleanField(label=_("It is no longer so"), required=False)
    about = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any], departments: list[tuple[str, str]], said_before: bool
    ):
        super().__init__(data, initial=initial)
        choices = [("", _("Choose …")), *departments, (OUTSIDE, _("Customers outside the company"))]
        self.fields["other"].choices = choices
        if not said_before:
            del self.fields["gone"]

    @property
    def read_number(self) -> int | None:
        """The version that was read of what is said now; None when somebody else was chosen meanwhile."""
        values = self.cleaned_data
        return values["number"] if values["about"] == f"{values['side']}/{values['other']}" else None
