"""What is typed about promises: targets in words, and everything else that two sides agree on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import Promised
from requests_app.agreements.states import (
    PRIORITY,
    Days,
    Escalation,
    HoldReason,
    Measure,
    Reopening,
    Step,
    Targets,
    Time,
    parse_target,
    write_target,
)
from requests_app.agreements.terms import Terms
from requests_app.calendars.models import Calendar
from requests_app.kernel.forms import EditForm, long_text
from requests_app.kernel.rows import small_number

CELLS = [(measure, priority) for priority in PRIORITY for measure in Measure.values]
STEPS = range(4)  # rows for steps of escalation


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
    """A target for each measure and priority, and the terms around them; an empty target leaves it to what is
    less specific. `versions` are those of the same parties, newest first; `stands` what is shown at first."""

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
    reopen_days = forms.IntegerField(
        label=_("Can be reopened for"), help_text=_("Days after it was closed."), min_value=0, max_value=365,
        required=False,
    )  # fmt: skip
    reopening = forms.ChoiceField(label=_("When it is reopened"), choices=Reopening.choices, required=False)
    calendar = forms.ModelChoiceField(
        label=_("Calendar"), queryset=Calendar.objects.none(), required=False, to_field_name="slug",
        empty_label=_("The supplier's own"),
    )  # fmt: skip
    quality = long_text(_("Quality standard"), _("By what the result is measured, in words both sides understand."))
    price = forms.CharField(
        label=_("Price"), help_text=_("The price list or rate that is meant."), required=False, max_length=200
    )

    def __init__(
        self,
        data: Any = None,
        *,
        versions: Sequence[Agreement],
        otherwise: Mapping[int, Mapping[str, Promised]],
        stands: Terms | None = None,
    ):
        shown = stands or (Terms.of(versions[0]) if versions else Terms())
        super().__init__(data, initial=_agreed(shown) | {"version": str(versions[0].version) if versions else "0"})
        self.versions, self.otherwise, self.stands = versions, otherwise, shown
        self.fields["calendar"].queryset = Calendar.objects.order_by("name")
        for measure, priority in CELLS:
            words = f"{PRIORITY[priority]}: {dict(Measure.choices)[measure]}"
            self.fields[f"{measure}_{priority}"] = TargetField(label=words)
        for place in STEPS:
            self.fields |= _step_fields(place)

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

    @property
    def step_rows(self) -> list[list[BoundField]]:
        return [[self[f"step_{place}_{part}"] for part in ("percent", "measure", "do")] for place in STEPS]

    @property
    def says_more(self) -> bool:
        """Whether anything stands in the terms beside the targets, so that their part is shown open."""
        plain = Terms()
        names = ("reopen_days", "reopening", "calendar", "quality", "price", "escalations")
        return bool(self.errors) or any(getattr(self.stands, name) != getattr(plain, name) for name in names)

    def clean(self) -> dict[str, Any]:
        for place in STEPS:
            parts = [self.cleaned_data.get(f"step_{place}_{part}") for part in ("percent", "measure", "do")]
            if any(parts) and not all(parts):
                self.add_error(f"step_{place}_percent", _t("Give a share, a measure and a step, or nothing."))
        return self.cleaned_data

    def wanted(self) -> dict[str, Any]:
        """What set_targets takes besides the parties."""
        version = self.cleaned_data["version"]
        return self._values() | {"based_on": small_number(version) if version else None}

    def terms(self) -> Terms:
        """Everything that was typed; what the form does not ask stays as it stands."""
        return self.stands.changed(**self._values())

    def _values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "targets": self.targets(),
            "pausing": tuple(typed["pausing"]),
            "acceptance_days": typed["acceptance_days"],
            "reopen_days": self.stands.reopen_days if typed["reopen_days"] is None else typed["reopen_days"],
            "reopening": typed["reopening"] or self.stands.reopening,
            "escalations": tuple(sorted(self._steps())),
            "calendar": typed["calendar"],
            "quality": typed["quality"].strip(),
            "price": typed["price"].strip(),
        }

    def _steps(self) -> Iterator[Escalation]:
        for place in STEPS:
            percent, measure, step = (
                self.cleaned_data[f"step_{place}_{part}"] for part in ("percent", "measure", "do")
            )
            if percent:
                yield Escalation(percent, measure, step)

    def targets(self) -> Targets:
        """What was typed and can be read, also while something else cannot."""
        found: Targets = {}
        for measure, priority in CELLS:
            target = self.time(measure, priority)
            if target:
                found.setdefault(measure, {})[priority] = target
        return found

    def time(self, measure: str, priority: int) -> Time | None:
        name = f"{measure}_{priority}"
        return self.cleaned_data.get(name) if self.is_bound else self.initial.get(name)

    def as_promised(self) -> dict[int, dict[str, Time]]:
        """priority → measure → target that would hold: what stands here, else what is less specific."""
        found: dict[int, dict[str, Time]] = {priority: {} for priority in PRIORITY}
        for measure, priority in CELLS:
            other = self.otherwise[priority].get(measure)
            target = self.time(measure, priority) or (other.time if other else None)
            if target:
                found[priority][measure] = target
        return found


def _agreed(terms: Terms) -> dict[str, Any]:
    """What stands in the form at first."""
    found: dict[str, Any] = {
        f"{measure}_{priority}": target
        for measure, by_priority in terms.targets.items()
        for priority, target in by_priority.items()
    }
    for place, step in enumerate(terms.escalations[: len(STEPS)]):
        found |= {
            f"step_{place}_percent": step.percent,
            f"step_{place}_measure": step.measure,
            f"step_{place}_do": step.step,
        }
    plain = ("acceptance_days", "reopen_days", "reopening", "quality", "price")
    named = {"calendar": terms.calendar.slug if terms.calendar else "", "pausing": list(terms.pausing)}
    return found | {name: getattr(terms, name) for name in plain} | named


def _step_fields(place: int) -> dict[str, forms.Field]:
    """When a share of a target is used, what is done."""
    names = {"n": place + 1}
    nothing = [("", "–")]
    return {
        f"step_{place}_percent": forms.IntegerField(
            label=_t("Step %(n)s: percent of the time") % names,
            required=False,
            min_value=1,
            max_value=500,
            widget=forms.NumberInput(attrs={"class": "form-control num"}),
        ),
        f"step_{place}_measure": forms.ChoiceField(
            label=_t("Step %(n)s: of which target") % names,
            required=False,
            choices=nothing + Measure.choices,
            widget=forms.Select(attrs={"class": "form-select"}),
        ),
        f"step_{place}_do": forms.ChoiceField(
            label=_t("Step %(n)s: what is done") % names,
            required=False,
            choices=nothing + Step.choices,
            widget=forms.Select(attrs={"class": "form-select"}),
        ),
    }


class ProposalForm(TargetsForm):
    """The text of an agreement between two departments, with the dates between which it holds."""

    valid_from = forms.DateField(
        label=_("In force from"), help_text=_("Empty: from both signatures on."), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    valid_to = forms.DateField(
        label=_("Until"), help_text=_("Empty: until one side ends it."), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    remind_days = forms.IntegerField(
        label=_("Remind both heads"), help_text=_("Days before it ends."), min_value=1, max_value=365, required=False
    )
    note = long_text(_("A word to the other side"))

    def __init__(self, data: Any = None, **more: Any):
        super().__init__(data, **more)
        for name in ("valid_from", "valid_to"):
            at = getattr(self.stands, name)
            self.initial[name] = timezone.localtime(at).date() if at else None
        self.initial["remind_days"] = self.stands.remind_days

    def _values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        dates = {
            "valid_from": self._instant("valid_from"),
            "valid_to": self._instant("valid_to"),
            "remind_days": typed["remind_days"] or self.stands.remind_days,
        }
        return super()._values() | dates

    def _instant(self, name: str) -> datetime | None:
        """Midnight of the day in the reader's zone; a date that nobody touched keeps its exact instant."""
        day, stood = self.cleaned_data[name], getattr(self.stands, name)
        if day is None:
            return None
        return stood if stood and timezone.localtime(stood).date() == day else _midnight(day)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
