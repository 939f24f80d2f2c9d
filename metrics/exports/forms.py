"""Asking for an export."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.rollups.states import Side
from requests_app.org.models import Department


class ExportForm(forms.Form):
    department = forms.ChoiceField(label=_("Department"))
    side = forms.ChoiceField(
        label=_("Side"), choices=[(Side.SUPPLIER, _("What it supplied")), (Side.CUSTOMER, _("What it asked for"))]
    )
    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("To and including"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, departments: Sequence[Department], **options: Any):
        super().__init__(data, **options)
        self.departments = {department.slug: department for department in departments}
        self.fields["department"].choices = [(slug, department.name) for slug, department in self.departments.items()]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return self.cleaned_data | {"department": self.departments[self.cleaned_data["department"]]}
