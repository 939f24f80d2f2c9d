"""Programmes, awards, nominations and votes as they are typed on pages."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.awards.keeping import KEPT, weights_of
from feedback.awards.models import Nominee, Programme
from feedback.awards.states import (
    FORMULA,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_WEIGHT,
    Criterion,
    Tie,
    Unit,
    Way,
)
from requests_app.kernel.forms import long_text
from requests_app.org.models import Person

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_JURORS = 200


def _number(label: Any, help_text: Any, low: int, high: int, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=low, max_value=high, initial=initial, required=initial is not None
    )


class ProgrammeForm(forms.Form):
    """A programme with a weight for each criterion; the jury is typed as addresses, one a line."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    text = long_text(_("What it is for"))
    unit = forms.ChoiceField(label=_("Who can win"), choices=Unit.choices, widget=forms.RadioSelect,
                             initial=Unit.DEPARTMENT)  # fmt: skip
    way = forms.ChoiceField(label=_("What decides"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.STAFF,
                            help_text=_("A vote is secret and chooses among the nominated."))  # fmt: skip
    tie = forms.ChoiceField(label=_("With equal votes"), choices=Tie.choices, widget=forms.RadioSelect,
                            initial=Tie.JOINT)  # fmt: skip
    jury = forms.CharField(
        label=_("Jury"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Addresses of at least five people, one a line. Their names stand on the page of the award. Whose "
                    "own department is nominated sits out."),
    )  # fmt: skip
    fewest_requests = _number(
        _("Fewest requests"), _("Delivered in the days that are judged; fewer say too little."), 1, 10**9, 30
    )
    most_requests = _number(
        _("Most requests"), _("Makes a category by volume, such as small departments. Empty: no upper bound."),
        1, 10**9, None,
    )  # fmt: skip
    fewest_response = _number(
        _("Fewest ratings given, %"), _("Of those asked for: nobody wins by asking only friends."), 0, 100, 20
    )
    most_flagged = _number(
        _("Doubtful times below, %"), _("Requests whose times contradict each other, of all delivered."), 1, 100, 5
    )
    is_active = forms.BooleanField(label=_("Goes on"), required=False, initial=True)
    version = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, programme: Programme | None = None):
        super().__init__(data, initial=_typed(programme) if programme else {"weight_satisfied": 40, "weight_kept": 30})
        for key, label in Criterion.choices:
            self.fields[f"weight_{key}"] = forms.IntegerField(
                label=label, help_text=FORMULA[key], required=False, min_value=0, max_value=MOST_WEIGHT
            )

    @property
    def weights(self) -> list[Any]:
        return [self[f"weight_{key}"] for key in Criterion.values]

    def clean_jury(self) -> list[Person]:
        wanted = [line.strip().lower() for line in self.cleaned_data["jury"].splitlines() if line.strip()]
        if len(wanted) > MOST_JURORS:
            raise forms.ValidationError(_t("At most %(n)s people fit into a jury.") % {"n": MOST_JURORS})
        known = {one.email.lower(): one for one in Person.objects.filter(email__in=wanted, is_active=True)}
        if missing := [email for email in wanted if email not in known]:
            words = _t("Nobody has this address: %(email)s. Give the one they sign in with.")
            raise forms.ValidationError(words % {"email": missing[0]})
        return list(known.values())

    def add_error(self, field: str | None, error: Any) -> None:
        """What the service says of all weights together stands beside the first of them."""
        super().add_error(f"weight_{Criterion.values[0]}" if field == "weights" else field, error)

    def values(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in (*KEPT, "jury")}
        weights = {key: self.cleaned_data[f"weight_{key}"] for key in Criterion.values}
        return found | {
            "weights": {key: n for key, n in weights.items() if n},
            "expected_version": self.cleaned_data["version"],
        }


def _typed(programme: Programme) -> dict[str, Any]:
    kept = {name: getattr(programme, name) for name in KEPT} | {"version": programme.version}
    weights = {f"weight_{key}": n for key, n in weights_of(programme).items()}
    emails = programme.jury.order_by("email").values_list("email", flat=True)
    return kept | weights | {"jury": "\n".join(emails)}


class AwardForm(forms.Form):
    """Which days are judged, and until when is nominated and voted; where the figures decide only the days."""

    first = forms.DateField(label=_("First day that is judged"), widget=DAY)
    last = forms.DateField(label=_("Last day that is judged"), widget=DAY)
    nominate_until = forms.DateField(label=_("Nominations until"), widget=DAY)
    vote_until = forms.DateField(label=_("Vote until"), widget=DAY)

    def __init__(self, data: Any = None, *, programme: Programme, today: date):
        super().__init__(data, initial=_usual(today))
        if programme.way == Way.FIGURES:
            del self.fields["nominate_until"], self.fields["vote_until"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, value in values.items():
            if not 1900 <= value.year < 2200:
                self.add_error(name, _t("Give a date from 1900 to 2199."))
        return self.cleaned_data


def _usual(today: date) -> dict[str, date]:
    """The last whole quarter; two weeks for nominations, and two for the vote."""
    begins = date(today.year, today.month - (today.month - 1) % 3, 1)
    last = begins - timedelta(days=1)
    first = date(last.year, last.month - 2, 1)
    nominate = today + timedelta(days=14)
    return {"first": first, "last": last, "nominate_until": nominate, "vote_until": nominate + timedelta(days=14)}


class NominationForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads it, with your name."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, departments: Any):
        super().__init__(data)
        self.fields["department"] = forms.ModelChoiceField(
            label=_("Who?"), queryset=departments, to_field_name="slug", empty_label=_("Choose …")
        )


class VoteForm(forms.Form):
    """One of the nominated, none of whom is the reader's own."""

    def __init__(self, data: Any = None, *, nominees: list[Nominee]):
        super().__init__(data)
        choices = [(str(one.pk), one.department.name) for one in nominees]
        self.fields["nominee"] = forms.ChoiceField(label=_("Who deserves it?"), choices=choices,
                                                   widget=forms.RadioSelect)  # fmt: skip


class StepForm(forms.Form):
    note = forms.CharField(label=_("Why?"), required=False, max_length=LONGEST_REASON,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class FilterForm(forms.Form):
    """Where in the hall of fame, as it stands in the address."""

    department = forms.SlugField(required=False, max_length=80)
    cursor = forms.CharField(required=False, max_length=1000)
