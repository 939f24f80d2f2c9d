"""Corrective actions and their steps as they are typed on pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.actions.causes import Twig
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.states import (
    CHECK_DAYS,
    LONGEST_CAUSE,
    LONGEST_CHECK,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WHY,
    MOST_WHYS,
    Metric,
    Move,
    Proposal,
    Words,
    usual_metric,
)
from requests_app.catalogue.forms import FilesField
from requests_app.catalogue.models import Service
from requests_app.kernel.forms import EditForm
from requests_app.org.models import Department
from requests_app.org.selectors import agents_of

NOTES: dict[str, tuple[Promise, Promise | str]] = {
    "contain": (_("What keeps it from hurting further"), _("A stopgap is enough; the cause comes next.")),
    "plan": (_("What is done so that it does not come back"), ""),
    "finish": (_("What shows that it is done"), _("Say where the customer can see it.")),
    "send_back": (_("What is still not right"), ""),
    "close": (
        _("What you found"),
        _("Where the figure does not bear it out, say why you close it all the same."),
    ),
    "recur": (_("What came back, and when"), ""),
    "cancel": (_("Why it is not followed up"), _("The customer reads this.")),
}
USUAL_DAYS = 14  # between the plan and its day
CHANGE_WORDS = {"analyse": _("Change the analysis"), "plan": _("Change the plan")}
WHYS = [f"why_{n}" for n in range(1, MOST_WHYS + 1)]


def said(twig: Twig) -> str:
    """A cause in a list to choose from."""
    return _("%(cause)s (proposed)") % {"cause": twig.path} if twig.cause.is_proposed else twig.path


class StepForm(forms.Form):
    """The words of one step; which fields it has, the table of steps says."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, move: Move, action: CorrectiveAction, causes: list[Twig]):
        super().__init__(data, auto_id=f"id_{move.name}_%s")
        self.move, self.action = move, action
        self.initial["version"] = action.version
        if move.name in NOTES:
            label, help_text = NOTES[move.name]
            self.fields["note"] = forms.CharField(
                label=label, help_text=help_text, required="note" in move.needs, max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        if "whys" in move.needs:
            self._add_analysis(causes)
        if "owner" in move.needs:
            self._add_plan()
        if move.name == "verify":
            self.fields["check_days"] = forms.IntegerField(
                label=_("Look again after how many days"), initial=CHECK_DAYS, min_value=1, max_value=LONGEST_CHECK,
                help_text=_("Until then you can say any day that it came back."),
            )  # fmt: skip

    def _add_analysis(self, causes: list[Twig]) -> None:
        first = _("Why did it happen?")
        for place, name in enumerate(WHYS):
            self.fields[name] = forms.CharField(
                label=_("And why that?") if place else first, max_length=LONGEST_WHY, required=not place
            )
            self.initial[name] = self.action.whys[place] if place < len(self.action.whys) else ""
        nothing = ("", _("Choose …"))
        self.fields["cause"] = forms.ChoiceField(
            label=_("Cause"), required=False, choices=[nothing, *((str(twig.cause.pk), said(twig)) for twig in causes)],
            help_text=_("The closest in the list; by it the same problem is recognised when it comes back."),
        )  # fmt: skip
        self.fields["proposed_cause"] = forms.CharField(
            label=_("None fits? Propose one"), required=False, max_length=LONGEST_CAUSE,
            help_text=_("It can be used here at once. An administrator decides whether all may choose it."),
        )  # fmt: skip
        tree = [(str(twig.cause.pk), twig.path) for twig in causes if not twig.cause.is_proposed]
        self.fields["proposed_below"] = forms.ChoiceField(
            label=_("It belongs below"), required=False, choices=[nothing, *tree]
        )
        self.fields["service"] = forms.ModelChoiceField(
            label=_("Which service"), required=False,
            queryset=Service.objects.filter(department=self.action.supplier_id).order_by("name"),
            empty_label=None if self.action.service_id else _("None in particular"),
            help_text=_("The same problem is recognised only where the service is the same too."),
        )  # fmt: skip
        self.initial |= {"cause": str(self.action.cause_id or ""), "service": self.action.service_id}

    def _add_plan(self) -> None:
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("Who carries it out"), queryset=agents_of(self.action.supplier_id), empty_label=_("Choose …")
        )
        self.fields["due_on"] = forms.DateField(
            label=_("Until when"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        )
        self.fields["metric"] = forms.ChoiceField(
            label=_("What shows whether it worked"), choices=Metric.choices, required=False,
            help_text=_("Counted between the two, for this service: before it was opened, and after it is done."),
        )  # fmt: skip
        self.fields["target_percent"] = forms.IntegerField(
            label=_("By how many percent that is to fall"), min_value=1, max_value=100, required=False
        )
        self.initial |= {
            "metric": self.action.metric or usual_metric(self.action.source_kind),
            "target_percent": self.action.target_percent,
            "note": self.action.plan, "owner": self.action.owner_id,
            "due_on": self.action.due_on or timezone.localdate() + timedelta(days=USUAL_DAYS),
        }  # fmt: skip

    @property
    def is_change(self) -> bool:
        """Whether what was said before is said anew, and the action stays where it stands."""
        return self.action.state == self.move.target

    @property
    def words_shown(self) -> str:
        return str(CHANGE_WORDS[self.move.name]) if self.is_change else self.move.words

    def fields_shown(self) -> list[forms.BoundField]:
        return self.visible_fields()

    def words(self) -> Words:
        """What was said; the form is valid."""
        clean = self.cleaned_data
        cause, below = (
            Cause.objects.filter(pk=clean[name]).first() if clean.get(name) else None
            for name in ("cause", "proposed_below")
        )
        name = clean.get("proposed_cause")
        return Words(
            note=clean.get("note", ""),
            whys=tuple(clean[name] for name in WHYS if clean.get(name)),
            cause=cause if not name or cause != self.action.cause else None,  # what was chosen before gives way
            proposal=Proposal(name, below) if name else None,
            owner=clean.get("owner"),
            due_on=clean.get("due_on"),
            check_days=clean.get("check_days"),
            service=clean.get("service"),
            metric=clean.get("metric", ""),
            target_percent=clean.get("target_percent"),
        )


class OpenForm(forms.Form):
    """What went wrong, for whom."""

    title = forms.CharField(label=_("What went wrong, in one line"), max_length=LONGEST_TITLE)
    problem = forms.CharField(
        label=_("What happened"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was agreed, what came instead, how often, since when. Both sides read this."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, suppliers: Any = None,
                 customers: Any = None, services: Any = None):  # fmt: skip
        """Without departments to choose from it is about a request, which says who they are."""
        super().__init__(data, initial=initial)
        self.asks_parties = suppliers is not None
        if self.asks_parties:
            choose = {"to_field_name": "slug", "empty_label": _("Choose …")}
            self.fields["supplier"] = forms.ModelChoiceField(
                label=_("Who puts it right"), queryset=suppliers or Department.objects.none(), **choose
            )
            self.fields["service"] = forms.ModelChoiceField(
                label=_("Which service"), queryset=services or Service.objects.none(), to_field_name="slug",
                required=False, empty_label=_("None in particular"),
            )  # fmt: skip
            self.fields["customer"] = forms.ModelChoiceField(
                label=_("Who says whether it worked"), queryset=customers or Department.objects.none(), **choose
            )


class ProofForm(forms.Form):
    """Files that show what was done."""

    files = FilesField(
        label=_("Files"), help_text=_("A photo, a record, the result itself. Both departments see them.")
    )


class FilterForm(forms.Form):
    """Which actions, as it stands in the address."""

    side = forms.ChoiceField(choices=[("", ""), ("supplier", ""), ("customer", "")], required=False)
    department = forms.SlugField(required=False, max_length=80)
    ended = forms.BooleanField(required=False, label=_("Also what has ended"))
    late = forms.BooleanField(required=False, label=_("Only what is overdue"))
    cursor = forms.CharField(required=False, max_length=1000)


class CauseForm(forms.Form):
    """A new cause."""

    name = forms.CharField(label=_("What it is called"), max_length=LONGEST_CAUSE)
    parent = forms.ModelChoiceField(
        label=_("Below"), queryset=Cause.objects.none(), required=False, empty_label=_("nothing: at the top")
    )

    def __init__(self, data: Any = None, *, causes: list[Twig]):
        super().__init__(data)
        parent = self.fields["parent"]
        parent.queryset = Cause.objects.in_the_tree().filter(is_active=True)
        parent.choices = [("", _("nothing: at the top")), *((str(twig.cause.pk), twig.path) for twig in causes)]


class CauseChangeForm(EditForm):
    """Renaming a cause, closing it, opening it again."""

    name = forms.CharField(label=_("What it is called"), max_length=LONGEST_CAUSE)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False)


class AcceptForm(forms.Form):
    """Taking a proposed cause into the tree."""

    name = forms.CharField(label=_("What it is called"), max_length=LONGEST_CAUSE)


class MergeForm(forms.Form):
    """Saying that a proposed cause is one that is there."""

    into = forms.ModelChoiceField(
        label=_("It is the same as"), queryset=Cause.objects.none(), empty_label=_("Choose …")
    )

    def __init__(self, data: Any = None, *, causes: list[Twig], **options: Any):
        super().__init__(data, **options)
        self.fields["into"].queryset = Cause.objects.in_the_tree().filter(is_active=True)
        self.fields["into"].choices = [("", _("Choose …")), *((str(twig.cause.pk), twig.path) for twig in causes)]


class RefuseForm(forms.Form):
    """Not taking a proposed cause, for a reason."""

    reason = forms.CharField(
        label=_("Why it is not taken"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever proposed it reads this."),
    )  # fmt: skip
