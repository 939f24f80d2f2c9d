"""How it was asked, as it is answered on the page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.asking.states import LONGEST_NOTE, QUESTIONS, Asking

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AskingForm(forms.Form):
    """Three questions with yes or no, and a word for next time."""

    note = forms.CharField(
        label=_("What would help next time"), required=False, max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Whoever asked reads this."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=words, choices=YES_NO, widget=forms.RadioSelect,
                error_messages={"required": _("Choose yes or no.")},
            )  # fmt: skip
        self.order_fields([*QUESTIONS, "note"])

    @property
    def asking(self) -> Asking:
        """What was said; the form is valid."""
        answers = {name: self.cleaned_data[name] == "yes" for name in QUESTIONS}
        return Asking(note=self.cleaned_data["note"], **answers)
