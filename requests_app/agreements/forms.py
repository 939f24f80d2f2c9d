"""What is typed about promises: times in words, priorities in a square."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.models import Agreement, PriorityMatrix
from requests_app.agreements.selectors import Promised
from requests_app.agreements.states import (
    ACCEPTANCE_DAYS,
    DEFAULT_PAUSING,
    IMPACT,
    PRIORITY,
    URGENCY,
    Days,
    HoldReason,
    Measure,
    Targets,
    Time,
    parse_target,
    write_target,
)
from requests_app.catalogue.models import Service
from requests_app.kernel.forms import EditForm
from requests_app.kernel.rows import small_number
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Department

CELLS = [(measure, priority) for priority in PRIORITY for measure in Measure.values]
NINE = [(urgency, impact) for urgency in URGENCY for impact in IMPACT]


class TargetField(forms.CharField):
    """A target in words: "4 h", "90 min", or "3 days". Clean value: seconds of working time, `Days`, or None."""

    def __init__(self, **options: Any):
        widget = forms.TextInput(attrs={"autocomplete": "off", "size": 11, "class": "form-control num"})
        super().__init__(max_length=60, required=False, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return write_target(value) if isinstance(value, int | Days) else value

    def clean(self, value: Any) -> Time | None:
        try:
            return parse_target(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return initial != self.clean(data)
        except forms.ValidationError:
            return True


@dataclass(frozen=True)
class Row:
    """A priority with the two times that are promised for it, and what would hold without them."""

    words: str
    cells: list[tuple[BoundField, Promised | None]]


class TargetsForm(EditForm):
    """Two times for each priority; an empty one leaves it to what is less specific."""

    pausing = forms.MultipleChoiceField(
        label=_("When the clock stands still"), choices=HoldReason.choices, required=False,
        help_text=_("The time to resolution does not count then. The first response is never paused."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    acceptance_days = forms.IntegerField(
        label=_("Accepted without an answer after"),
        help_text=_("Working days that the customer has to check a delivery."),
        min_value=1,
        max_value=60,
    )

    def __init__(
        self, data: Any = None, *, versions: Sequence[Agreement], otherwise: Mapping[int, Mapping[str, Promised]]
    ):
        super().__init__(data, initial=_agreed(versions[0] if versions else None))
        self.versions, self.otherwise = versions, otherwise
        for measure, priority in CELLS:
            words = f"{PRIORITY[priority]}: {dict(Measure.choices)[measure]}"
            self.fields[f"{measure}_{priority}"] = TargetField(label=words)

    @property
    def in_force(self) -> bool:
        """Whether these parties have targets of their own now."""
        ended = self.versions[0].valid_to if self.versions else None
        return bool(self.versions) and (ended is None or ended > timezone.now())

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                str(words),
                [(self[f"{measure}_{priority}"], self.otherwise[priority].get(measure)) for measure in Measure.values],
            )
            for priority, words in PRIORITY.items()
        ]

    def wanted(self) -> dict[str, Any]:
        """What set_targets takes besides the parties."""
        return {
            "targets": self.targets(),
            "pausing": tuple(self.cleaned_data["pausing"]),
            "acceptance_days": self.cleaned_data["acceptance_days"],
            "based_on": small_number(self.cleaned_data["version"]) if self.cleaned_data["version"] else None,
        }

    def targets(self) -> Targets:
        """What was typed and can be read, also while something else cannot."""
        found: Targets = {}
        for measure, priority in CELLS:
            time = self.time(measure, priority)
            if time:
                found.setdefault(measure, {})[priority] = time
        return found

    def time(self, measure: str, priority: int) -> Time | None:
        name = f"{measure}_{priority}"
        return self.cleaned_data.get(name) if self.is_bound else self.initial.get(name)

    def as_promised(self) -> dict[int, dict[str, Time]]:
        """priority → measure → target that would hold: what stands here, else what is less specific."""
        found: dict[int, dict[str, Time]] = {priority: {} for priority in PRIORITY}
        for measure, priority in CELLS:
            other = self.otherwise[priority].get(measure)
            time = self.time(measure, priority) or (other.time if other else None)
            if time:
                found[priority][measure] = time
        return found


def _agreed(agreement: Agreement | None) -> dict[str, Any]:
    """What stands in the form at first. `version` 0: nothing was agreed yet."""
    if agreement is None:
        return {"version": "0", "pausing": list(DEFAULT_PAUSING), "acceptance_days": ACCEPTANCE_DAYS}
    times = {f"{target.measure}_{target.priority}": target.time for target in agreement.targets.all()}
    usual = {"version": str(agreement.version), "pausing": agreement.pausing}
    return times | usual | {"acceptance_days": agreement.acceptance_days}


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

    def __init__(self, data: Any = None, *, suppliers: Any, customers: Any, services: Any):
        super().__init__(data)
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


class MatrixForm(EditForm):
    """Nine cells: urgency × impact → priority."""

    def __init__(self, data: Any = None, *, own: PriorityMatrix | None, otherwise: Mapping[int, Mapping[int, int]]):
        self.own = own
        cells = own.cells if own else {}
        shown = {
            f"u{urgency}_i{impact}": cells.get(str(urgency), {}).get(str(impact)) or otherwise[urgency][impact]
            for urgency, impact in NINE
        }
        super().__init__(data, initial=shown | {"version": fingerprint(cells)})
        for urgency, impact in NINE:
            self.fields[f"u{urgency}_i{impact}"] = forms.TypedChoiceField(
                label=f"{URGENCY[urgency]}, {IMPACT[impact]}", choices=list(PRIORITY.items()), coerce=int
            )

    def cells(self) -> dict[int, dict[int, int]]:
        """urgency → impact → priority, as chosen or, before that, as it stands."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return {urgency: {impact: int(chosen[f"u{urgency}_i{impact}"]) for impact in IMPACT} for urgency in URGENCY}

    @property
    def rows(self) -> list[tuple[str, list[BoundField]]]:
        return [
            (str(words), [self[f"u{urgency}_i{impact}"] for impact in IMPACT]) for urgency, words in URGENCY.items()
        ]
