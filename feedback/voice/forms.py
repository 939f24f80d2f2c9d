"""What is said, and the steps after it, as they are typed on pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.voice.models import Voice
from feedback.voice.states import LONGEST_TEXT, LONGEST_TITLE, Kind, Move
from requests_app.org.models import Department

NOTES = {
    "answer": _("What was found, and what is done about it"),
    "appeal": _("Why the answer does not hold"),
    "escalate": _("What you expect, now that no answer came in time"),
    "decide": _("What is decided, and why"),
    "disagree": _("What the answer does not settle"),
    "take_up": _("What the department will do"),
    "decline": _("Why not"),
    "carry_out": _("What came of it"),
}

OF_THE_TWO_SIDES = ("disagree", "appeal", "escalate")


class SayForm(forms.Form):
    """A complaint, a suggestion or praise."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Kind.choices)
    title = forms.CharField(label=_("In one line"), max_length=LONGEST_TITLE)
    body = forms.CharField(
        label=_("In your words"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Complaints are read by the two heads; suggestions and praise by everybody."),
    )  # fmt: skip

    confidential = forms.BooleanField(
        label=_("Confidential"), required=False,
        help_text=_("For a complaint: your name is told to nobody but the auditor, and it is read by the head of that "
                    "department only, or by somebody above if no head there may answer. It stands on no list, in no "
                    "figure, and its answer is told to you alone."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, departments: Any = None):
        """Without departments to choose from it is about a request, which says whom it is for."""
        super().__init__(data, initial=initial)
        self.asks_whom = departments is not None
        if self.asks_whom:
            self.fields["department"] = forms.ModelChoiceField(
                label=_("To whom"), queryset=departments or Department.objects.none(), to_field_name="slug",
                empty_label=_("Choose …"),
            )  # fmt: skip


class StepForm(forms.Form):
    """The words of one step."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, move: Move, voice: Voice):
        super().__init__(data, auto_id=f"id_{move.name}_%s")
        self.move, self.voice = move, voice
        self.initial["version"] = voice.version
        if move.note:
            self.fields["note"] = forms.CharField(
                label=NOTES[move.name], max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
                help_text="" if voice.confidential or move.name in OF_THE_TWO_SIDES else _("Everybody can read this."),
            )  # fmt: skip


class PostForm(forms.Form):
    """Words below a suggestion."""

    body = forms.CharField(
        label=_("Your words"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody can read this."),
    )  # fmt: skip


class FilterForm(forms.Form):
    """Which, as it stands in the address."""

    kind = forms.ChoiceField(choices=[("", ""), *Kind.choices], required=False)
    department = forms.SlugField(required=False, max_length=80)
    customer = forms.SlugField(required=False, max_length=80)
    waiting = forms.ChoiceField(choices=[("", ""), ("yes", "yes")], required=False)
    cursor = forms.CharField(required=False, max_length=1000)
