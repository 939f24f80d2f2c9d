"""One form a step, with its heading, its button and what it asks; the service decides whether the step is taken."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.agreements.states import IMPACT, URGENCY, HoldReason
from requests_app.catalogue.forms import FilesField
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import Words
from requests_app.kernel.errors import DomainError, WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import agents_of, departments_for, people_for


def add_refusal(form: forms.Form, error: DomainError) -> None:
    """What the service refused, beside the field it is about, else above the form."""
    if not isinstance(error, WrongInput):
        form.add_error(None, error.message)
        return
    for name, sentences in error.errors.items():
        form.add_error(name if name in form.fields else None, sentences)


def long_text(
    label: Promise, help_text: Promise | str = "", *, required: bool = False, rows: int = 3
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=20_000, widget=widget)


class StepForm(forms.Form):
    """`version` is what the reader saw; somebody else's change in between is told, not overwritten."""

    heading: Promise | str = ""
    button: Promise | str = ""
    danger = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    @property
    def seen_version(self) -> int | None:
        return self.cleaned_data.get("version")


class MoveForm(StepForm):
    """A move of the life. What it asks for is a subclass's matter."""

    def words(self) -> Words:
        names = ("reason", "agreed", "received", "remedy", "hold_reason")
        return Words(**{name: self.cleaned_data.get(name) or "" for name in names})

    @property
    def uploads(self) -> list:
        return self.cleaned_data.get("files") or []


class AcceptForm(MoveForm):
    heading = _("Accept this request")
    button = _("Accept")


class StartForm(MoveForm):
    heading = _("Start work on this")
    button = _("Start work")


class ResumeForm(MoveForm):
    heading = _("Go on with the work")
    button = _("Go on")
    reason = long_text(_("What has changed?"))


class ConfirmForm(MoveForm):
    heading = _("Accept the delivery")
    button = _("Accept delivery")
    reason = long_text(_("A word to those who did it"))


class HoldForm(MoveForm):
    heading = _("Put on hold")
    button = _("Put on hold")
    hold_reason = forms.ChoiceField(
        label=_("What is waited for?"),
        help_text=_(
            "Whether the clock stands still meanwhile is part of the agreement; usually only for the customer."
        ),
        choices=HoldReason.choices,
        widget=forms.RadioSelect,
    )
    reason = long_text(_("What exactly?"), _("Both sides read this."))


class DeliverForm(MoveForm):
    heading = _("Deliver")
    button = _("Deliver")
    reason = long_text(
        _("What was done?"), _("The customer checks it against what was asked and the quality standard.")
    )
    files = FilesField(label=_("Files"), help_text=_("A photo, a record, the result itself."), required=False)


class DeclineForm(MoveForm):
    heading = _("Decline this request")
    button = _("Decline")
    danger = True
    reason = long_text(
        _("Why can it not be done?"), _("The requester reads this. Say what could help instead."), required=True
    )


class CancelForm(MoveForm):
    heading = _("Cancel this request")
    button = _("Cancel the request")
    danger = True
    reason = long_text(_("Why is it not needed any more?"))


class ReopenForm(MoveForm):
    heading = _("Reopen this request")
    button = _("Reopen")
    reason = long_text(_("What has come back?"), _("The clock runs on from where it stood."), required=True)


class RejectForm(MoveForm):
    heading = _("What would put it right?")
    button = _("Send back")
    agreed = long_text(_("What was agreed?"), _("The standard or the wish it should meet."), required=True, rows=2)
    received = long_text(_("What was received?"), _("What you found, where and when."), required=True, rows=2)
    remedy = long_text(
        _("What would put it right?"), _("The smallest thing that would make it good."), required=True, rows=2
    )


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "accept": AcceptForm,
    "start": StartForm,
    "resume": ResumeForm,
    "confirm": ConfirmForm,
    "hold": HoldForm,
    "deliver": DeliverForm,
    "decline": DeclineForm,
    "cancel": CancelForm,
    "reopen": ReopenForm,
    "reject": RejectForm,
}


class TakeForm(StepForm):
    heading = _("Take this request")
    button = _("Take it")


class HandoffForm(StepForm):
    heading = _("Offer to another department")
    button = _("Offer")
    to = forms.ModelChoiceField(
        label=_("To which department?"),
        help_text=_("Your department keeps it, clock and all, until they accept."),
        queryset=Department.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose …"),
    )
    reason = long_text(_("Why is it theirs?"), _("They decide by this."), required=True)

    def __init__(self, *args: Any, person: Person, service_request: ServiceRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = departments_for(person).exclude(pk=service_request.supplier_id)


class TakeOverForm(StepForm):
    heading = _("Take this over")
    button = _("Take over")


class GiveBackForm(StepForm):
    heading = _("Give this back")
    button = _("Give back")
    reason = long_text(_("Why is it not yours?"), _("Say who could help, if you know."), required=True)


class WithdrawForm(StepForm):
    heading = _("Take the offer back")
    button = _("Take the offer back")


ANSWER_FORMS: dict[str, type[StepForm]] = {"accept": TakeOverForm, "decline": GiveBackForm, "withdraw": WithdrawForm}


class AssignForm(StepForm):
    heading = _("Give to an agent")
    button = _("Give")
    assignee = forms.ModelChoiceField(
        label=_("Who works on it?"),
        queryset=Person.objects.none(),
        to_field_name="email",
        required=False,
        empty_label=_("Whoever is free"),
    )

    def __init__(self, *args: Any, service_request: ServiceRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = agents_of(service_request.supplier_id)
        if service_request.assignee:
            self.initial.setdefault("assignee", service_request.assignee.email)


class PriorityForm(StepForm):
    heading = _("Change the priority")
    button = pgettext_lazy("button", "Change")
    urgency = forms.TypedChoiceField(
        label=_("How soon does it hurt?"), coerce=int, choices=list(URGENCY.items()), widget=forms.RadioSelect
    )
    impact = forms.TypedChoiceField(
        label=_("Who is touched?"), coerce=int, choices=list(IMPACT.items()), widget=forms.RadioSelect
    )
    reason = long_text(
        _("Why?"), _("What the requester stated is kept beside it. New targets count from the start."), required=True
    )


class EditForm(StepForm):
    heading = _("Edit the text")
    button = _("Save")
    title = forms.CharField(label=_("What do you need?"), max_length=200)
    description = long_text(_("What is it for, and what should work afterwards?"), rows=5)


class MessageForm(forms.Form):
    """A reply or a note; which of the two is decided by the form it was written in, never by a switch in it."""

    body = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Your words"))
    files = FilesField(required=False, label=_("Files"))
    internal = forms.BooleanField(required=False, widget=forms.HiddenInput)


class WatcherForm(forms.Form):
    """Who is to read along, by address."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    def __init__(self, *args: Any, person: Person, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> Person:
        found = people_for(self.person).filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address. Choose one from the list."))
        return found


class WorkForm(forms.Form):
    """Time spent; with `log` it puts an earlier entry right."""

    minutes = forms.IntegerField(label=_("Minutes"))
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    log = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
