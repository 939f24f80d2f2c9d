"""Between whom something is agreed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.catalogue.models import Service
from requests_app.org.models import Department


class PartiesForm(forms.Form):
    """Between whom and for what something of its own shall be agreed."""

    supplier = forms.ModelChoiceField(
        label=_("Who delivers"), queryset=Department.objects.none(), to_field_name="slug", empty_label=_("Choose …")
    )
    service = forms.ModelChoiceField(
        label=_("What"), queryset=Service.objects.none(), to_field_name="slug", required=False,
        empty_label=_("All its services"),
    )  # fmt: skip
    customer = forms.ModelChoiceField(
        label=_("For whom"), queryset=Department.objects.none(), to_field_name="slug", required=False,
        empty_label=_("Every department"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, suppliers: Any, customers: Any, services: Any, between_two: bool = False):
        super().__init__(data)
        self.fields["customer"].required = between_two
        if between_two:
            self.fields["customer"].empty_label = _("Choose …")
        for name, rows in (("supplier", suppliers), ("customer", customers), ("service", services)):
            self.fields[name].queryset = rows
        self.fields["service"].label_from_instance = lambda service: f"{service.department}: {service}"

    def clean(self) -> dict[str, Any]:
        service, supplier = self.cleaned_data.get("service"), self.cleaned_data.get("supplier")
        if service and supplier and service.department_id != supplier.pk:
            self.add_error("service", _("This department does not offer that. Choose one of its services."))
        return self.cleaned_data

    def address(self) -> dict[str, str]:
        return {name: row.slug for name, row in self.cleaned_data.items() if row}
