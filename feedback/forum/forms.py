"""Topics, replies and what moderators do, as they are typed on pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.forum.states import LONGEST_BODY, LONGEST_REASON, LONGEST_SUBJECT, LONGEST_TITLE, Kind, Show
from requests_app.events.forms import OnceForm


def _words(label: Any, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": rows}), **more)


class TopicForm(OnceForm):
    """A new topic; with `departments` also to whom it is put."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=[
            (Kind.QUESTION, _("A question: somebody knows the answer")),
            (Kind.DISCUSSION, _("A discussion: what do others think?")),
        ], initial=Kind.QUESTION,
    )  # fmt: skip
    title = forms.CharField(label=_("In one line"), max_length=LONGEST_TITLE)
    body = _words(_("More about it"), 5, required=False)
    subject = forms.CharField(
        label=_("Subject"), required=False, max_length=LONGEST_SUBJECT, help_text=_("A word or two, such as “travel”.")
    )

    def __init__(self, data: Any = None, *, departments: Any, initial: dict | None = None):
        super().__init__(data, initial=initial)
        self.fields["department"] = forms.ModelChoiceField(
            label=_("Put to"), queryset=departments, to_field_name="slug", required=False, empty_label=_("Everybody"),
            help_text=_("A question that waits too long is shown to this department on its desk."),
        )  # fmt: skip


class EditTopicForm(forms.Form):
    title = forms.CharField(label=_("In one line"), max_length=LONGEST_TITLE)
    body = _words(_("More about it"), 5, required=False)


class ReplyForm(OnceForm):
    body = _words(_("Your reply"), 4)


class EditReplyForm(forms.Form):
    body = _words(_("Your reply"), 4)


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is hidden"), max_length=LONGEST_REASON, help_text=_("Who said it reads this.")
    )


class FilterForm(forms.Form):
    """Which, as it stands in the address."""

    q = forms.CharField(required=False, max_length=200, label=pgettext_lazy("button", "Search"))
    show = forms.ChoiceField(choices=[("", ""), *Show.choices], required=False)
    department = forms.SlugField(required=False, max_length=80)
    customer = forms.SlugField(required=False, max_length=80)
    subject = forms.CharField(required=False, max_length=LONGEST_SUBJECT)
    cursor = forms.CharField(required=False, max_length=1000)
