"""Series, talks, minutes and what is settled, as they are typed on pages."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.actions.states import LONGEST_TITLE
from feedback.talks.models import TalkSeries
from feedback.talks.states import (
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_NOTES,
    LONGEST_PLACE,
    LONGEST_REASON,
    MOST_WEEKS,
    USUAL_MINUTES,
    Kind,
    Point,
    State,
)
from requests_app.kernel.forms import EditForm, ZoneField

FORMAT = "%Y-%m-%dT%H:%M"
MINUTES_ID = "minutes"  # of the form element that holds what is typed while a talk is held


class WallTimeField(forms.DateTimeField):
    """A time as the clocks of a zone show it, whichever zone the reader is in."""

    def __init__(self, *, zone: str, **options: Any):
        self.zone = zone
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT)
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        try:
            with timezone.override(self.zone):
                found = super().to_python(value)
        except OverflowError as error:
            raise forms.ValidationError(_("Give a time from 1900 to 2199.")) from error
        if found is not None and not 1900 <= found.year < 2200:
            raise forms.ValidationError(_("Give a time from 1900 to 2199."))
        return found

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)


def _rhythm_fields(form: forms.Form, people: Any) -> None:
    """What a new series and a changed one have in common."""
    form.fields |= {
        "every_weeks": forms.IntegerField(
            label=_("Every how many weeks"), min_value=0, max_value=MOST_WEEKS, initial=1,
            help_text=_("1: each week. 0: at will; you plan each talk by itself."),
        ),
        "weekday": forms.TypedChoiceField(
            label=_("Day of the week"), choices=[("", _("Choose …")), *WEEKDAYS.items()], coerce=int, empty_value=None,
            required=False,
        ),
        "at_time": forms.TimeField(
            label=_("Time of day"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        ),
        "zone": ZoneField(),
        "minutes": forms.IntegerField(
            label=_("Minutes"), min_value=1, max_value=LONGEST_MINUTES, initial=USUAL_MINUTES
        ),
        "place": forms.CharField(
            label=_("Where"), required=False, max_length=LONGEST_PLACE, help_text=_("A room, or a link to a call.")
        ),
    }  # fmt: skip
    if people is not None:
        form.fields["people"] = forms.ModelMultipleChoiceField(
            label=_("Who else comes"), queryset=people, required=False, widget=forms.CheckboxSelectMultiple,
            help_text=_("The heads of both departments are asked anyway."),
        )  # fmt: skip


class ArrangeForm(forms.Form):
    """A new series: who of us, with whom, and how often. People are invited on its page."""

    kind = forms.ChoiceField(
        label=_("What kind of talk"), choices=[
            (Kind.CUSTOMER, _("Customer talk: we ask our customer what is needed and how we serve")),
            (Kind.SUPPLIER, _("Supplier talk: we tell our supplier what we need and what went wrong")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict | None = None, own: Any, others: Any):
        super().__init__(data, initial=initial)
        choose = {"to_field_name": "slug", "empty_label": _("Choose …")}
        self.fields["department"] = forms.ModelChoiceField(label=_("Your department"), queryset=own, **choose)
        self.fields["other"] = forms.ModelChoiceField(label=_("Talks with"), queryset=others, **choose)
        _rhythm_fields(self, None)

    def values(self) -> dict[str, Any]:
        """What the service takes: which of the two is the supplier follows from the kind."""
        found = dict(self.cleaned_data)
        own, other = found.pop("department"), found.pop("other")
        supplier, customer = (own, other) if found["kind"] == Kind.CUSTOMER else (other, own)
        return found | {"supplier": supplier, "customer": customer}


class SeriesForm(EditForm):
    """Another rhythm, other people, or no more talks."""

    def __init__(self, data: Any = None, *, initial: dict | None = None, people: Any):
        super().__init__(data, initial=initial)
        _rhythm_fields(self, people)
        self.fields["is_active"] = forms.BooleanField(label=_("These talks go on"), required=False)


class VersionedForm(forms.Form):
    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)


class ShiftForm(VersionedForm):
    """The time of a talk."""

    def __init__(self, data: Any = None, *, series: TalkSeries, initial: dict | None = None):
        super().__init__(data, initial=initial, auto_id="id_shift_%s")
        self.fields["starts_at"] = WallTimeField(
            label=_("When"), zone=series.zone, help_text=_("On the clocks of %(zone)s.") % {"zone": series.zone}
        )


class CancelForm(VersionedForm):
    reason = forms.CharField(label=_("Why it is called off"), max_length=LONGEST_REASON)

    def __init__(self, data: Any = None, *, initial: dict | None = None):
        super().__init__(data, initial=initial, auto_id="id_cancel_%s")


class EndForm(VersionedForm):
    """Who was there, and when the next talk is. Sent with the minutes, so that ending a talk keeps what was typed."""

    def __init__(self, data: Any = None, *, series: TalkSeries, people: Any, initial: dict | None = None):
        super().__init__(data, initial=initial, auto_id="id_end_%s")
        self.fields["version"].widget.attrs["form"] = MINUTES_ID
        self.fields["present"] = forms.ModelMultipleChoiceField(
            label=_("Who was there"),
            queryset=people,
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"form": MINUTES_ID}),
        )
        self.fields["starts_at"] = WallTimeField(
            label=_("Next talk"), zone=series.zone, required=False,
            help_text=_("On the clocks of %(zone)s. Left empty, the rhythm says when.") % {"zone": series.zone},
        )  # fmt: skip
        self.fields["starts_at"].widget.attrs["form"] = MINUTES_ID


class PointForm(forms.Form):
    text = forms.CharField(label=_("What else to talk about"), max_length=LONGEST_LINE)

    def __init__(self, data: Any = None):
        super().__init__(data, auto_id="id_point_%s")


class DecisionForm(forms.Form):
    text = forms.CharField(label=_("What was decided"), max_length=LONGEST_LINE)

    def __init__(self, data: Any = None):
        super().__init__(data, auto_id="id_decision_%s")


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("What the supplier puts right"), max_length=LONGEST_TITLE,
        help_text=_("A corrective action begins: its cause is looked for, and the customer says whether it worked."),
    )  # fmt: skip

    def __init__(self, data: Any = None):
        super().__init__(data, auto_id="id_correction_%s")


class TaskForm(forms.Form):
    """Who does what until when."""

    text = forms.CharField(label=_("What is to be done"), max_length=LONGEST_LINE)

    def __init__(self, data: Any = None, *, people: Any):
        super().__init__(data, auto_id="id_task_%s")
        self.fields["owner"] = forms.ModelChoiceField(label=_("By whom"), queryset=people, empty_label=_("Choose …"))
        self.fields["due_on"] = forms.DateField(
            label=_("Until when"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        )


LINES = {str(Point.OWN): PointForm, str(Point.DECISION): DecisionForm, str(Point.CORRECTION): CorrectionForm}


class MinutesForm(EditForm):
    """The minutes of one side; its fields bear the side, because one page may hold those of both."""

    text = forms.CharField(
        label=pgettext_lazy("talk", "Minutes"),
        required=False,
        max_length=LONGEST_NOTES,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, data: Any = None, *, side: str, label: str, initial: dict | None = None):
        super().__init__(_of_side(data, side), initial=initial, prefix=side)
        self.side = side
        self.fields["version"].widget.attrs["data-draft-version"] = True
        self.fields["text"].label = label


def _of_side(data: Any, side: str) -> Any:
    """Programs may leave the side out of the names: the address says it."""
    if data is None or f"{side}-text" in data:
        return data
    return {f"{side}-{name}": data[name] for name in ("text", "version") if name in data}


class FilterForm(forms.Form):
    """Which, as it stands in the address."""

    state = forms.ChoiceField(choices=[("", ""), *State.choices], required=False)
    cursor = forms.CharField(required=False, max_length=1000)


class BehindForm(forms.Form):
    """Which of the talks of a department, as it stands in the address."""

    show = forms.ChoiceField(choices=[(name, "") for name in ("planned", "held", "late")], required=False)
    cursor = forms.CharField(required=False, max_length=1000)
