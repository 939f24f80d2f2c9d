"""The form of a new request: what every request needs, and the questions of its service."""

import secrets
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.states import IMPACT, URGENCY
from requests_app.catalogue.forms import FilesField, answers_from, field_of, question_fields
from requests_app.catalogue.models import Service
from requests_app.desk.forms.steps import long_text
from requests_app.desk.services.filing import LONGEST_TITLE, Filing
from requests_app.events.forms import KeyField
from requests_app.kernel.errors import DomainError, WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import people_for

SOON = {1: _("Now"), 2: _("This week"), 3: _("It can wait")}
USUAL = {"urgency": 2, "impact": 3}


def _urgencies() -> list[tuple[int, str]]:
    """Two lines each: how soon, and what that means."""
    return [(level, format_html("{}<small>{}</small>", SOON[level], words)) for level, words in URGENCY.items()]


class LevelForm(forms.Form):
    """Urgency and impact, as the page asks for the promise they lead to."""

    urgency = forms.TypedChoiceField(coerce=int, choices=list(URGENCY.items()), required=False, empty_value=2)
    impact = forms.TypedChoiceField(coerce=int, choices=list(IMPACT.items()), required=False, empty_value=3)
    customer = forms.SlugField(required=False, max_length=60)


class RequestForm(forms.Form):
    """`key` marks one opening of the page, so that a form sent twice is filed once."""

    key = KeyField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("What do you need?"),
        help_text=_("One sentence, as you would say it to a colleague."),
        max_length=LONGEST_TITLE,
    )
    description = long_text(_("What is it for, and what should work afterwards?"), rows=4)
    urgency = forms.TypedChoiceField(
        label=_("How soon does it hurt?"), coerce=int, choices=_urgencies, widget=forms.RadioSelect
    )
    impact = forms.TypedChoiceField(
        label=_("Who is touched?"), coerce=int, choices=list(reversed(IMPACT.items())), widget=forms.RadioSelect
    )
    files = FilesField(label=_("Files"), help_text=_("Choose them, drop them here or paste a picture."), required=False)
    customer = forms.ModelChoiceField(
        label=_("For which department?"), queryset=Department.objects.none(), to_field_name="slug", required=False,
        empty_label=None,
    )  # fmt: skip
    on_behalf_of = forms.EmailField(
        label=_("For whom?"),
        help_text=_("The e-mail address of a colleague. Leave it empty when it is for yourself."),
        required=False,
        max_length=254,
    )

    def __init__(self, *args: Any, person: Person, service: Service, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person
        self.questions = service.form.questions if service.form else []
        self.fields |= question_fields(self.questions)
        supplier = service.department.name
        self.fields["description"].help_text = _("%(name)s checks its delivery against this.") % {"name": supplier}
        self.fields["urgency"].help_text = _(
            "With the number of people touched this gives the priority. %(name)s may change it and says why."
        ) % {"name": supplier}
        hats = standing(person)
        if len(hats.member_of) > 1:
            self.fields["customer"].queryset = Department.objects.filter(pk__in=hats.member_of).order_by("name")
        else:
            del self.fields["customer"]
        may_offer = hats.head_of or service.department_id in hats.supplies_for
        if not may_offer and not self.data.get("on_behalf_of"):  # typed all the same, it is refused and not dropped
            del self.fields["on_behalf_of"]
        self.order_fields(["title", *self._question_names(), "description", "urgency", "impact"])
        self.initial = USUAL | {"key": secrets.token_hex(16)} | self.initial

    def _question_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith("form_")]

    @property
    def question_rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self._question_names()]

    def clean_on_behalf_of(self) -> Person | None:
        email = self.cleaned_data["on_behalf_of"]
        if not email:
            return None
        found = people_for(self.person).filter(email__iexact=email, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address. Choose one from the list."))
        return found

    def filing(self) -> dict[str, Any]:
        """What file_once takes."""
        data = self.cleaned_data
        answers, files = answers_from(self.questions, data)
        colleague = data.get("on_behalf_of")
        return {
            "key": data["key"] or secrets.token_hex(16),
            "filing": Filing(
                title=data["title"],
                description=data["description"],
                urgency=data["urgency"],
                impact=data["impact"],
                answers=answers,
                files=(*data["files"], *files),
            ),
            "on_behalf_of": colleague,
            "customer": None if colleague else data.get("customer"),
        }

    def add_refusal(self, error: DomainError) -> None:
        if not isinstance(error, WrongInput):
            self.add_error(None, error.message)
            return
        for name, sentences in error.errors.items():
            field = field_of(name)
            self.add_error(field if field in self.fields else None, sentences)
